"""Duties after publication: offered, taken, swapped, counted, told by mail."""
