"""Tests of matcher/services/publishing."""
