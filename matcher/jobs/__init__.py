"""What runs in the background: load, call a service, done.

Belongs here: the bell (huey), the worker, its threads, the solver's child process, the wall clock. Never: a
rule, or a state of its own: rows are the truth, and a lost or repeated task changes nothing.
"""
