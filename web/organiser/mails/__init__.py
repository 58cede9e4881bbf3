"""How the mails of a cycle fare."""
