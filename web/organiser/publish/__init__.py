"""Before publishing: who receives what, sign-off, and the act itself."""
