"""Fair assignment: a frozen problem in, a frozen plan and its certificate out.

Belongs here: arithmetic over integers, bit sets and opaque indices. Never: names, mail, text for people, a
database, a clock or chance of its own; the seed, the limits and `remaining()` are arguments. This file
imports nothing.
"""
