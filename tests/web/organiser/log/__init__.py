"""Tests of web/organiser/log."""
