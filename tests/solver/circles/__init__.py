"""Circles, peer pairs and trios."""
