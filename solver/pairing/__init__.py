"""Mentors and mentees: who is paired with whom, as fair as can be, and the numbers that prove it.

Belongs here: the pairing problem, its scoring, its flows and its certificate. Never: circles, duties, files,
people.
"""
