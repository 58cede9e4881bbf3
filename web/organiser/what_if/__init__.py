"""A change by hand: its price, before it is made."""
