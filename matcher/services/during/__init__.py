"""A cycle under way: check-ins, and groups that have gone quiet."""
