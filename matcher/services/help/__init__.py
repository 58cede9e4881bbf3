"""Requests for help, between who asks and one handler."""
