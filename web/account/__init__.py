"""Signing in and out: who is here. Never what they may see."""
