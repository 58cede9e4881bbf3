"""One module per noun, one function per act: load, let the domain decide, store.

Belongs here: acts that take a `Session`, `by` and `now`, and flush. Never: a commit (the edge does it; the
solve is the one exception and says why), Flask, OR-Tools, the wall clock.
"""
