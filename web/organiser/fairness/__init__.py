"""The fairness report as page and files."""
