"""A cycle's name and dates."""
