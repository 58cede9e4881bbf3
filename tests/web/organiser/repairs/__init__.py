"""Tests of web/organiser/repairs."""
