"""Tests of web/organiser."""
