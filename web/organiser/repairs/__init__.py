"""Exits, late joiners and proposed repairs."""
