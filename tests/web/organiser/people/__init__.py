"""Tests of web/organiser/people."""
