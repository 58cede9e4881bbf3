"""When a published pair or circle meets for the first time: one answer for pages, mails and invitations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.people import HALF_HOURS, Person, Week
from matcher.domain.policy.policy import Policy
from matcher.mail.ics import first_shared_start
from matcher.store import tables
from matcher.store.rows import people_by_id, portions


@dataclass(frozen=True, kw_only=True)
class Published:
    """What was published and what became of it, with the policy that made it and everybody in it.

    `members`: who sits in each circle now; circles that everybody left are gone. `starts`: the first session
    of each pair, on or after the cycle's first day, or the day after a repair made it, in the mentee's zone;
    None where the two share no hour. What was told at publication never moves, whoever leaves or joins.
    """

    at: datetime
    cycle: tables.Cycle
    programme: tables.Programme
    policy: Policy
    pairs: tuple[tables.Pair, ...]
    circles: tuple[tables.Circle, ...]
    members: Mapping[UUID, tuple[UUID, ...]]
    people: Mapping[UUID, Person]
    starts: Mapping[UUID, datetime | None]

    @cached_property
    def by_id(self) -> Mapping[UUID, tables.Pair | tables.Circle]:
        """Every pair and circle of it."""
        return {**{pair.id: pair for pair in self.pairs}, **{circle.id: circle for circle in self.circles}}

    def sessions_of(self, pair: tables.Pair) -> int:
        """Sessions a pair has: those of the policy, or as many as still fit when a repair made it."""
        start = self.starts[pair.id]
        if start is None or not _late(pair, self.at):
            return self.policy.sessions
        fit = (self.cycle.ends_on - start.date()).days // (7 * self.policy.every_weeks) + 1
        return max(1, min(self.policy.sessions, fit))

    def circle_start(self, circle: tables.Circle) -> datetime | None:
        """The circle's weekly hour, on or after the cycle's first day, in the zone most members have."""
        minutes = self.policy.session_minutes
        zone = usual_zone([self.people[member] for member in self.members[circle.id]])
        hours = Week(_half_hours(circle.slot, minutes))
        return first_shared_start([hours], zone, on=self.cycle.starts_on, minutes=minutes)


def usual_zone(people: Sequence[Person]) -> str:
    """The zone most of these people live in; of several the first by name."""
    count = Counter(person.zone for person in people)
    return min(count, key=lambda zone: (-count[zone], zone))


def published(session: Session, cycle_id: UUID, *, person: UUID | None = None) -> Published | None:
    """What was published in this cycle, or only what bears on `person`; None before publication."""
    made = (
        select(tables.PolicyVersion, tables.Publication.published_at)
        .join(tables.SolveRun, tables.SolveRun.policy_version_id == tables.PolicyVersion.id)
        .join(tables.Draft, tables.Draft.run_id == tables.SolveRun.id)
        .join(tables.Publication, tables.Publication.draft_id == tables.Draft.id)
        .where(tables.Publication.cycle_id == cycle_id)
    )
    row = session.execute(made).first()
    if row is None:
        return None
    policy, at = row
    cycle = session.get_one(tables.Cycle, cycle_id)
    pairs = _pairs(session, cycle_id) if person is None else _pairs_around(session, cycle_id, person)
    pairs = tuple(sorted(pairs, key=lambda pair: (pair.made_at if _late(pair, at) else at, *_of_whom(pair))))
    concerned = {each for pair in pairs for each in (pair.mentee_id, pair.mentor_id)}
    circles = _circles(session, cycle_id, None if person is None else concerned | {person})
    seats = _seats(session, [circle.id for circle in circles])
    members = {
        circle: tuple(seat.person_id for seat in some if seat.until_session is None)
        for circle, some in seats.items()
    }
    value = Policy.from_data(policy.data)
    people = people_by_id(session, concerned.union(*members.values()))
    hours = _Hours(
        weeks=_weeks(session, cycle_id, concerned),
        first=_busy(circles, seats, value, lambda seat: seat.from_session == 0),
        now=_busy(circles, seats, value, lambda _: True),
        on=cycle.starts_on,
        minutes=value.session_minutes,
    )
    return Published(
        at=at,
        cycle=cycle,
        programme=session.get_one(tables.Programme, cycle.programme_id),
        policy=value,
        pairs=pairs,
        circles=tuple(circle for circle in circles if members[circle.id]),
        members=members,
        people=people,
        starts={
            pair: start.astimezone(ZoneInfo(people[mentee].zone)) if start else None
            for pair, mentee, start in _starts(pairs, hours, at)
        },
    )


def _late(pair: tables.Pair, published_at: datetime) -> bool:
    """Whether a repair made this pair, after the publication."""
    return pair.made_at is not None and pair.made_at > published_at


@dataclass(frozen=True, kw_only=True)
class _Hours:
    """Everybody's weeks, and the half-hours of their circles: those they were published in, and all."""

    weeks: Mapping[UUID, Week]
    first: Mapping[UUID, int]
    now: Mapping[UUID, int]
    on: date
    minutes: int


def _busy(
    circles: Sequence[tables.Circle],
    seats: Mapping[UUID, Sequence[tables.CircleMember]],
    policy: Policy,
    counts: Callable[[tables.CircleMember], bool],
) -> dict[UUID, int]:
    busy: dict[UUID, int] = defaultdict(int)
    for circle in circles:
        for seat in filter(counts, seats[circle.id]):
            busy[seat.person_id] |= _half_hours(circle.slot, policy.session_minutes)
    return busy


def _starts(
    pairs: Sequence[tables.Pair], hours: _Hours, published_at: datetime
) -> Iterator[tuple[UUID, UUID, datetime | None]]:
    """Each pair, its mentee, and the first hour that keeps clear of their circles and of their other pairs.

    Where no such hour is left, it keeps clear of the circles alone, and else it is the first they share.
    Pairs made later come last, so that the hours of the others stay as they were told.
    """
    pairs_at: dict[UUID, int] = defaultdict(int)
    for pair in pairs:
        both, late = (pair.mentee_id, pair.mentor_id), _late(pair, published_at)
        circles = hours.now if late else hours.first
        on = max(hours.on, pair.made_at.date() + timedelta(days=1)) if late and pair.made_at else hours.on
        free = [hours.weeks.get(each, Week()).bits for each in both]
        taken = {each: circles.get(each, 0) | pairs_at[each] for each in both}
        for busy in (taken, circles, {}):
            clear = [Week(bits & ~busy.get(each, 0)) for bits, each in zip(free, both, strict=True)]
            start = first_shared_start(clear, "Etc/UTC", on=on, minutes=hours.minutes)
            if start is not None:
                slot = start.weekday() * 48 + start.hour * 2 + start.minute // 30
                for each in both:
                    pairs_at[each] |= _half_hours(slot, hours.minutes)
                break
        yield pair.id, pair.mentee_id, start


def _half_hours(slot: int, minutes: int) -> int:
    """The bits of a session that begins at this half-hour of the week."""
    return sum(1 << (slot + later) % HALF_HOURS for later in range(-(-minutes // 30)))


def _pairs(session: Session, cycle_id: UUID, people: Iterable[UUID] | None = None) -> tuple[tables.Pair, ...]:
    """The pairs of a cycle, or those of these people; always in the same order."""
    pair = tables.Pair
    asked = select(pair).where(pair.cycle_id == cycle_id)
    if people is None:
        found = list(session.scalars(asked))
    else:
        found = [
            each
            for some in portions(sorted(people))
            for each in session.scalars(asked.where(pair.mentee_id.in_(some) | pair.mentor_id.in_(some)))
        ]
    return tuple(sorted({each.id: each for each in found}.values(), key=_of_whom))


def _pairs_around(session: Session, cycle_id: UUID, person: UUID) -> tuple[tables.Pair, ...]:
    """This person's pairs, those of their partners, and so on: all that their hours depend on."""
    known, new = {person}, {person}
    pairs: tuple[tables.Pair, ...] = ()
    while new:
        pairs = _pairs(session, cycle_id, known)
        new = {each for pair in pairs for each in (pair.mentee_id, pair.mentor_id)} - known
        known |= new
    return pairs


def _of_whom(pair: tables.Pair) -> tuple[UUID, UUID]:
    return pair.mentee_id, pair.mentor_id


def _circles(session: Session, cycle_id: UUID, people: Iterable[UUID] | None) -> tuple[tables.Circle, ...]:
    """The circles of a cycle, or those in which these people are."""
    asked = select(tables.Circle).where(tables.Circle.cycle_id == cycle_id).order_by(tables.Circle.number)
    if people is None:
        return tuple(session.scalars(asked))
    seats = select(tables.CircleMember.circle_id).where(tables.CircleMember.person_id.in_(sorted(people)))
    return tuple(session.scalars(asked.where(tables.Circle.id.in_(seats))))


def _seats(session: Session, circles: Sequence[UUID]) -> dict[UUID, tuple[tables.CircleMember, ...]]:
    """Everybody who sat or sits in these circles, by person."""
    found: dict[UUID, list[tables.CircleMember]] = {circle: [] for circle in circles}
    for some in portions(circles):
        asked = select(tables.CircleMember).where(tables.CircleMember.circle_id.in_(some))
        for member in session.scalars(asked.order_by(tables.CircleMember.person_id)):
            found[member.circle_id].append(member)
    return {circle: tuple(seats) for circle, seats in found.items()}


def _weeks(session: Session, cycle_id: UUID, people: Iterable[UUID]) -> dict[UUID, Week]:
    found: dict[UUID, Week] = {}
    for some in portions(sorted(people)):
        asked = select(tables.EnrolmentRow.person_id, tables.EnrolmentRow.answers).where(
            tables.EnrolmentRow.cycle_id == cycle_id, tables.EnrolmentRow.person_id.in_(some)
        )
        rows = session.execute(asked)
        found.update((person, Week(int(answers["week"], 16))) for person, answers in rows)
    return found
