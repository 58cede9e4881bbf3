"""Tests of matcher/services/cycle."""
