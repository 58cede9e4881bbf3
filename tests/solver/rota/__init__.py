"""Rotating duties."""
