"""Rotating duties of circles and pairs: who leads which session; never who sits together."""
