"""A draft under review: its lists, what-if, prices, changes by hand, comparison."""
