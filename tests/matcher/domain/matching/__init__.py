"""Tests of matcher/domain/matching."""
