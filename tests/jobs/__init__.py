"""The worker in real processes: killed, restarted, doubled; the bell, the lanes and the solver's child."""
