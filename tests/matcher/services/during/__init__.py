"""Tests of matcher/services/during."""
