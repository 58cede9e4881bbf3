"""Tests of matcher.store."""
