"""The policy editor and its versions."""
