"""Tests of web/participant."""
