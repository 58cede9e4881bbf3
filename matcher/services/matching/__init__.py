"""Runs: claimed, solved, checked, and turned into drafts."""
