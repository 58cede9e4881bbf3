"""Repairs of a published plan: against brute force, and through the checker."""
