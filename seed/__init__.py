"""Repeatable demo data, brought in by the doors people use."""
