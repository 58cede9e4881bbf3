"""Tests of web/organiser/policy."""
