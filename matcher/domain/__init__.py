"""Pure values and rules of the service, standard library only.

Belongs here: what a word of docs/concepts.md means, and every decision that needs no database. Never: SQL,
files, the clock, chance.
"""
