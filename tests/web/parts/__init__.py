"""Tests of web/parts."""
