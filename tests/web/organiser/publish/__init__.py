"""Tests of web/organiser/publish."""
