"""The clock of the background: the database's, so that workers on several machines agree about leases."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.services.ports import Clock


def database_clock(sessions: sessionmaker[Session]) -> Clock:
    """What time it is for the database; SQLite lives on this machine and has no other clock."""
    with sessions() as session:
        if session.get_bind().dialect.name == "sqlite":
            return _here

    def now() -> datetime:
        with sessions() as session:
            moment = session.scalar(select(func.clock_timestamp()))
            assert isinstance(moment, datetime)
            return moment.astimezone(UTC)

    return now


def _here() -> datetime:
    return datetime.now(UTC)
