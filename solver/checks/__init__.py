"""Independent recounting of every part of a plan, in plain arithmetic.

Belongs here: one module per part. Never: OR-Tools, or anything the solving modules compute beyond problem and
plan values.
"""
