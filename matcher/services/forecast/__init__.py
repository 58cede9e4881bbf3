"""Before matching: sign-ups, options, whom to recruit, whom to remind."""
