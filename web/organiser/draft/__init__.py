"""A draft under review: pairs, who waits, circles, duties, one person."""
