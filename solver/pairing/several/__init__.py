"""Pairing where some ask for several mentors."""
