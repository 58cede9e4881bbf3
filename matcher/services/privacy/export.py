"""Everything kept about somebody, for themselves: read from every table that names them.

Own rows, mails and audit entries; a partner's name, and nothing that a partner said.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, or_, select
from sqlalchemy.orm import Session

from matcher.domain.people import Week
from matcher.services.privacy.plan import Section, naming_people, own_columns, tables_of
from matcher.store.rows import people_by_id
from matcher.store.tables import Base, Cycle, Pair, PersonRow

Row = dict[str, Any]
SECRET = frozenset(
    {"secret_hash", "token_hash", "code_hash", "address_hash", "origin_hash", "lease_token", "lease_until"}
)
MACHINERY = frozenset({"worker", "heartbeat_at", "problem", "content", "html", "version", "course", "plan"})
"""Of no meaning to a person; `html` says the same as `text`."""
ABOUT_OTHERS = frozenset({"data", "before", "changes", "cause", "concerns", "mapping"})
"""An organiser's work names other people: that they did it is theirs, what stands in it is not."""
YOU = "you"
FORMAT = "evenhand-my-data"
READ_ONLY_LOG = ("number", "at", "act")


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """All rows about one person by section and table, as JSON-able values; names stand for other people."""

    person: Row
    rows: Mapping[Section, Mapping[str, tuple[Row, ...]]]

    def to_data(self) -> Row:
        """The machine-readable half of the download."""
        sections = {
            section.value: {name: list(rows) for name, rows in tables.items()}
            for section, tables in self.rows.items()
        }
        return {"format": FORMAT, "version": 1, "person": self.person, **sections}

    def to_json(self) -> str:
        return json.dumps(self.to_data(), indent=2, ensure_ascii=False) + "\n"


def gathered(session: Session, person_id: UUID) -> Gathered:
    """Everything about this person. Raises sqlalchemy's NoResultFound for somebody who is not there."""
    person = session.get_one(PersonRow, person_id)
    found = {section: _section(session, section, person_id) for section in Section}
    found[Section.LOG] = {"audit_entry": _log(session, person_id)}
    names = _names(session, found, person_id)
    cycles = {row.id: row.name for row in session.execute(select(Cycle.id, Cycle.name))}
    told = {
        section: {
            table: tuple(_told(row, table, names=names, cycles=cycles, person=person) for row in rows)
            for table, rows in tables.items()
            if rows
        }
        for section, tables in found.items()
    }
    own = {column.name: getattr(person, column.name) for column in PersonRow.__table__.columns}
    return Gathered(
        person=_told(own, "person", names=names, cycles=cycles, person=person),
        rows={section: tables for section, tables in told.items() if tables},
    )


def _section(session: Session, section: Section, person_id: UUID) -> dict[str, tuple[Row, ...]]:
    return {table.name: _rows(session, table, _whose(table, person_id)) for table in tables_of(section)}


def _whose(table: Table, person_id: UUID) -> ColumnElement[bool]:
    """The rows of a table that are somebody's own: named in it, or part of what they share."""
    mine: list[ColumnElement[bool]] = [column == person_id for column in own_columns(table)]
    tables = Base.metadata.tables
    if table.name in {"goal", "goal_step"}:
        goals = tables["goal"]
        shared = or_(
            goals.c.pair_id.in_(
                select(Pair.id).where(or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id))
            ),
            goals.c.circle_id.in_(
                select(tables["circle_member"].c.circle_id).where(
                    tables["circle_member"].c.person_id == person_id
                )
            ),
        )
        theirs = shared if table is goals else table.c.goal_id.in_(select(goals.c.id).where(shared))
        mine.append(theirs)
    if table.name == "escalation_message":
        asked = select(tables["escalation"].c.id).where(tables["escalation"].c.asked_by == person_id)
        mine = [table.c.escalation_id.in_(asked)]
    return or_(*mine)


def _rows(session: Session, table: Table, whose: ColumnElement[bool]) -> tuple[Row, ...]:
    kept = [column for column in table.columns if column.name not in SECRET | MACHINERY]
    order = list(table.primary_key.columns)
    return tuple(dict(row) for row in session.execute(select(*kept).where(whose).order_by(*order)).mappings())


def _log(session: Session, person_id: UUID) -> tuple[Row, ...]:
    """What the audit log says about this person, or that they did: without what it says about others."""
    log = Base.metadata.tables["audit_entry"]
    said = [log.c[name] for name in (*READ_ONLY_LOG, "by_id")]
    mine = select(*said).where(or_(log.c.by_id == person_id, log.c.about.in_(_own_ids(person_id))))
    return tuple(
        {**{name: row[name] for name in READ_ONLY_LOG}, "by_you": row["by_id"] == person_id}
        for row in session.execute(mine.order_by(log.c.number)).mappings()
    )


def _own_ids(person_id: UUID) -> Any:
    """What the log may call them by: themselves, or one of their sign-ups."""
    enrolments = Base.metadata.tables["enrolment"]
    own = select(enrolments.c.id).where(enrolments.c.person_id == person_id)
    return own.union(select(PersonRow.id).where(PersonRow.id == person_id))


def _names(
    session: Session, found: Mapping[Section, Mapping[str, tuple[Row, ...]]], person_id: UUID
) -> dict[UUID, str]:
    """The names of everybody these rows mention."""
    columns = {column.name for column in naming_people().values()}
    ids = {
        row[name]
        for tables in found.values()
        for rows in tables.values()
        for row in rows
        for name in columns & row.keys()
        if isinstance(row[name], UUID)
    }
    manager = session.get_one(PersonRow, person_id).manager_id
    people = people_by_id(session, ids | ({manager} if manager else set()))
    return {**{found_id: each.name for found_id, each in people.items()}, person_id: YOU}


def _told(
    row: Mapping[str, Any],
    table: str,
    *,
    names: Mapping[UUID, str],
    cycles: Mapping[UUID, str],
    person: PersonRow,
) -> Row:
    """One row as values a file can hold: names for people and cycles, the free hours as hours."""
    naming = _naming(table)
    told: Row = {}
    for name, value in row.items():
        if name in SECRET | MACHINERY | ABOUT_OTHERS:
            continue
        if name in naming:
            told[name] = names.get(value) if value else None
        elif name == "cycle_id":
            told["cycle"] = cycles.get(value)
        else:
            told[name] = _value(value)
    if table == "pair":
        told["reasons"] = list(row["reasons"].get("mentee" if told["mentee_id"] == YOU else "mentor", ()))
    if table == "enrolment":
        told["answers"] = _answers(row["answers"], person.zone, row["changed_at"])
    return told


@cache
def _naming(table: str) -> frozenset[str]:
    """The columns of that table that name people."""
    return frozenset(name.split(".")[1] for name in naming_people() if name.startswith(f"{table}."))


def _answers(answers: Mapping[str, Any], zone: str, when: datetime) -> Row:
    week = Week(int(str(answers.get("week", "0")) or "0", 16))
    monday = date.fromordinal(when.date().toordinal() - when.weekday())
    free = [f"{day} {start}" for day, start in week.local(zone, monday)]
    return {**answers, "week": {"zone": zone, "free_half_hours_from_day_0_monday": free}}


def _value(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value
