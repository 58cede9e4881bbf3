"""Tests of web/home."""
