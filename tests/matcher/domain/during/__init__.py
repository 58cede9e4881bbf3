"""Tests of matcher/domain/during."""
