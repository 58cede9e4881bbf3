"""Tests of matcher/domain/policy."""
