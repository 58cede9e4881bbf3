"""Migrations: up, check, down, up, on whichever database the tests run; several processes at once."""

import subprocess
import sys
from typing import Any
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from matcher.store.engine import make_engine, migrate
from matcher.store.tables import Base
from tests.conftest import Databases


def differences(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def constraints(engine: Engine) -> dict[str, Any]:
    """Every check, unique, index and foreign key by table, as the database itself tells them."""
    found = inspect(engine)
    return {
        table: (
            sorted((one["name"] or "", one["sqltext"]) for one in found.get_check_constraints(table)),
            sorted(str(sorted(one.items(), key=str)) for one in found.get_unique_constraints(table)),
            sorted(str(sorted(one.items(), key=str)) for one in found.get_foreign_keys(table)),
            sorted(str(one["name"]) for one in found.get_indexes(table)),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_schema_equals_tables_after_up_down_and_up(databases: Databases) -> None:
    url, plain = databases.empty(), databases.empty()
    engine, by_tables = make_engine(url), make_engine(plain)
    Base.metadata.create_all(by_tables)

    migrate(url)
    assert differences(engine) == []
    assert constraints(engine) == constraints(by_tables)

    migrate(url, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]

    migrate(url)
    assert differences(engine) == []
    engine.dispose()
    by_tables.dispose()


def a_cycle_of_before(connection: Connection) -> dict[str, str]:
    """One circle with one duty and one import, as the first tables held them. Returns the ids."""
    ids = {name: str(uuid4()) for name in ("person", "programme", "cycle", "circle", "duty", "import_")}
    yes = "1" if connection.dialect.name == "sqlite" else "true"
    rows = (
        "INSERT INTO person (id, email, name, function, site, department, zone, languages, active, version,"
        " created_at) VALUES"
        " (:person, 'a@example.org', 'A', '', '', '', 'Etc/UTC', '[]', {yes}, 1, {at})",
        "INSERT INTO programme (id, slug, name, topics, version, created_at)"
        " VALUES (:programme, 'peers', 'Peers', '[]', 1, {at})",
        "INSERT INTO cycle (id, programme_id, number, name, state, version, opens_on, closes_on, starts_on,"
        " ends_on, created_at) VALUES (:cycle, :programme, 1, 'Spring', 'running', 1, '2026-03-02',"
        " '2026-03-09', '2026-03-16', '2026-06-16', {at})",
        "INSERT INTO circle (id, cycle_id, number, slot) VALUES (:circle, :cycle, 1, 20)",
        "INSERT INTO duty (id, circle_id, session, duty, person_id)"
        " VALUES (:duty, :circle, 0, 'facilitator', :person)",
        "INSERT INTO import (id, cycle_id, file_hash, files, rows, added, changed, imported_at)"
        " VALUES (:import_, :cycle, 'h', '[]', 1, 1, 0, {at})",
    )
    for row in rows:
        connection.execute(text(row.format(yes=yes, at="'2026-03-02T09:00:00.000000+00:00'")), ids)
    return ids


def test_a_filled_database_keeps_its_rows_up_and_down(databases: Databases) -> None:
    url = databases.empty()
    engine = make_engine(url)
    migrate(url, "0001")
    with engine.begin() as connection:
        ids = a_cycle_of_before(connection)

    def kept() -> list[list[str]]:
        asked = ("SELECT id, circle_id, person_id FROM duty", "SELECT id, cycle_id, file_hash FROM import")
        with engine.connect() as connection:
            return [[str(value) for row in connection.execute(text(one)) for value in row] for one in asked]

    duty = [ids["duty"], ids["circle"], ids["person"]]
    imported = [ids["import_"], ids["cycle"], "h"]
    for revision in ("head", "-3", "head"):
        migrate(url, revision)
        assert kept() == [duty, imported]
    engine.dispose()


def test_several_processes_migrate_at_once(databases: Databases) -> None:
    url = databases.empty()
    program = f"from matcher.store.engine import migrate; migrate({url!r})"

    started = [
        subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    told = [process.communicate()[1] for process in started]

    assert [process.returncode for process in started] == [0] * 6, told
    engine = make_engine(url)
    assert differences(engine) == []
    engine.dispose()


def test_sqlite_tables_are_strict(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("Only SQLite has tables that are not strict.")
    with engine.connect() as connection:
        tables = connection.execute(
            text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version'")
        ).all()

    assert {name for name, sql in tables if not sql.rstrip().endswith("STRICT")} == set()
    assert len(tables) == len(Base.metadata.tables)


@pytest.mark.parametrize("act", ["UPDATE audit_entry SET act = 'other'", "DELETE FROM audit_entry"])
def test_audit_log_cannot_be_rewritten(engine: Engine, act: str) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        connection.execute(
            text(
                "INSERT INTO audit_entry (number, at, act, payload_hash, previous, hash) "
                "VALUES (1, '2026-03-02T09:00:00.000000+00:00', 'a', 'p', '', 'h')"
            )
        )
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(text(act))
        transaction.rollback()
