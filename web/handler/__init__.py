"""The handler's side: requests for help that are with them. Never those of others, never for organisers."""
