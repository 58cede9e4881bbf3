"""Who is in a cycle, as organisers list it: found, filtered, sorted and paged by the database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, Text, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from matcher.domain.people import EnrolmentState, Role
from matcher.store.tables import EnrolmentRow, PersonRow

ORDERS = ("name", "function", "site", "state", "signed_up")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Who is looked for: words of name, address, function, site or department; a role; a state; the order."""

    find: str = ""
    role: Role | None = None
    state: EnrolmentState | None = None
    order: str = "name"
    downwards: bool = False


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """Somebody in a cycle, without anything said in confidence."""

    name: str
    email: str
    function: str
    site: str
    department: str
    grade: int | None
    zone: str
    languages: tuple[str, ...]
    roles: tuple[Role, ...]
    capacity: int
    topics_offered: tuple[str, ...]
    topics_sought: tuple[str, ...]
    state: EnrolmentState
    signed_up: datetime


def count(session: Session, cycle_id: UUID, wanted: Wanted) -> int:
    """How many are found."""
    found = (
        select(func.count()).select_from(EnrolmentRow).join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
    )
    return session.scalar(found.where(*_conditions(cycle_id, wanted))) or 0


def page(
    session: Session, cycle_id: UUID, wanted: Wanted, *, number: int, size: int
) -> tuple[PersonLine, ...]:
    """One page of those found, `number` from 1."""
    # Sorted without their answers, which are long.
    here = select(EnrolmentRow.id).join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
    here = here.where(*_conditions(cycle_id, wanted)).order_by(*_order(wanted))
    chosen = here.limit(size).offset((number - 1) * size).subquery()
    lines = _columns().where(EnrolmentRow.id.in_(select(chosen.c.id))).order_by(*_order(wanted))
    return tuple(_line(row) for row in session.execute(lines))


def everybody(session: Session, cycle_id: UUID, wanted: Wanted) -> Iterator[PersonLine]:
    """All of those found."""
    lines = _columns().where(*_conditions(cycle_id, wanted)).order_by(*_order(wanted))
    return (_line(row) for row in session.execute(lines))


def _columns() -> Select[*tuple[Any, ...]]:
    return select(
        PersonRow.name,
        PersonRow.email,
        PersonRow.function,
        PersonRow.site,
        PersonRow.department,
        PersonRow.grade,
        PersonRow.zone,
        PersonRow.languages,
        EnrolmentRow.answers,
        EnrolmentRow.state,
        EnrolmentRow.enrolled_at,
    ).join(PersonRow, PersonRow.id == EnrolmentRow.person_id)


def _order(wanted: Wanted) -> tuple[ColumnElement[Any], ...]:
    column = _orders()[wanted.order]
    first = column.desc() if wanted.downwards else column.asc()
    return first, func.lower(PersonRow.name), type_coerce(PersonRow.id, PersonRow.id.type)


def _orders() -> dict[str, ColumnElement[Any]]:
    return {
        "name": func.lower(PersonRow.name),
        "function": func.lower(PersonRow.function),
        "site": func.lower(PersonRow.site),
        "state": type_coerce(EnrolmentRow.state, Text),
        "signed_up": type_coerce(EnrolmentRow.enrolled_at, EnrolmentRow.enrolled_at.type),
    }


def _conditions(cycle_id: UUID, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield EnrolmentRow.cycle_id == cycle_id
    if wanted.state is not None:
        yield EnrolmentRow.state == wanted.state.value
    if wanted.role is not None:
        yield _has(wanted.role)
    for word in wanted.find.split():
        # SQLite lowers only A to Z: what it cannot lower is looked for as it is written, too.
        fields = (PersonRow.name, PersonRow.email, PersonRow.function, PersonRow.site, PersonRow.department)
        lowered = (func.lower(one).contains(word.lower(), autoescape=True) for one in fields)
        yield or_(*lowered, *(one.contains(word, autoescape=True) for one in fields))


def _has(role: Role) -> ColumnElement[bool]:
    """Answers are kept as canonical text, in which a quote of a person's own words is escaped."""
    others = [one for one in Role if one is not role]
    before: list[tuple[Role, ...]] = [(), *((one,) for one in others), tuple(others), tuple(reversed(others))]
    listed = ('"roles":[' + ",".join(f'"{one.value}"' for one in (*some, role)) for some in before)
    answers = type_coerce(EnrolmentRow.answers, Text)
    return or_(*(answers.contains(text, autoescape=True) for text in listed))


def _line(row: Row[*tuple[Any, ...]]) -> PersonLine:
    said = row.answers
    return PersonLine(
        name=row.name,
        email=row.email,
        function=row.function,
        site=row.site,
        department=row.department,
        grade=row.grade,
        zone=row.zone,
        languages=tuple(row.languages),
        roles=tuple(Role(one) for one in said["roles"]),
        capacity=said["capacity"],
        topics_offered=tuple(said["topics_offered"]),
        topics_sought=tuple(said["topics_sought"]),
        state=EnrolmentState(row.state),
        signed_up=row.enrolled_at,
    )
