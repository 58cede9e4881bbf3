"""Tests of web/participant/sign_up."""
