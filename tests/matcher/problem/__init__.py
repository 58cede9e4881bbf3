"""Tests of matcher/problem."""
