"""Tests of web/organiser/forecast."""
