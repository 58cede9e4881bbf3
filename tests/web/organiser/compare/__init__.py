"""Tests of web/organiser/compare."""
