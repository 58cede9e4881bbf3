"""Tests of matcher/services/review."""
