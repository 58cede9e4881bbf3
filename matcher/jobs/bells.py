"""The bell: huey carries a task's name and an id, nothing else (docs/decisions/0011).

Rows are the truth. A lost bell is made good by the sweep; one that rings twice finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import make_url

TABLES_LOCK = 0x6265_6C6C


def make_huey(database_url: str, secret: str) -> Huey:
    """The bell of that database: a file beside it (SQLite) or tables within (PostgreSQL).

    Messages are pickled, so they are signed: one who can write the file but lacks the secret rings in vain.
    """
    address = make_url(database_url)
    serializer = SignedSerializer(secret, salt="evenhand bells")
    if address.get_backend_name() == "sqlite":
        file = Path(address.database or "evenhand.db")
        return SqliteHuey(
            "evenhand", filename=str(file.with_suffix(".bells")), results=False, serializer=serializer
        )
    dsn = address.set(drivername="postgresql").render_as_string(hide_password=False)
    # Blocking, huey would keep a listening connection in each thread and never close it.
    huey = PostgresHuey(
        "evenhand", dsn=dsn, blocking=False, create_tables=False, results=False, serializer=serializer
    )
    _create_tables(huey)
    return huey


def _create_tables(huey: Huey) -> None:
    """PostgreSQL's "create … if not exists" fails when two processes start together: one after the other."""
    huey.storage.conn.execute("SELECT pg_advisory_lock(%s)", (TABLES_LOCK,))
    # This closes the connection afterwards, and with it the lock.
    huey.storage.initialize_schema()
