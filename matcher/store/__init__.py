"""Everything that knows SQL: engine, tables, migrations, the encoding for the solver, read-only lists.

Belongs here: how values become rows and rows values. Never: a decision, a mail, a request.
"""
