"""Tests of matcher.services."""
