"""Pages for development only: the mails that would have left. Never registered without its setting."""
