"""Tests of web/participant/care."""
