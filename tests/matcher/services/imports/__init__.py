"""Tests of matcher/services/imports."""
