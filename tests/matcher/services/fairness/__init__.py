"""Tests of matcher/services/fairness."""
