"""What a participant sees of a published cycle: their own side, and nothing of anybody else's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import PairState
from matcher.domain.people import Person, Role
from matcher.services.meetings import Published, published
from matcher.store import tables

NOT_YET = "Nothing is published yet. You get a mail as soon as it is."
NOBODY = "There is nobody for you in this cycle."


@dataclass(frozen=True, kw_only=True)
class MyPair:
    """One partner. `partner_role`: what they are to me; `first`: the first session, in UTC, or None."""

    id: UUID
    partner: Person
    partner_role: Role
    reasons: tuple[str, ...]
    first: datetime | None


@dataclass(frozen=True, kw_only=True)
class MyDuty:
    """One of my turns: session 1, 2, …, the duty's name, and the day if the sessions have one."""

    session: int
    duty: str
    date: date | None


@dataclass(frozen=True, kw_only=True)
class MyCircle:
    """My circle; `slot` is the half-hour of the UTC week, 0..335; members by name, myself among them."""

    number: int
    slot: int
    members: tuple[Person, ...]
    first: datetime | None
    duties: tuple[MyDuty, ...]


@dataclass(frozen=True, kw_only=True)
class MyWaiting:
    """A role in which there is nobody for me yet, and why."""

    role: Role
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MyMatch:
    """All of it; `sentence` says it in one line."""

    published: bool
    pairs: tuple[MyPair, ...] = ()
    circle: MyCircle | None = None
    waiting: tuple[MyWaiting, ...] = ()
    sentence: str = NOT_YET


def my_match(session: Session, cycle_id: UUID, person_id: UUID) -> MyMatch:
    """What this person sees of this cycle. Empty for somebody who is not in it."""
    found = published(session, cycle_id, person=person_id)
    if found is None:
        return MyMatch(published=False)
    pairs = tuple(
        _pair(found, pair, person_id)
        for pair in found.pairs
        if person_id in (pair.mentee_id, pair.mentor_id) and PairState(pair.state) is not PairState.ENDED
    )
    circle = _circle(session, found, person_id)
    waiting = _waiting(session, cycle_id, person_id)
    sentence = _sentence(pairs, circle, waiting)
    return MyMatch(published=True, pairs=pairs, circle=circle, waiting=waiting, sentence=sentence)


def _pair(found: Published, pair: tables.Pair, me: UUID) -> MyPair:
    mentee = pair.mentee_id == me
    start = found.starts[pair.id]
    return MyPair(
        id=pair.id,
        partner=found.people[pair.mentor_id if mentee else pair.mentee_id],
        partner_role=Role.MENTOR if mentee else Role.MENTEE,
        reasons=tuple(pair.reasons["mentee" if mentee else "mentor"]),
        first=start.astimezone(UTC) if start else None,
    )


def _circle(session: Session, found: Published, me: UUID) -> MyCircle | None:
    circle = next((each for each in found.circles if me in found.members[each.id]), None)
    if circle is None:
        return None
    start = found.circle_start(circle)
    turns = select(tables.Duty).where(tables.Duty.circle_id == circle.id, tables.Duty.person_id == me)
    step = timedelta(weeks=found.policy.every_weeks)
    people = (found.people[member] for member in found.members[circle.id])
    return MyCircle(
        number=circle.number,
        slot=circle.slot,
        members=tuple(sorted(people, key=lambda person: (person.name, person.id))),
        first=start.astimezone(UTC) if start else None,
        duties=tuple(
            # Rows count sessions from 0, people from 1.
            MyDuty(
                session=turn.session + 1,
                duty=turn.duty,
                date=(start + turn.session * step).date() if start else None,
            )
            for turn in session.scalars(turns.order_by(tables.Duty.session, tables.Duty.duty))
        ),
    )


def _waiting(session: Session, cycle_id: UUID, me: UUID) -> tuple[MyWaiting, ...]:
    asked = select(tables.Waiting).where(tables.Waiting.cycle_id == cycle_id, tables.Waiting.person_id == me)
    rows = session.scalars(asked.order_by(tables.Waiting.role))
    return tuple(MyWaiting(role=Role(row.role), sentences=tuple(row.sentences)) for row in rows)


def _sentence(pairs: tuple[MyPair, ...], circle: MyCircle | None, waiting: tuple[MyWaiting, ...]) -> str:
    if pairs:
        names = [f"{pair.partner.name} is your {pair.partner_role.value}" for pair in pairs]
        return f"{', '.join(names)}."
    if circle is not None:
        return f"You are in circle {circle.number}, with {len(circle.members) - 1} others."
    return waiting[0].sentences[0] if waiting and waiting[0].sentences else NOBODY
