"""Tests of matcher/services/help."""
