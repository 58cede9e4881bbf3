"""What the pages of my cycle read: my groups, whose turn it is, goals, and the order of the waitlist.

A group is a pair or a circle; its id is the pair's or the circle's. The number of queries never grows.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.people import EnrolmentState
from matcher.services.cycle.lists import UNSEEN, CycleLine
from matcher.store.history import HAPPENED
from matcher.store.participant_tables import GoalRow, GoalStep
from matcher.store.tables import (
    Circle,
    CircleMember,
    Credit,
    Cycle,
    Duty,
    EnrolmentRow,
    MailRow,
    Pair,
    Programme,
    WaitlistRow,
)


@dataclass(frozen=True, kw_only=True)
class GroupId:
    """A pair or a circle: exactly one of the two ids is given."""

    cycle_id: UUID
    pair_id: UUID | None = None
    circle_id: UUID | None = None

    @property
    def columns(self) -> dict[str, UUID | None]:
        """The columns by which a row belongs to the group."""
        return {"pair_id": self.pair_id, "circle_id": self.circle_id}

    def of(self, table: Any) -> Any:
        """The condition that a row of this table belongs to the group."""
        return table.pair_id == self.pair_id if self.pair_id else table.circle_id == self.circle_id


@dataclass(frozen=True, kw_only=True)
class GroupTurn:
    """Who has which duty in which session (from 1) of a group."""

    id: UUID
    group_id: UUID
    session: int
    duty: str
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ListedStep:
    """A small step; `place` counts from 1, in the order in which the steps were written."""

    id: UUID
    place: int
    text: str
    done_at: datetime | None
    done_by: UUID | None


@dataclass(frozen=True, kw_only=True)
class GoalLine:
    """A goal with its steps; those taken away, which may be put back, are kept apart."""

    id: UUID
    text: str
    made_by: UUID
    reached_at: datetime | None
    removed_at: datetime | None
    steps: tuple[ListedStep, ...]
    removed_steps: tuple[ListedStep, ...]


@dataclass(frozen=True, kw_only=True)
class InLine:
    """Somebody who waits, with what decides their place: credit of earlier cycles and when they signed up."""

    person_id: UUID
    role: str
    levels: int
    enrolled_at: datetime
    ref: int


def group_of(session: Session, group_id: UUID, person_id: UUID) -> GroupId | None:
    """The pair or circle this person is in now; None if there is none of that id, or not with them."""
    pair = select(Pair.cycle_id).where(
        Pair.id == group_id,
        Pair.state != PairState.ENDED.value,
        or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id),
    )
    cycle_id = session.scalar(pair)
    if cycle_id is not None:
        return GroupId(cycle_id=cycle_id, pair_id=group_id)
    seat = (
        select(Circle.cycle_id)
        .join(CircleMember, CircleMember.circle_id == Circle.id)
        .where(
            Circle.id == group_id, CircleMember.person_id == person_id, CircleMember.until_session.is_(None)
        )
    )
    cycle_id = session.scalar(seat)
    return GroupId(cycle_id=cycle_id, circle_id=group_id) if cycle_id is not None else None


def turns(session: Session, groups: Collection[UUID]) -> tuple[GroupTurn, ...]:
    """Every duty of everybody in these pairs and circles, in the order of the sessions."""
    rows = session.execute(
        select(
            Duty.id,
            func.coalesce(Duty.pair_id, Duty.circle_id).label("group_id"),
            (Duty.session + 1).label("session"),
            Duty.duty,
            Duty.person_id,
        )
        .where(or_(Duty.pair_id.in_(groups), Duty.circle_id.in_(groups)))
        .order_by(Duty.session, Duty.duty)
    )
    return tuple(GroupTurn(**row._mapping) for row in rows)


def answers_of(session: Session, cycle_id: UUID, people: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """What these people answered in this cycle, as stored."""
    asked = select(EnrolmentRow.person_id, EnrolmentRow.answers).where(
        EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id.in_(people)
    )
    return dict(iter(session.execute(asked)))


def goals(session: Session, groups: Collection[UUID]) -> dict[UUID, tuple[GoalLine, ...]]:
    """The goals of these pairs and circles with their steps, by group, the oldest first."""
    group = func.coalesce(GoalRow.pair_id, GoalRow.circle_id)
    found = session.execute(
        select(GoalRow, group.label("group_id"))
        .where(or_(GoalRow.pair_id.in_(groups), GoalRow.circle_id.in_(groups)))
        .order_by(GoalRow.made_at, GoalRow.id)
    ).all()
    mine = select(GoalRow.id).where(or_(GoalRow.pair_id.in_(groups), GoalRow.circle_id.in_(groups)))
    steps: dict[UUID, list[ListedStep]] = {}
    kept = select(GoalStep).where(GoalStep.goal_id.in_(mine)).order_by(func.abs(GoalStep.place))
    for row in session.scalars(kept):
        steps.setdefault(row.goal_id, []).append(_step(row))
    lines: dict[UUID, tuple[GoalLine, ...]] = {}
    for goal, of in found:
        lines[of] = (*lines.get(of, ()), _goal(goal, steps.get(goal.id, [])))
    return lines


def newest_invitation(session: Session, *, cycle_id: UUID, person_id: UUID, group_id: UUID) -> bytes | None:
    """The calendar file this person was mailed last for that pair or circle, if it is still kept."""
    mailed = (
        select(MailRow.ics)
        .where(
            MailRow.cycle_id == cycle_id,
            MailRow.person_id == person_id,
            MailRow.occurrence.startswith(str(group_id)),
            MailRow.ics.is_not(None),
        )
        .order_by(MailRow.written_at.desc(), MailRow.id)
        .limit(1)
    )
    return session.scalar(mailed)


def in_line(session: Session, cycle_id: UUID) -> tuple[InLine, ...]:
    """Everybody who waits in this cycle and still takes part, with the credit they brought into it."""
    waits = (
        select(WaitlistRow.person_id, WaitlistRow.role, EnrolmentRow.enrolled_at, EnrolmentRow.ref)
        .join(
            EnrolmentRow,
            and_(
                EnrolmentRow.person_id == WaitlistRow.person_id, EnrolmentRow.cycle_id == WaitlistRow.cycle_id
            ),
        )
        .where(
            WaitlistRow.cycle_id == cycle_id,
            WaitlistRow.settled_at.is_(None),
            EnrolmentRow.state == EnrolmentState.ACTIVE.value,
        )
    )
    rows = session.execute(waits).all()
    brought = _credits_before(session, cycle_id)
    return tuple(InLine(**row._mapping, levels=brought.get(row.person_id, 0)) for row in rows)


def credit_of(session: Session, cycle_id: UUID, person_id: UUID) -> Credit | None:
    """What this person carries out of this cycle."""
    asked = select(Credit).where(Credit.cycle_id == cycle_id, Credit.person_id == person_id)
    return session.scalars(asked).first()


def cycles_with(session: Session, person_id: UUID, states: Iterable[str]) -> tuple[UUID, ...]:
    """The cycles in one of these states in which this person is in a pair or circle now, the newest first."""
    cycle = (
        select(Cycle.id)
        .where(
            Cycle.state.in_(list(states)),
            or_(
                Cycle.id.in_(
                    select(Pair.cycle_id).where(
                        Pair.state != PairState.ENDED.value,
                        or_(Pair.mentor_id == person_id, Pair.mentee_id == person_id),
                    )
                ),
                Cycle.id.in_(
                    select(Circle.cycle_id)
                    .join(CircleMember, CircleMember.circle_id == Circle.id)
                    .where(CircleMember.person_id == person_id, CircleMember.until_session.is_(None))
                ),
            ),
        )
        .order_by(Cycle.starts_on.desc(), Cycle.id)
    )
    return tuple(session.scalars(cycle))


def _credits_before(session: Session, cycle_id: UUID) -> dict[UUID, int]:
    """The credit of those who wait, from the latest earlier cycle of the programme they took part in."""
    this = select(Cycle.programme_id, Cycle.number).where(Cycle.id == cycle_id).subquery()
    waiting = select(WaitlistRow.person_id).where(
        WaitlistRow.cycle_id == cycle_id, WaitlistRow.settled_at.is_(None)
    )
    rows = session.execute(
        select(Credit.person_id, Credit.levels)
        .join(Cycle, Cycle.id == Credit.cycle_id)
        .join(this, and_(this.c.programme_id == Cycle.programme_id, Cycle.number < this.c.number))
        .where(Cycle.state.in_([state.value for state in HAPPENED]), Credit.person_id.in_(waiting))
        .order_by(Cycle.number)
    )
    return dict(iter(rows))


def _goal(goal: GoalRow, steps: list[ListedStep]) -> GoalLine:
    return GoalLine(
        id=goal.id,
        text=goal.text,
        made_by=goal.made_by,
        reached_at=goal.reached_at,
        removed_at=goal.removed_at,
        steps=tuple(step for step in steps if step.place > 0),
        removed_steps=tuple(step for step in steps if step.place < 0),
    )


def _step(row: GoalStep) -> ListedStep:
    return ListedStep(id=row.id, place=row.place, text=row.text, done_at=row.done_at, done_by=row.done_by)


def my_cycles(session: Session, slug: str, person_id: UUID) -> tuple[CycleLine, ...]:
    """The cycles of this programme the person is in and has not left, the newest first; drafts left out."""
    rows = session.execute(
        select(Cycle, Programme)
        .join(Programme, Programme.id == Cycle.programme_id)
        .join(EnrolmentRow, and_(EnrolmentRow.cycle_id == Cycle.id, EnrolmentRow.person_id == person_id))
        .where(
            Programme.slug == slug,
            Cycle.state.not_in(UNSEEN),
            EnrolmentRow.state != EnrolmentState.LEFT.value,
        )
        .order_by(Cycle.number.desc())
    )
    return tuple(
        CycleLine(
            id=cycle.id,
            programme_id=programme.id,
            slug=programme.slug,
            programme=programme.name,
            name=cycle.name,
            number=cycle.number,
            state=CycleState(cycle.state),
            opens_on=cycle.opens_on,
            closes_on=cycle.closes_on,
            starts_on=cycle.starts_on,
            ends_on=cycle.ends_on,
        )
        for cycle, programme in rows
    )


def open_cycle_name(session: Session, slug: str) -> str | None:
    """The name of the programme's cycle that takes sign-ups now."""
    asked = (
        select(Cycle.name)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Programme.slug == slug, Cycle.state == CycleState.OPEN.value)
    )
    return session.scalar(asked.order_by(Cycle.number.desc()).limit(1))
