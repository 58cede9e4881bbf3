"""Tests of matcher/services/sign_up."""
