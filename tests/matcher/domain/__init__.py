"""Tests of matcher.domain."""
