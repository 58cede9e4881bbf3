"""The forecast before matching: sign-ups, supply and demand, options, reminders."""
