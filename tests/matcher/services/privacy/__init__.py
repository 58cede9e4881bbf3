"""Tests of matcher/services/privacy."""
