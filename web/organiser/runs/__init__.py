"""Runs, watched while they work."""
