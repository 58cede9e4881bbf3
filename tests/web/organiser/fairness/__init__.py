"""Tests of web/organiser/fairness."""
