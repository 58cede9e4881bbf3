"""Tests of matcher/services/duties."""
