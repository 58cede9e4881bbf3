"""Signing up: the form, its drafts, enrolment, consents."""
