"""Tests of matcher/services/post."""
