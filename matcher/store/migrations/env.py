"""What Alembic runs: the migrations, on the connection and in the transaction it was given."""

from alembic import context

import matcher.store.organiser_tables
import matcher.store.participant_tables
import matcher.store.safety_tables  # noqa: F401 (importing them puts their tables among the metadata)
from matcher.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    user_module_prefix="types.",
    transactional_ddl=True,
)
context.run_migrations()
