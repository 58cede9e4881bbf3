"""The audit log as organisers of one cycle read it: who did what about which thing, and never what was said.

Only entries about the cycle, its programme and what belongs to them are found, so the log of one programme
never shows another. What people do with their own things (goals, consents, calendars) is about rows that are
not asked for here; it stands in their own data. Numbers of entries are not told: a gap would say that
something happened elsewhere.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, null, or_, select
from sqlalchemy.orm import Session, aliased

from matcher.store.organiser_tables import Repair
from matcher.store.rows import portions
from matcher.store.tables import (
    AuditEntry,
    Circle,
    Draft,
    Duty,
    EnrolmentRow,
    Pair,
    PersonRow,
    SolveRun,
)

NEVER = ("confidential", "sharing changed")
"""Acts that organisers are not told of, whatever they are about."""
UNNAMED = ("pair ended", "pair goes on")
"""Acts of which organisers learn that they happened, and not which of the two it was."""
ABOUT_DUTIES = ("duty offered", "offer withdrawn", "duty changed hands")


@dataclass(frozen=True, kw_only=True)
class LogQuery:
    """What a reader looks for. who: a part of a name; first, until: from this moment on, up to but not
    including that one. Empty means everything."""

    act: str = ""
    who: str = ""
    first: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """One entry. who: None for the operator, for what Evenhand does by itself, and where it is not told."""

    at: datetime
    who: str | None
    act: str
    about: UUID | None
    hash: str


@dataclass(frozen=True, kw_only=True)
class Thing:
    """What an entry is about: its kind, the names of the people in it, and its number if it has one."""

    kind: str
    names: tuple[str, ...] = ()
    number: int | None = None


def entries(
    session: Session,
    *,
    cycle_id: UUID,
    programme_id: UUID,
    asked: LogQuery,
    most: int,
    skip: int = 0,
) -> tuple[LogEntry, ...]:
    """The newest first, at most `most`, after leaving out `skip`."""
    found = (
        _wanted(cycle_id, programme_id, asked)
        .with_only_columns(
            AuditEntry.at, _who().label("who"), AuditEntry.act, AuditEntry.about, AuditEntry.hash
        )
        .order_by(AuditEntry.number.desc())
        .limit(most)
        .offset(skip)
    )
    return tuple(
        LogEntry(at=at, who=who, act=act, about=about, hash=mark)
        for at, who, act, about, mark in session.execute(found)
    )


def count(session: Session, *, cycle_id: UUID, programme_id: UUID, asked: LogQuery) -> int:
    """How many entries there are of what was asked for."""
    found = _wanted(cycle_id, programme_id, asked).with_only_columns(func.count())
    return session.scalar(found) or 0


def acts(session: Session, *, cycle_id: UUID, programme_id: UUID) -> dict[str, int]:
    """Every act this log knows, by name, and how many entries it has."""
    found = _wanted(cycle_id, programme_id, LogQuery()).with_only_columns(AuditEntry.act, func.count())
    return dict(sorted(iter(session.execute(found.group_by(AuditEntry.act)))))


def head(session: Session, *, cycle_id: UUID, programme_id: UUID) -> str:
    """The hash of the newest entry that may be read here, or nothing.

    Not that of the whole log: it would change with every confidential entry, and so tell that there is one.
    """
    hashes = _wanted(cycle_id, programme_id, LogQuery()).with_only_columns(AuditEntry.hash)
    return session.scalar(hashes.order_by(AuditEntry.number.desc()).limit(1)) or ""


def things(session: Session, ids: Collection[UUID]) -> dict[UUID, Thing]:
    """What these entries are about, as far as it has people or a number of its own."""
    return _rows(session, lambda table: table.id.in_(ids)) | _duties(session, ids)


def things_of_cycle(session: Session, cycle_id: UUID, ids: Collection[UUID]) -> dict[UUID, Thing]:
    """The same for thousands of entries of one cycle: its rows are read whole, not asked for one by one."""
    found = _rows(session, lambda table: table.cycle_id == cycle_id)
    for some in portions(sorted(set(ids) - set(found))):
        found.update(_duties(session, some))
    return found


def _rows(session: Session, which: Callable[[Any], ColumnElement[bool]]) -> dict[UUID, Thing]:
    found: dict[UUID, Thing] = {}
    enrolled = select(EnrolmentRow.id, PersonRow.name).join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
    for row_id, name in session.execute(enrolled.where(which(EnrolmentRow))):
        found[row_id] = Thing(kind="sign-up", names=(name,))
    mentor, mentee = aliased(PersonRow), aliased(PersonRow)
    pairs = (
        select(Pair.id, mentee.name, mentor.name)
        .join(mentor, mentor.id == Pair.mentor_id)
        .join(mentee, mentee.id == Pair.mentee_id)
    )
    for row_id, *names in session.execute(pairs.where(which(Pair))):
        found[row_id] = Thing(kind="pair", names=tuple(names))
    for table, kind in ((Circle, "circle"), (Repair, "repair")):
        for row_id, number in session.execute(select(table.id, table.number).where(which(table))):
            found[row_id] = Thing(kind=kind, number=number)
    return found


def _duties(session: Session, ids: Collection[UUID]) -> dict[UUID, Thing]:
    duties = select(Duty.id, Duty.session).where(Duty.id.in_(ids))
    return {row_id: Thing(kind="duty", number=place + 1) for row_id, place in session.execute(duties)}


def _wanted(cycle_id: UUID, programme_id: UUID, asked: LogQuery) -> Select[int]:
    conditions: list[ColumnElement[bool]] = [
        AuditEntry.act.not_in(NEVER),
        _belongs(cycle_id, programme_id),
    ]
    if asked.act:
        conditions.append(AuditEntry.act == asked.act)
    if asked.who:
        conditions.append(_who().icontains(asked.who, autoescape=True))
    if asked.first is not None:
        conditions.append(AuditEntry.at >= asked.first)
    if asked.until is not None:
        conditions.append(AuditEntry.at < asked.until)
    everything = select(AuditEntry.number).outerjoin(PersonRow, PersonRow.id == AuditEntry.by_id)
    return everything.where(*conditions)


def _who() -> ColumnElement[str | None]:
    return case((AuditEntry.act.in_(UNNAMED), null()), else_=PersonRow.name)


def _belongs(cycle_id: UUID, programme_id: UUID) -> ColumnElement[bool]:
    """About the cycle, its programme, or a row of the cycle.

    Each entry looks its own row up: lists of all rows of a large cycle would be made anew by every question.
    """
    of_cycle = (
        select(table.id)
        .where(table.id == AuditEntry.about, table.cycle_id == cycle_id)
        .correlate(AuditEntry)
        .exists()
        for table in (EnrolmentRow, SolveRun, Draft, Repair, Pair, Circle)
    )
    duty = (
        select(Duty.id)
        .outerjoin(Pair, Pair.id == Duty.pair_id)
        .outerjoin(Circle, Circle.id == Duty.circle_id)
        .where(Duty.id == AuditEntry.about, or_(Pair.cycle_id == cycle_id, Circle.cycle_id == cycle_id))
        .correlate(AuditEntry)
    )
    return or_(
        AuditEntry.about.in_([cycle_id, programme_id]),
        *of_cycle,
        and_(AuditEntry.act.in_(ABOUT_DUTIES), duty.exists()),
    )
