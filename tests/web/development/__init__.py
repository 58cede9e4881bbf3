"""Tests of web/development."""
