"""Tests of matcher/services/groups."""
