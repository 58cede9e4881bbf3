"""Tests of matcher/services/forecast."""
