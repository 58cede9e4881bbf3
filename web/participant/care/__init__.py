"""When it is hard: pausing, leaving, asking for help; and the check-in."""
