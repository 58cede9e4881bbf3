"""Tests of web/organiser/draft."""
