"""The published plan as it stands now: what goes on, who left, who came late, and a mark of all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.during.current_plan import CurrentPlan, StandingCircle, StandingPair, Turn, free_people
from matcher.domain.errors import WrongState
from matcher.domain.facts import couple
from matcher.domain.lifecycle import CycleState, PairState, words
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import EnrolmentState
from matcher.domain.sentences import say
from matcher.problem.changes import changes_in, standing_rows
from matcher.services.duties.turns import CHANGING
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.store import tables
from matcher.store.history import snapshot_of
from matcher.store.participant_tables import Parting
from matcher.store.types import canonical

HERE = (EnrolmentState.ACTIVE, EnrolmentState.PAUSED)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """Why there is something to repair. partings: not yet settled; left: people who have something and take
    part no more; joined: people who came after the publication and have nobody in some role."""

    partings: tuple[UUID, ...]
    left: tuple[UUID, ...]
    joined: tuple[UUID, ...]

    def to_data(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "partings": [str(one) for one in self.partings],
            "left": [str(one) for one in self.left],
            "joined": [str(one) for one in self.joined],
        }


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything a repair starts from. snapshot: everybody who takes part or pauses. gone_pairs, gone_seats:
    of people who take part no more. mark: changes whenever any of this does."""

    found: Published
    groups: Mapping[UUID, Group]
    snapshot: Snapshot
    standing: CurrentPlan
    cause: Cause
    gone_pairs: tuple[UUID, ...]
    gone_seats: tuple[tuple[UUID, UUID], ...]
    mark: str


def world(session: Session, cycle_id: UUID, now: datetime) -> World:
    """The plan as it stands. Raises WrongState before publication and after the cycle."""
    cycle = session.get_one(tables.Cycle, cycle_id)
    require_plan(cycle)
    found = published(session, cycle_id)
    if found is None:
        raise _no_plan(cycle)
    every = {group.id: group for group in groups(session, found)}
    snapshot = snapshot_of(session, cycle, states=HERE)
    reading = _Reading(
        session=session,
        found=found,
        every=every,
        snapshot=snapshot,
        here=frozenset(member.id for member in snapshot.members),
        partings=tuple(open_partings(session, cycle_id)),
        now=now,
    )
    standing = reading.standing()
    return World(
        found=found,
        groups=every,
        snapshot=snapshot,
        standing=standing,
        cause=reading.cause(standing),
        gone_pairs=tuple(pair.id for pair in reading.pairs() if not reading.both_here(pair)),
        gone_seats=reading.gone_seats(),
        mark=reading.mark(),
    )


def require_plan(cycle: tables.Cycle) -> None:
    """Raises WrongState before publication and after the cycle."""
    if CycleState(cycle.state) not in CHANGING:
        raise _no_plan(cycle)


def _no_plan(cycle: tables.Cycle) -> WrongState:
    state = words(CycleState(cycle.state))
    return WrongState(say("“{cycle}” is {state}. There is no plan to repair.", cycle=cycle.name, state=state))


@dataclass(frozen=True, kw_only=True)
class _Reading:
    """What was read, and what follows from it. here: who takes part or pauses."""

    session: Session
    found: Published
    every: Mapping[UUID, Group]
    snapshot: Snapshot
    here: frozenset[UUID]
    partings: tuple[Parting, ...]
    now: datetime

    def pairs(self) -> list[tables.Pair]:
        """Those that have not ended."""
        return [pair for pair in self.found.pairs if pair.id in self.every]

    def both_here(self, pair: tables.Pair) -> bool:
        return {pair.mentor_id, pair.mentee_id} <= self.here

    def gone_seats(self) -> tuple[tuple[UUID, UUID], ...]:
        """Circle and person, of those who take part no more."""
        return tuple(
            (group.id, person)
            for group in self.every.values()
            if group.is_circle
            for person in group.seats
            if group.sits(person) and person not in self.here
        )

    def turns(self, group_id: UUID) -> tuple[Turn, ...]:
        return tuple((row.session, row.duty, row.person_id) for row in self.every[group_id].turns)

    def standing(self) -> CurrentPlan:
        circles = tuple(
            StandingCircle(
                id=circle.id,
                number=circle.number,
                slot=circle.slot,
                members=members,
                held=self.every[circle.id].held(self.now),
                turns=self.turns(circle.id),
            )
            for circle in self.found.circles
            if (members := tuple(one for one in self.found.members[circle.id] if one in self.here))
        )
        left = _left_circles(self.session, self.found.cycle.id)
        by_hand = changes_in(standing_rows(self.session, self.found.cycle.id), policy=None)
        together = {couple(*two) for circle in circles for two in combinations(circle.members, 2)}
        return CurrentPlan(
            pairs=tuple(
                StandingPair(
                    id=pair.id,
                    mentor=pair.mentor_id,
                    mentee=pair.mentee_id,
                    points=pair.points,
                    turns=self.turns(pair.id),
                )
                for pair in self.pairs()
                if self.both_here(pair)
            ),
            circles=circles,
            parted=frozenset((pair.mentor_id, pair.mentee_id) for pair in self.found.pairs)
            | {(mentor, mentee) for mentee, mentor in by_hand.forbidden},
            # Who sits together in what was published goes on: a repair breaks nothing that stands.
            apart=(by_hand.apart - together)
            | {
                couple(person, member)
                for circle in circles
                for person in left.get(circle.id, ())
                for member in circle.members
                if member != person
            },
            places=by_hand.places,
            fixed=frozenset(_paused(self.session, self.found.cycle.id)),
            begun=_begun(self.found, self.now),
        )

    def cause(self, standing: CurrentPlan) -> Cause:
        left = {one for pair in self.pairs() for one in (pair.mentor_id, pair.mentee_id)} - self.here
        left |= {person for _, person in self.gone_seats()}
        enrolment = tables.EnrolmentRow
        late = select(enrolment.person_id).where(
            enrolment.cycle_id == self.found.cycle.id, enrolment.enrolled_at > self.found.at
        )
        alone = {person for person, _ in free_people(self.snapshot, standing)} - standing.fixed
        return Cause(
            partings=tuple(one.id for one in self.partings),
            left=tuple(sorted(left)),
            joined=tuple(sorted(alone.intersection(self.session.scalars(late)))),
        )

    def mark(self) -> str:
        """SHA-256 over all of it: a proposal made under one mark is of no use under another."""
        enrolment = tables.EnrolmentRow
        people = select(
            enrolment.person_id, enrolment.state, enrolment.version, tables.PersonRow.active
        ).join(tables.PersonRow, tables.PersonRow.id == enrolment.person_id)
        rows = self.session.execute(
            people.where(enrolment.cycle_id == self.found.cycle.id).order_by(enrolment.person_id)
        )
        content = {
            "people": [
                [str(person), state, version, bool(active)] for person, state, version, active in rows
            ],
            "pairs": sorted([str(pair.id), PairState(pair.state).value] for pair in self.found.pairs),
            "groups": sorted(_group_data(group, self.now) for group in self.every.values()),
            "partings": sorted(str(one.id) for one in self.partings),
        }
        return hashlib.sha256(canonical(content).encode()).hexdigest()


def _group_data(group: Group, now: datetime) -> list[Any]:
    return [
        str(group.id),
        group.held(now),
        sorted([str(person), seat.first, seat.until] for person, seat in group.seats.items()),
        sorted([str(row.id), str(row.person_id)] for row in group.turns),
    ]


def _begun(found: Published, now: datetime) -> int:
    """Sessions of whose week at least a part has passed: a new circle comes too late for them."""
    cycle, step = found.cycle, timedelta(weeks=found.policy.every_weeks)
    days = (cycle.starts_on + session * step for session in range(found.policy.sessions))
    return sum(day <= now.date() for day in days)


def open_partings(session: Session, cycle_id: UUID) -> list[Parting]:
    """Neither undone nor settled."""
    asked = select(Parting).where(
        Parting.cycle_id == cycle_id, Parting.undone_at.is_(None), Parting.settled_at.is_(None)
    )
    return list(session.scalars(asked.order_by(Parting.said_at, Parting.id)))


def _left_circles(session: Session, cycle_id: UUID) -> dict[UUID, list[UUID]]:
    """By circle, who left it of their own will: they meet nobody of it again."""
    asked = select(Parting.circle_id, Parting.person_id).where(
        Parting.cycle_id == cycle_id, Parting.circle_id.is_not(None), Parting.undone_at.is_(None)
    )
    left: dict[UUID, list[UUID]] = {}
    for circle, person in session.execute(asked):
        if circle is not None:
            left.setdefault(circle, []).append(person)
    return left


def _paused(session: Session, cycle_id: UUID) -> list[UUID]:
    enrolment = tables.EnrolmentRow
    asked = select(enrolment.person_id).where(
        enrolment.cycle_id == cycle_id, enrolment.state == EnrolmentState.PAUSED.value
    )
    return list(session.scalars(asked))
