"""One run of a programme: its states, its dates, the queueing of its runs."""
