"""Lists of one draft for whoever reviews it, a page at a time; the number of queries never grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from matcher.domain.matching.fairness import Fairness, fairness_from
from matcher.domain.people import Answers, EnrolmentState, Person
from matcher.domain.policy.policy import Policy
from matcher.store.rows import person_value
from matcher.store.tables import (
    Draft,
    DraftCircle,
    DraftDuty,
    DraftPair,
    DraftWaiting,
    EnrolmentRow,
    PersonRow,
    PolicyVersion,
    SolveRun,
)

Mentor, Mentee = aliased(PersonRow), aliased(PersonRow)

ORDERS: dict[str, tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]] = {
    "weakest": (DraftPair.points, Mentee.name, DraftPair.id),
    "strongest": (DraftPair.points.desc(), Mentee.name, DraftPair.id),
    "mentee": (Mentee.name, DraftPair.id),
    "mentor": (Mentor.name, Mentee.name, DraftPair.id),
}
"""How pairs may be sorted, the usual way first."""


@dataclass(frozen=True, kw_only=True)
class DraftHead:
    """What every page of a draft begins with. label: what its run is called, if anything."""

    id: UUID
    cycle_id: UUID
    run_id: UUID
    hash: str
    label: str
    policy: Policy
    fairness: Fairness


@dataclass(frozen=True, kw_only=True)
class AskedPairs:
    """Which pairs: a text in a name, a function or site of either of the two, points from and below."""

    find: str = ""
    function: str = ""
    site: str = ""
    least: int = 0
    below: int | None = None
    order: str = "weakest"


@dataclass(frozen=True, kw_only=True)
class Left:
    """Somebody without a partner in that role: what they read, and what the solver found would place them."""

    person: Person
    role: str
    sentences: tuple[str, ...]
    fix: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class DraftCounts:
    """A draft in figures. across: pairs across functions; left: people; seated: people in circles."""

    pairs: int
    across: int
    waiting: int
    left: int
    circles: int
    seated: int


def head(session: Session, draft_id: UUID) -> DraftHead | None:
    """The draft, its run's name and the policy it was made under."""
    row = session.execute(
        select(
            Draft.id,
            Draft.cycle_id,
            Draft.run_id,
            Draft.hash,
            Draft.report,
            SolveRun.label,
            PolicyVersion.data,
        )
        .join(SolveRun, SolveRun.id == Draft.run_id)
        .join(PolicyVersion, PolicyVersion.id == SolveRun.policy_version_id)
        .where(Draft.id == draft_id)
    ).one_or_none()
    if row is None:
        return None
    return DraftHead(
        id=row.id,
        cycle_id=row.cycle_id,
        run_id=row.run_id,
        hash=row.hash,
        label=row.label,
        policy=Policy.from_data(row.data),
        fairness=fairness_from(row.report),
    )


def counts(session: Session, draft_id: UUID) -> DraftCounts:
    """The draft in figures, in three queries."""
    crossing = func.sum((func.lower(Mentor.function) != func.lower(Mentee.function)).cast(Integer))
    pairs, across = session.execute(_of_draft(draft_id, func.count(), crossing)).one()
    waiting, left = session.execute(
        select(func.count(), func.count(DraftWaiting.person_id.distinct())).where(
            DraftWaiting.draft_id == draft_id
        )
    ).one()
    seats = [len(some) for some in session.scalars(_circles(draft_id, DraftCircle.members))]
    return DraftCounts(
        pairs=pairs,
        across=across or 0,
        waiting=waiting,
        left=left,
        circles=len(seats),
        seated=sum(seats),
    )


def pairs(
    session: Session, draft_id: UUID, asked: AskedPairs, *, first: int, most: int
) -> tuple[int, list[DraftPair]]:
    """How many pairs are as asked, and those from place `first` (0 the first), in order."""
    which = _asked(asked)
    # Who is in them matters only where somebody is looked for.
    plain = select(func.count()).where(DraftPair.draft_id == draft_id)
    counted = _of_draft(draft_id, func.count()) if asked.find or asked.function or asked.site else plain
    count = session.scalar(counted.where(*which)) or 0
    # Sorted without their reasons, which are long.
    ids = list(
        session.scalars(
            _of_draft(draft_id, DraftPair.id)
            .where(*which)
            .order_by(*ORDERS[asked.order])
            .offset(first)
            .limit(most)
        )
    )
    rows = {row.id: row for row in session.scalars(select(DraftPair).where(DraftPair.id.in_(ids)))}
    return count, [rows[pair_id] for pair_id in ids]


def pairs_with(session: Session, draft_id: UUID, person_id: UUID) -> list[DraftPair]:
    """The pairs somebody is in, the strongest first."""
    mine = or_(DraftPair.mentor_id == person_id, DraftPair.mentee_id == person_id)
    found = select(DraftPair).where(DraftPair.draft_id == draft_id, mine)
    return list(session.scalars(found.order_by(DraftPair.points.desc(), DraftPair.id)))


def duties_with(session: Session, draft_id: UUID, person_id: UUID) -> list[DraftDuty]:
    """All duties somebody has in the draft."""
    mine = select(DraftDuty).where(DraftDuty.draft_id == draft_id, DraftDuty.person_id == person_id)
    return list(session.scalars(mine.order_by(DraftDuty.session)))


def functions_and_sites(session: Session, cycle_id: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What can be filtered by, sorted: the functions and the sites of those who signed up."""
    rows = session.execute(
        select(PersonRow.function, PersonRow.site)
        .join(EnrolmentRow, EnrolmentRow.person_id == PersonRow.id)
        .where(EnrolmentRow.cycle_id == cycle_id)
        .distinct()
    ).all()
    return tuple(sorted({row[0] for row in rows} - {""})), tuple(sorted({row[1] for row in rows} - {""}))


def waiting(
    session: Session, draft_id: UUID, *, find: str, role: str, first: int, most: int
) -> tuple[int, tuple[Left, ...]]:
    """How many are left over as asked, and those from place `first`: mentees before others, by name."""
    asked = [DraftWaiting.draft_id == draft_id]
    asked += [DraftWaiting.role == role] if role else []
    asked += [_named(PersonRow.name, find)] if find else []
    base = (
        select(func.count()).select_from(DraftWaiting).join(PersonRow, PersonRow.id == DraftWaiting.person_id)
    )
    count = session.scalar(base.where(*asked)) or 0
    mentees_first = (DraftWaiting.role != "mentee").cast(Integer)
    rows = session.execute(
        select(DraftWaiting, PersonRow)
        .join(PersonRow, PersonRow.id == DraftWaiting.person_id)
        .where(*asked)
        .order_by(mentees_first, DraftWaiting.role, PersonRow.name, DraftWaiting.id)
        .offset(first)
        .limit(most)
    )
    return count, tuple(_left(row, person) for row, person in rows)


def waiting_of(session: Session, draft_id: UUID, person_id: UUID) -> tuple[Left, ...]:
    """The roles in which somebody is left over."""
    rows = session.execute(
        select(DraftWaiting, PersonRow)
        .join(PersonRow, PersonRow.id == DraftWaiting.person_id)
        .where(DraftWaiting.draft_id == draft_id, DraftWaiting.person_id == person_id)
        .order_by(DraftWaiting.role)
    )
    return tuple(_left(row, person) for row, person in rows)


def circles(session: Session, draft_id: UUID, *, first: int, most: int) -> list[DraftCircle]:
    """Circles by number, from place `first`."""
    return list(session.scalars(_circles(draft_id, DraftCircle).offset(first).limit(most)))


def count_of_circles(session: Session, draft_id: UUID) -> int:
    """How many circles there are."""
    return session.scalar(select(func.count()).where(DraftCircle.draft_id == draft_id)) or 0


def all_members(session: Session, draft_id: UUID) -> dict[int, list[str]]:
    """The members of each circle, by its number."""
    return dict(iter(session.execute(_circles(draft_id, DraftCircle.number, DraftCircle.members))))


def duties_of_circles(session: Session, draft_id: UUID, numbers: Sequence[int]) -> list[DraftDuty]:
    """The rota of these circles, by circle and session."""
    found = select(DraftDuty).where(DraftDuty.draft_id == draft_id, DraftDuty.circle.in_(numbers))
    return list(session.scalars(found.order_by(DraftDuty.circle, DraftDuty.session)))


def answers_of(session: Session, cycle_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Answers]:
    """What these people said, without wishes and "not with", who they are in another table."""
    rows = session.execute(
        select(EnrolmentRow.person_id, EnrolmentRow.answers).where(
            EnrolmentRow.cycle_id == cycle_id,
            EnrolmentRow.person_id.in_(ids),
            EnrolmentRow.state != EnrolmentState.LEFT.value,
        )
    )
    return {person: Answers.from_data(said) for person, said in rows}


def _asked(asked: AskedPairs) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if asked.find:
        which.append(or_(_named(Mentee.name, asked.find), _named(Mentor.name, asked.find)))
    if asked.function:
        which.append(or_(Mentee.function == asked.function, Mentor.function == asked.function))
    if asked.site:
        which.append(or_(Mentee.site == asked.site, Mentor.site == asked.site))
    if asked.least:
        which.append(DraftPair.points >= asked.least)
    if asked.below is not None:
        which.append(DraftPair.points < asked.below)
    return which


def _named(name: Any, find: str) -> ColumnElement[bool]:
    """The text in any case; SQLite by itself knows the case of A to Z only."""
    ways = {find, find.lower(), find.upper(), find.title()}
    return or_(*(name.icontains(way, autoescape=True) for way in sorted(ways)))


def _of_draft(draft_id: UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(DraftPair)
        .join(Mentee, Mentee.id == DraftPair.mentee_id)
        .join(Mentor, Mentor.id == DraftPair.mentor_id)
        .where(DraftPair.draft_id == draft_id)
    )


def _circles(draft_id: UUID, *columns: Any) -> Select[*tuple[Any, ...]]:
    return select(*columns).where(DraftCircle.draft_id == draft_id).order_by(DraftCircle.number)


def _left(row: DraftWaiting, person: PersonRow) -> Left:
    return Left(
        person=person_value(person), role=row.role, sentences=tuple(row.sentences), fix=dict(row.fix or {})
    )
