"""The engine: no update is lost, whatever the database."""

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from matcher.store.engine import BUSY_SECONDS, impatient, make_engine, read_only, session_factory
from matcher.store.tables import Cycle, PersonRow, Programme

WRITER = """
import sys
from uuid import UUID
from matcher.store.engine import make_engine, session_factory
from matcher.store.tables import Programme
sessions = session_factory(make_engine(sys.argv[1]))
for _ in range(int(sys.argv[3])):
    with sessions.begin() as session:
        programme = session.get_one(Programme, UUID(sys.argv[2]), with_for_update=True)
        programme.version = programme.version + 1
"""


def a_stored_programme(sessions: sessionmaker[Session], now: datetime) -> Programme:
    with sessions.begin() as session:
        programme = Programme(slug=uuid4().hex, name="Together", version=0, created_at=now)
        session.add(programme)
    return programme


def test_no_update_is_lost(database_url: str, open_session: sessionmaker[Session], now: datetime) -> None:
    programme = a_stored_programme(open_session, now)

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, database_url, str(programme.id), "100"])
        for _ in range(4)
    ]

    assert [writer.wait() for writer in writers] == [0] * 4
    with open_session() as session:
        assert session.get_one(Programme, programme.id).version == 4 * 100


def test_reading_does_not_wait_for_a_writer(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    sessions = session_factory(engine)
    programme = a_stored_programme(sessions, now)

    with sessions() as writer, sessions() as reader:
        writer.get_one(Programme, programme.id).name = "Not yet"
        writer.flush()

        assert read_only(reader).get_one(Programme, programme.id).name == "Together"
    engine.dispose()


def test_a_write_that_is_not_worth_a_wait_gives_up_at_once(database_url: str, now: datetime) -> None:
    engine = make_engine(database_url)
    if engine.dialect.name != "sqlite":
        pytest.skip("elsewhere only who writes the same row waits")
    sessions = session_factory(engine)
    programme = a_stored_programme(sessions, now)

    with sessions() as writer, sessions() as hurried:
        writer.get_one(Programme, programme.id).name = "Not yet"
        writer.flush()
        with pytest.raises(OperationalError, match="locked"):
            impatient(hurried)
        writer.rollback()
        impatient(hurried).get_one(Programme, programme.id).name = "Hurried"
        hurried.commit()

    with sessions() as reader:
        waits = reader.connection().exec_driver_sql("PRAGMA busy_timeout").scalar()
        assert (reader.get_one(Programme, programme.id).name, waits) == ("Hurried", BUSY_SECONDS * 1000)
    engine.dispose()


def test_times_come_back_in_utc(session: Session, now: datetime) -> None:
    tokyo = now.astimezone(timezone(timedelta(hours=9)))
    programme = Programme(slug="times", name="Times", created_at=tokyo)
    session.add(programme)
    session.flush()
    session.expire_all()

    assert programme.created_at == now
    assert programme.created_at.tzinfo is UTC


def test_a_time_without_zone_is_refused(session: Session, now: datetime) -> None:
    session.add(Programme(slug="naive", name="Naive", created_at=now.replace(tzinfo=None)))

    with pytest.raises(StatementError, match="no time zone"):
        session.flush()


@pytest.mark.parametrize(
    "row",
    [
        lambda now: PersonRow(email="Ada@example.org", name="Ada", created_at=now),
        lambda now: PersonRow(email="ada@example.org", name="A" * 401, created_at=now),
        lambda now: PersonRow(email="ada@example.org", name="Ada", grade=-1, created_at=now),
        lambda now: PersonRow(email="ada@example.org", name="Ada", manager_id=uuid4(), created_at=now),
        lambda now: Cycle(
            programme_id=uuid4(),
            number=1,
            name="Spring",
            state="sleeping",
            opens_on=date(2026, 3, 1),
            closes_on=date(2026, 3, 2),
            starts_on=date(2026, 3, 3),
            ends_on=date(2026, 3, 4),
            created_at=now,
        ),
    ],
    ids=["capital letters", "long name", "grade below zero", "unknown manager", "unknown state"],
)
def test_the_database_refuses_what_is_wrong(session: Session, now: datetime, row: object) -> None:
    session.add(row(now))  # type: ignore[operator]  # each row is made by its own small function

    with pytest.raises(IntegrityError):
        session.flush()


def test_text_in_a_number_is_refused(session: Session, now: datetime) -> None:
    session.add(Programme(slug="strict", name="Strict", created_at=now))
    session.flush()

    with pytest.raises(Exception, match=r"(?i)cannot store TEXT|invalid input syntax"):
        session.execute(text("UPDATE programme SET version = 'many' WHERE slug = 'strict'"))


def test_mail_addresses_are_unique(session: Session, now: datetime) -> None:
    session.add(PersonRow(email="ada@example.org", name="Ada", created_at=now))
    session.flush()
    session.add(PersonRow(email="ada@example.org", name="Another Ada", created_at=now))

    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    assert session.scalars(select(PersonRow)).all() == []
