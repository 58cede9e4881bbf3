"""My match, my circle, my duties, my calendar."""
