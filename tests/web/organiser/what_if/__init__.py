"""Tests of web/organiser/what_if."""
