"""Tests of matcher/domain/sign_up."""
