"""Alembic's steps, oldest first in versions/. Run by `matcher.store.engine.migrate` only."""
