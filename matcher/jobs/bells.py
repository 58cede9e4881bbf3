"""The bell: huey carries a task's name and an id, nothing else (docs/decisions/0011).

Rows are the truth. A lost bell is made good by the sweep; one that rings twice finds nothing to do.
"""

from __future__ import annotations

from pathlib import Path

from huey import Huey, PostgresHuey, SqliteHuey
from huey.serializer import SignedSerializer
from sqlalchemy import make_url


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
    return PostgresHuey("evenhand", dsn=dsn, results=False, serializer=serializer)
