"""How a published cycle goes, in figures: read-only, one question each, never all rows for one page."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from matcher.domain.lifecycle import PairState
from matcher.domain.mailing import MailKind
from matcher.domain.people import EnrolmentState
from matcher.store.participant_tables import DutyOffer, GoalRow, GoalStep
from matcher.store.rows import portions
from matcher.store.tables import (
    Circle,
    CircleMember,
    Credit,
    Cycle,
    Duty,
    EnrolmentRow,
    MailRow,
    Pair,
    PersonRow,
)

QUIET = "quiet/"
"""How the occasions of reminders to quiet pairs and circles begin; then the group's id and the day."""


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A pair (`number` 0) or circle whose shared page shows nothing new; names of who takes part."""

    id: UUID
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Goals:
    """groups: pairs and circles that wrote any. goals: those not removed; reached: of these."""

    groups: int
    goals: int
    reached: int


@dataclass(frozen=True, kw_only=True)
class Carrying:
    """How many people carry what into the next cycle. first: placed first; earlier: placed earlier; more,
    less: held more or fewer duties than their share."""

    people: int
    first: int
    earlier: int
    more: int
    less: int


@dataclass(frozen=True, kw_only=True)
class DutyHolder:
    """Somebody with the number of duties they hold in the cycle, by name of the duty."""

    name: str
    total: int
    duties: Mapping[str, int]


def pair_states(session: Session, cycle_id: UUID) -> Counter[str]:
    """How many pairs are in which state."""
    rows = select(Pair.state, func.count()).where(Pair.cycle_id == cycle_id).group_by(Pair.state)
    return Counter(dict(iter(session.execute(rows))))


def circle_sizes(session: Session, cycle_id: UUID) -> tuple[int, ...]:
    """How many people sat in each circle, those who left included."""
    rows = (
        select(func.count())
        .select_from(Circle)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(Circle.cycle_id == cycle_id)
        .group_by(Circle.id)
    )
    return tuple(sorted(session.scalars(rows)))


def quiet_ids(session: Session, cycle_id: UUID, since: datetime) -> tuple[UUID, ...]:
    """Every group that goes on and whose shared page has shown nothing new since then."""
    return tuple(session.scalars(select(_quiet(cycle_id, since).c.id)))


def quiet(
    session: Session, cycle_id: UUID, since: datetime, *, most: int, skip: int
) -> tuple[tuple[Quiet, ...], int]:
    """A page of them, circles by number, then pairs; and how many there are in all."""
    found = _quiet(cycle_id, since)
    whole = func.count().over().label("whole")
    order = select(found.c.id, found.c.number, whole).order_by(
        (found.c.number == 0), found.c.number, found.c.id
    )
    lines = session.execute(order.limit(most).offset(skip)).all()
    if not lines:
        return (), _count(session, found) if skip else 0
    seats = seated(session, [line.id for line in lines])
    people = {person for some in seats.values() for person in some}
    named = dict(iter(session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people)))))
    return tuple(
        Quiet(
            id=line.id,
            number=line.number,
            names=tuple(sorted(named[person] for person in seats.get(line.id, ()))),
        )
        for line in lines
    ), lines[0].whole


def _count(session: Session, found: Any) -> int:
    return session.scalar(select(func.count()).select_from(found)) or 0


def seated(session: Session, groups: Collection[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Who sits in each of these pairs and circles and takes part now."""
    found: dict[UUID, list[UUID]] = {}
    for some in portions(sorted(groups)):
        seats = union_all(
            select(Pair.id, Pair.cycle_id, Pair.mentor_id.label("person")).where(Pair.id.in_(some)),
            select(Pair.id, Pair.cycle_id, Pair.mentee_id).where(Pair.id.in_(some)),
            select(Circle.id, Circle.cycle_id, CircleMember.person_id)
            .join(CircleMember, CircleMember.circle_id == Circle.id)
            .where(Circle.id.in_(some), CircleMember.until_session.is_(None)),
        ).subquery()
        here = (
            select(seats.c.id, seats.c.person)
            .join(PersonRow, PersonRow.id == seats.c.person)
            .join(
                EnrolmentRow,
                and_(EnrolmentRow.person_id == seats.c.person, EnrolmentRow.cycle_id == seats.c.cycle_id),
            )
            .where(PersonRow.active.is_(true()), EnrolmentRow.state == EnrolmentState.ACTIVE.value)
            .order_by(seats.c.person)
        )
        for group, person in session.execute(here):
            found.setdefault(group, []).append(person)
    return {group: tuple(people) for group, people in found.items()}


def reminded(session: Session, cycle_id: UUID, since: datetime) -> dict[UUID, datetime]:
    """The groups reminded since then, and when last."""
    letters = select(MailRow.occurrence, func.max(MailRow.written_at).label("at")).where(
        MailRow.cycle_id == cycle_id,
        MailRow.kind == MailKind.REMINDER.value,
        MailRow.occurrence.startswith(QUIET),
        MailRow.written_at > since,
    )
    last: dict[UUID, datetime] = {}
    for occurrence, at in session.execute(letters.group_by(MailRow.occurrence)):
        group = UUID(occurrence.split("/")[1])
        last[group] = max(at, last.get(group, at))
    return last


def goals(session: Session, cycle_id: UUID) -> Goals:
    """Of the shared goals of the whole cycle."""
    group = func.coalesce(GoalRow.pair_id, GoalRow.circle_id)
    row = session.execute(
        select(
            func.count(group.distinct()).label("groups"),
            func.count().label("goals"),
            func.count(GoalRow.reached_at).label("reached"),
        )
        .outerjoin(Pair, Pair.id == GoalRow.pair_id)
        .outerjoin(Circle, Circle.id == GoalRow.circle_id)
        .where(or_(Pair.cycle_id == cycle_id, Circle.cycle_id == cycle_id), GoalRow.removed_at.is_(None))
    ).one()
    return Goals(**row._mapping)


def carrying(session: Session, cycle_id: UUID) -> Carrying:
    """What the next cycle takes over, in numbers of people."""

    def when(condition: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    row = session.execute(
        select(
            func.count().label("people"),
            when(Credit.levels == 2).label("first"),
            when(Credit.levels == 1).label("earlier"),
            when(Credit.balance > 0).label("more"),
            when(Credit.balance < 0).label("less"),
        ).where(Credit.cycle_id == cycle_id)
    ).one()
    return Carrying(**row._mapping)


def duty_spread(session: Session, cycle_id: UUID) -> Counter[int]:
    """How many people hold how many duties, of those who hold any."""
    held = _held(cycle_id)
    each = select(func.count().label("total")).select_from(held).group_by(held.c.person).subquery()
    rows = select(each.c.total, func.count()).group_by(each.c.total)
    return Counter(dict(iter(session.execute(rows))))


def holders(session: Session, cycle_id: UUID, *, most: int, skip: int) -> tuple[tuple[DutyHolder, ...], int]:
    """A page of those who hold duties, the most first, then by name; and how many there are in all."""
    held = _held(cycle_id)
    each = select(held.c.person, func.count().label("total")).group_by(held.c.person).subquery()
    asked = (
        select(each.c.person, PersonRow.name, each.c.total, func.count().over().label("whole"))
        .join(PersonRow, PersonRow.id == each.c.person)
        .order_by(each.c.total.desc(), PersonRow.name, each.c.person)
    )
    lines = session.execute(asked.limit(most).offset(skip)).all()
    if not lines:
        return (), duty_spread(session, cycle_id).total() if skip else 0
    kinds = _kinds(session, cycle_id, [line.person for line in lines])
    return tuple(
        DutyHolder(name=line.name, total=line.total, duties=kinds.get(line.person, {})) for line in lines
    ), lines[0].whole


def _kinds(session: Session, cycle_id: UUID, people: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """How many of which duty each of these few holds: their own duties are looked up, not the cycle's."""
    counted = (
        select(Duty.person_id, Duty.duty, func.count())
        .outerjoin(Circle, Circle.id == Duty.circle_id)
        .outerjoin(Pair, Pair.id == Duty.pair_id)
        .where(
            Duty.person_id.in_(people),
            or_(
                Circle.cycle_id == cycle_id,
                and_(Pair.cycle_id == cycle_id, Pair.state != PairState.ENDED.value),
            ),
        )
        .group_by(Duty.person_id, Duty.duty)
        .order_by(Duty.duty)
    )
    kinds: dict[UUID, dict[str, int]] = {}
    for person, duty, count in session.execute(counted):
        kinds.setdefault(person, {})[duty] = count
    return kinds


def _held(cycle_id: UUID) -> Any:
    """Every duty of the cycle's circles and of its pairs that have not ended: who and which."""
    return union_all(
        select(Duty.person_id.label("person"), Duty.duty)
        .join(Circle, Circle.id == Duty.circle_id)
        .where(Circle.cycle_id == cycle_id),
        select(Duty.person_id, Duty.duty)
        .join(Pair, Pair.id == Duty.pair_id)
        .where(Pair.cycle_id == cycle_id, Pair.state != PairState.ENDED.value),
    ).subquery()


def _quiet(cycle_id: UUID, since: datetime) -> Any:
    """Groups that met before `since`, go on, and have left no trace on their shared page after it.

    Private notes and check-ins are no traces: nobody but their writer knows of them.
    """
    begun = select(Cycle.id).where(Cycle.id == cycle_id, Cycle.starts_on <= since.date())
    pairs = select(Pair.id, literal(0).label("number")).where(
        Pair.cycle_id.in_(begun),
        Pair.state == PairState.ACTIVE.value,
        or_(Pair.made_at.is_(None), Pair.made_at <= since),
        *_untouched(Pair.id, "pair_id", since),
    )
    seats = select(CircleMember.id).where(
        CircleMember.circle_id == Circle.id, CircleMember.until_session.is_(None)
    )
    circles = select(Circle.id, Circle.number).where(
        Circle.cycle_id.in_(begun), seats.exists(), *_untouched(Circle.id, "circle_id", since)
    )
    return union_all(pairs, circles).subquery()


def _untouched(group: Any, column: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    mine = getattr(GoalRow, column) == group
    goal, step, offer = aliased(GoalRow), aliased(GoalStep), aliased(DutyOffer)
    goal_touched: Select[UUID] = select(GoalRow.id).where(
        mine, or_(GoalRow.made_at > since, GoalRow.reached_at > since, GoalRow.removed_at > since)
    )
    step_done = (
        select(step.id)
        .join(goal, goal.id == step.goal_id)
        .where(getattr(goal, column) == group, step.done_at > since)
    )
    duty_moved = (
        select(offer.id)
        .join(Duty, Duty.id == offer.duty_id)
        .where(getattr(Duty, column) == group, or_(offer.offered_at > since, offer.ended_at > since))
    )
    return ~goal_touched.exists(), ~step_done.exists(), ~duty_moved.exists()
