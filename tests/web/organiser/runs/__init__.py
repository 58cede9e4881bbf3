"""Tests of web/organiser/runs."""
