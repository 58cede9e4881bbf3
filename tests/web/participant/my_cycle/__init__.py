"""Tests of web/participant/my_cycle."""
