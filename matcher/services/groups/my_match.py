"""What a participant sees of a published cycle: their own side, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import PairState
from matcher.domain.matching.explain import Reason
from matcher.domain.people import Person, Role, key
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say, say_many
from matcher.services.groups import lists, sharing
from matcher.services.groups.groups import Group, groups
from matcher.services.groups.published import Published, published
from matcher.services.groups.sharing import SharedPart
from matcher.store import tables

NOT_YET = say("Nothing is published yet. You get a mail as soon as it is.")
NOBODY = say("There is nobody for you in this cycle.")


@dataclass(frozen=True, kw_only=True)
class OwnTurn:
    """Somebody's turn: session 1, 2, … of a pair or circle, and the duty's name. `id` is the duty row's."""

    id: UUID
    session: int
    duty: str
    person: UUID


@dataclass(frozen=True, kw_only=True)
class Shared:
    """What a partner lets me see of their answers; empty where they did not tick it."""

    goals: str = ""
    offers: tuple[str, ...] = ()
    seeks: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MyPair:
    """One partner. `partner_role`: what they are to me; `first`: the first session, in UTC, or None.

    `starts`: every session, in UTC, none where the two share no hour; `all_reasons`: what counted, with
    points, not every one for the two to read; `turns`: whose turn it is to lead which session; `common`:
    topics the mentor offers and the mentee seeks.
    """

    id: UUID
    partner: Person
    partner_role: Role
    reasons: tuple[str, ...]
    first: datetime | None
    starts: tuple[datetime, ...] = ()
    turns: tuple[OwnTurn, ...] = ()
    all_reasons: tuple[Reason, ...] = ()
    shared: Shared = Shared()
    common: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MyDuty:
    """One of my turns: session 1, 2, …, the duty's name, and the day if the sessions have one."""

    session: int
    duty: str
    date: date | None


@dataclass(frozen=True, kw_only=True)
class MyCircle:
    """My circle of two to eight peers; `slot` is the half-hour of the UTC week, 0..335.

    Members by name, myself among them; `starts`: every session, in UTC; `turns`: everybody's duties;
    `from_session`: the first session I take part in, from 1; `shared`: what the others let me see.
    """

    id: UUID
    number: int
    slot: int
    members: tuple[Person, ...]
    first: datetime | None
    duties: tuple[MyDuty, ...]
    starts: tuple[datetime, ...] = ()
    turns: tuple[OwnTurn, ...] = ()
    from_session: int = 1
    shared: Mapping[UUID, Shared] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class MyWaiting:
    """A role in which there is nobody for me yet, and why."""

    role: Role
    sentences: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MyMatch:
    """All of it; `sentence` says it in one line. `policy`: the one that made it; `mine`: my own answers."""

    published: bool
    pairs: tuple[MyPair, ...] = ()
    circles: tuple[MyCircle, ...] = ()
    waiting: tuple[MyWaiting, ...] = ()
    sentence: str = NOT_YET
    policy: Policy | None = None
    mine: Shared = Shared()

    @property
    def circle(self) -> MyCircle | None:
        """The circle, where there is one."""
        return next(iter(self.circles), None)

    def group(self, group_id: UUID) -> MyPair | MyCircle | None:
        """My pair or circle of that id."""
        every: tuple[MyPair | MyCircle, ...] = (*self.pairs, *self.circles)
        return next((one for one in every if one.id == group_id), None)


def my_match(session: Session, cycle_id: UUID, person_id: UUID, *, found: Published | None = None) -> MyMatch:
    """What this person sees of this cycle. Empty for somebody who is not in it.

    `found`: what was published, as far as it bears on them, where it has been read already.
    """
    found = found or published(session, cycle_id, person=person_id)
    if found is None:
        return MyMatch(published=False)
    mine = [pair for pair in found.pairs if person_id in (pair.mentee_id, pair.mentor_id)]
    known = {one.id: one for one in groups(session, found)}
    seats = [seated for seated in found.members.values() if person_id in seated]
    partners = {each for pair in mine for each in (pair.mentee_id, pair.mentor_id)}
    partners = partners.union({person_id}, *seats)
    told = _Told(
        answers=lists.answers_of(session, cycle_id, partners),
        parts=sharing.shared(session, cycle_id, partners),
    )
    pairs = tuple(
        _pair(found, pair, person_id, known[pair.id], told)
        for pair in mine
        if PairState(pair.state) is not PairState.ENDED
    )
    circles = tuple(
        _circle(found, circle, person_id, known[circle.id], told)
        for circle in found.circles
        if person_id in found.members[circle.id]
    )
    waiting = _waiting(session, cycle_id, person_id)
    return MyMatch(
        published=True,
        pairs=pairs,
        circles=circles,
        waiting=waiting,
        sentence=_sentence(pairs, circles, waiting),
        policy=found.policy,
        mine=told.whole(person_id),
    )


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What people answered, and which parts of it they let their partners see."""

    answers: Mapping[UUID, Mapping[str, Any]]
    parts: Mapping[UUID, frozenset[SharedPart]]

    def by(self, person: Person) -> Shared:
        """What this person lets me see: nothing unless they said so."""
        ticked = self.parts.get(person.id, frozenset())
        every = self.whole(person.id)
        return Shared(
            goals=every.goals if SharedPart.GOALS in ticked else "",
            offers=every.offers if SharedPart.TOPICS in ticked else (),
            seeks=every.seeks if SharedPart.TOPICS in ticked else (),
            languages=person.languages if SharedPart.LANGUAGES in ticked else (),
        )

    def whole(self, person: UUID) -> Shared:
        """All of it, for the person's own eyes."""
        said = self.answers.get(person, {})
        return Shared(
            goals=said.get("goals", ""),
            offers=tuple(said.get("topics_offered", ())),
            seeks=tuple(said.get("topics_sought", ())),
        )

    def common(self, mentor: UUID, mentee: UUID) -> tuple[str, ...]:
        """Topics offered and sought, in the mentee's words and order."""
        offered = {key(topic) for topic in self.whole(mentor).offers}
        return tuple(topic for topic in self.whole(mentee).seeks if key(topic) in offered)


def _pair(found: Published, pair: tables.Pair, me: UUID, group: Group, told: _Told) -> MyPair:
    mentee = pair.mentee_id == me
    start = found.starts[pair.id]
    partner = found.people[pair.mentor_id if mentee else pair.mentee_id]
    return MyPair(
        id=pair.id,
        partner=partner,
        partner_role=Role.MENTOR if mentee else Role.MENTEE,
        reasons=tuple(pair.reasons["mentee" if mentee else "mentor"]),
        first=start.astimezone(UTC) if start else None,
        starts=group.starts if start else (),
        turns=_turns(group),
        all_reasons=tuple(Reason(**one) for one in pair.reasons["all"]),
        shared=told.by(partner),
        common=told.common(pair.mentor_id, pair.mentee_id),
    )


def _circle(found: Published, circle: tables.Circle, me: UUID, group: Group, told: _Told) -> MyCircle:
    start = found.circle_start(circle)
    step = timedelta(weeks=found.policy.every_weeks)
    people = [found.people[member] for member in found.members[circle.id]]
    turns = _turns(group)
    return MyCircle(
        id=circle.id,
        number=circle.number,
        slot=circle.slot,
        members=tuple(sorted(people, key=lambda person: (person.name, person.id))),
        first=start.astimezone(UTC) if start else None,
        duties=tuple(
            MyDuty(
                session=turn.session,
                duty=turn.duty,
                date=(start + (turn.session - 1) * step).date() if start else None,
            )
            for turn in turns
            if turn.person == me
        ),
        starts=group.starts,
        turns=turns,
        from_session=group.seats[me].first + 1,
        shared={one.id: told.by(one) for one in people if one.id != me},
    )


def _turns(group: Group) -> tuple[OwnTurn, ...]:
    """Rows count sessions from 0, people from 1."""
    return tuple(
        OwnTurn(id=row.id, session=row.session + 1, duty=row.duty, person=row.person_id)
        for row in group.turns
    )


def _waiting(session: Session, cycle_id: UUID, me: UUID) -> tuple[MyWaiting, ...]:
    asked = select(tables.WaitlistRow).where(
        tables.WaitlistRow.cycle_id == cycle_id,
        tables.WaitlistRow.person_id == me,
        tables.WaitlistRow.settled_at.is_(None),
    )
    rows = session.scalars(asked.order_by(tables.WaitlistRow.role))
    return tuple(MyWaiting(role=Role(row.role), sentences=tuple(row.sentences)) for row in rows)


def _sentence(pairs: Sequence[MyPair], circles: Sequence[MyCircle], waiting: Sequence[MyWaiting]) -> str:
    for pair in pairs:
        if pair.partner_role is Role.MENTOR:
            return say("{name} is your mentor.", name=pair.partner.name)
        return say("{name} is your mentee.", name=pair.partner.name)
    for circle in circles:
        return say_many(
            "You are in circle {number}, with one other.",
            "You are in circle {number}, with {count} others.",
            len(circle.members) - 1,
            number=circle.number,
        )
    return next((sentence for one in waiting for sentence in one.sentences), NOBODY)
