"""Tests of web/account."""
