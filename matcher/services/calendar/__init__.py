"""Invitations and calendars to subscribe to."""
