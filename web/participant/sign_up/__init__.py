"""The sign-up form."""
