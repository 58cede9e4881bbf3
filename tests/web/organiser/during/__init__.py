"""Tests of web/organiser/during."""
