"""Tests of web/organiser/setup."""
