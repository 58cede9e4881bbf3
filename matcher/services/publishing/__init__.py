"""A reviewed draft becomes real: sign-off, publication, its letters, their delivery."""
