"""Tests of matcher/mail."""
