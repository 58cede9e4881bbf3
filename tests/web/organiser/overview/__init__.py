"""Tests of web/organiser/overview."""
