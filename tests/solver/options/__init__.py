"""Counting options, and how many could be placed."""
