"""Before matching: sign-ups, supply and demand, options, reminders."""
