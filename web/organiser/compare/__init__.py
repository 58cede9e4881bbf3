"""Drafts side by side."""
