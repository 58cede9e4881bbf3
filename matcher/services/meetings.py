"""When a published pair or circle meets for the first time: one answer for pages, mails and invitations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.people import HALF_HOURS, Person, Week
from matcher.domain.policy import Policy
from matcher.mail.ics import first_shared_start
from matcher.store import tables
from matcher.store.queries import people_by_id, portions


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was published, with the policy that made it and everybody in it."""

    cycle: tables.Cycle
    programme: tables.Programme
    policy: Policy
    pairs: tuple[tables.Pair, ...]
    circles: tuple[tables.Circle, ...]
    members: Mapping[UUID, tuple[UUID, ...]]
    people: Mapping[UUID, Person]
    weeks: Mapping[UUID, Week]

    def pair_start(self, pair: tables.Pair) -> datetime | None:
        """The first hour both are free, on or after the cycle's first day, in the mentee's zone."""
        return first_shared_start(
            [self.weeks.get(each, Week()) for each in (pair.mentee_id, pair.mentor_id)],
            self.people[pair.mentee_id].zone,
            on=self.cycle.starts_on,
            minutes=self.policy.session_minutes,
        )

    def circle_start(self, circle: tables.Circle) -> datetime | None:
        """The circle's weekly hour, on or after the cycle's first day, in the zone most members have."""
        length = -(-self.policy.session_minutes // 30)
        hours = Week(sum(1 << (circle.slot + later) % HALF_HOURS for later in range(length)))
        zone = usual_zone([self.people[member] for member in self.members[circle.id]])
        minutes = self.policy.session_minutes
        return first_shared_start([hours], zone, on=self.cycle.starts_on, minutes=minutes)


def usual_zone(people: Sequence[Person]) -> str:
    """The zone most of these people live in; of several the first by name."""
    count = Counter(person.zone for person in people)
    return min(count, key=lambda zone: (-count[zone], zone))


def published(session: Session, cycle_id: UUID, *, person: UUID | None = None) -> Published | None:
    """What was published in this cycle, or only what `person` is part of; None before publication."""
    made = (
        select(tables.PolicyVersion)
        .join(tables.SolveRun, tables.SolveRun.policy_version_id == tables.PolicyVersion.id)
        .join(tables.Draft, tables.Draft.run_id == tables.SolveRun.id)
        .join(tables.Publication, tables.Publication.draft_id == tables.Draft.id)
        .where(tables.Publication.cycle_id == cycle_id)
    )
    policy = session.scalars(made).first()
    if policy is None:
        return None
    cycle = session.get_one(tables.Cycle, cycle_id)
    pairs, circles = _pairs(session, cycle_id, person), _circles(session, cycle_id, person)
    members = _members(session, [circle.id for circle in circles])
    concerned = {each for pair in pairs for each in (pair.mentee_id, pair.mentor_id)}
    concerned |= {member for some in members.values() for member in some}
    return Published(
        cycle=cycle,
        programme=session.get_one(tables.Programme, cycle.programme_id),
        policy=Policy.from_data(policy.data),
        pairs=pairs,
        circles=circles,
        members=members,
        people=people_by_id(session, concerned),
        weeks=_weeks(session, cycle_id, concerned),
    )


def _pairs(session: Session, cycle_id: UUID, person: UUID | None) -> tuple[tables.Pair, ...]:
    pair = tables.Pair
    found = select(pair).where(pair.cycle_id == cycle_id)
    if person is not None:
        found = found.where((pair.mentee_id == person) | (pair.mentor_id == person))
    return tuple(session.scalars(found.order_by(pair.mentee_id, pair.mentor_id)))


def _circles(session: Session, cycle_id: UUID, person: UUID | None) -> tuple[tables.Circle, ...]:
    found = select(tables.Circle).where(tables.Circle.cycle_id == cycle_id)
    if person is not None:
        mine = select(tables.CircleMember.circle_id).where(tables.CircleMember.person_id == person)
        found = found.where(tables.Circle.id.in_(mine))
    return tuple(session.scalars(found.order_by(tables.Circle.number)))


def _members(session: Session, circles: Sequence[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    found: dict[UUID, list[UUID]] = {circle: [] for circle in circles}
    for some in portions(circles):
        asked = select(tables.CircleMember).where(tables.CircleMember.circle_id.in_(some))
        for member in session.scalars(asked.order_by(tables.CircleMember.person_id)):
            found[member.circle_id].append(member.person_id)
    return {circle: tuple(people) for circle, people in found.items()}


def _weeks(session: Session, cycle_id: UUID, people: Iterable[UUID]) -> dict[UUID, Week]:
    found: dict[UUID, Week] = {}
    for some in portions(sorted(people)):
        asked = select(tables.Enrolment.person_id, tables.Enrolment.answers).where(
            tables.Enrolment.cycle_id == cycle_id, tables.Enrolment.person_id.in_(some)
        )
        rows = session.execute(asked)
        found.update((person, Week(int(answers["week"], 16))) for person, answers in rows)
    return found
