"""The service: acts, each in one transaction."""
