"""Peer pairs and trios."""
