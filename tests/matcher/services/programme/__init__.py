"""Tests of matcher/services/programme."""
