"""Tests of matcher/services/matching."""
