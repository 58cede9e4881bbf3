"""Tests of matcher/services/calendar."""
