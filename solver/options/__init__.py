"""Counts before anything is matched: who could meet how many. Never scores, never a plan."""
