"""Read-only lists and rows to be changed, named after the question they answer."""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, func, select, text
from sqlalchemy.orm import Session

from matcher.domain.access import Standing
from matcher.domain.errors import NotFound
from matcher.domain.people import Person
from matcher.domain.sentences import N_, say, term
from matcher.store.tables import Base, Cycle, PersonRow, PolicyVersion, ProgrammeRole

Row = TypeVar("Row", bound=Base)
Value = TypeVar("Value")

THINGS = (
    N_("change"),
    N_("cycle"),
    N_("pair"),
    N_("parting"),
    N_("person"),
    N_("programme"),
    N_("repair"),
    N_("run"),
)
"""What a row is called where somebody asks for one that is not there."""

TO_CHANGE: Any = {"key_share": True}
"""Nobody else changes the row meanwhile; rows that refer to it may still be written: no ring of waiting."""

AS_IT_IS: Any = {"read": True}
"""The row stays as it is until the transaction ends; others may rely on it at the same time."""

MOST_AT_ONCE = 5_000
"""Most values in one IN list; both databases take more, but not without end."""


def to_change(session: Session, table: type[Row], row_id: UUID, what: str) -> Row:
    """The row as it is now, locked until the transaction ends. Raises NotFound: "There is no such cycle."."""
    session.flush()
    row = session.get(table, row_id, with_for_update=TO_CHANGE, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no such {what}.", what=term(what)))
    return row


def table_of(mapped: type[Base]) -> Table:
    """The table behind a row class: thousands of rows go in faster without an object for each."""
    table = mapped.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{mapped.__name__} is not one table.")
    return table


def one_at_a_time(session: Session, what: str) -> None:
    """Until the transaction ends, nobody else passes here with that word. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": zlib.crc32(what.encode())})


def standing(session: Session, *, programme_id: UUID, person_id: UUID | None) -> Standing:
    """What somebody is in a programme; None is the operator's own command line."""
    if person_id is None:
        return Standing(person=None)
    asked = select(ProgrammeRole.role).where(
        ProgrammeRole.programme_id == programme_id, ProgrammeRole.person_id == person_id
    )
    roles = set(session.scalars(asked))
    return Standing(person=person_id, organises="organiser" in roles, handles="handler" in roles)


def present_policy(session: Session, programme_id: UUID) -> PolicyVersion:
    """The newest policy of a programme. Raises NotFound."""
    newest = (
        select(PolicyVersion)
        .where(PolicyVersion.programme_id == programme_id)
        .order_by(PolicyVersion.number.desc())
        .limit(1)
    )
    policy = session.scalars(newest).first()
    if policy is None:
        raise NotFound(say("There is no such programme."))
    return policy


def next_cycle_number(session: Session, programme_id: UUID) -> int:
    """1 for the first cycle of a programme, and so on."""
    highest = select(func.max(Cycle.number)).where(Cycle.programme_id == programme_id)
    return (session.scalar(highest) or 0) + 1


def person_value(row: PersonRow) -> Person:
    """The row as the domain knows it."""
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        function=row.function,
        site=row.site,
        department=row.department,
        grade=row.grade,
        zone=row.zone,
        languages=tuple(row.languages),
        manager=row.manager_id,
        active=row.active,
        locale=row.locale,
    )


PERSON = (
    PersonRow.id,
    PersonRow.email,
    PersonRow.name,
    PersonRow.function,
    PersonRow.site,
    PersonRow.department,
    PersonRow.grade,
    PersonRow.zone,
    PersonRow.languages,
    PersonRow.manager_id,
    PersonRow.active,
    PersonRow.locale,
)
"""What `person_of` reads, for those who ask for thousands: a whole row costs five times as much."""


def person_of(columns: Sequence[Any]) -> Person:
    """The person of these `PERSON` columns."""
    id_, email, name, function, site, department, grade, zone, languages, manager, active, locale = columns
    return Person(
        id=id_,
        email=email,
        name=name,
        function=function,
        site=site,
        department=department,
        grade=grade,
        zone=zone,
        languages=tuple(languages),
        manager=manager,
        active=active,
        locale=locale,
    )


def people_by_id(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """These people by id; who is not found is not in it."""
    found: dict[UUID, Person] = {}
    for some in portions(sorted(set(ids))):
        rows = session.execute(select(*PERSON).where(PersonRow.id.in_(some)))
        found.update((row[0], person_of(row)) for row in rows)
    return found


def portions(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    """The values in parts small enough for one IN list."""
    return (values[start : start + MOST_AT_ONCE] for start in range(0, len(values), MOST_AT_ONCE))
