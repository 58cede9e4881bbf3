"""Tests of matcher/services/account."""
