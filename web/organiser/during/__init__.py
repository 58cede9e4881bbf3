"""A cycle under way and at its end."""
