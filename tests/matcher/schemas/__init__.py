"""Tests of matcher.schemas."""
