"""Published pairs and circles: who, when, goals, notes, what partners share, who waits."""
