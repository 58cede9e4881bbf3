"""Tests of web/organiser/check_ins."""
