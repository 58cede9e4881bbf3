"""Tests of matcher/jobs."""
