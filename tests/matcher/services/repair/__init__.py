"""Tests of matcher/services/repair."""
