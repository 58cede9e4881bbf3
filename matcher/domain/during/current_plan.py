"""A published plan as it stands, and what it leaves to place after people left or joined. Pure decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from matcher.domain.facts import Couple
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import MOST_CAPACITY, Answers, Role
from matcher.domain.policy.policy import Policy

Turn = tuple[int, str, UUID]
"""Session from 0, the duty's name, who holds it."""


@dataclass(frozen=True, kw_only=True)
class StandingPair:
    """A pair that goes on."""

    id: UUID
    mentor: UUID
    mentee: UUID
    points: int
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StandingCircle:
    """A circle: members who are still there, sessions that have begun, and all its duties."""

    id: UUID
    number: int
    slot: int
    members: tuple[UUID, ...]
    held: int
    turns: tuple[Turn, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CurrentPlan:
    """What goes on. parted: pairs (mentor, mentee) that are never made: those of this cycle that ended, and
    those an organiser forbade; apart: people who never come to sit together: who left a circle with those
    they left, and whom an organiser keeps apart. places: of mentors for whom an organiser changed them.
    fixed: people who keep what they have and get nothing new. begun: sessions a new circle is too late for.
    """

    pairs: tuple[StandingPair, ...] = ()
    circles: tuple[StandingCircle, ...] = ()
    parted: frozenset[tuple[UUID, UUID]] = frozenset()
    apart: frozenset[Couple] = frozenset()
    places: Mapping[UUID, int] = field(default_factory=dict)
    fixed: frozenset[UUID] = frozenset()
    begun: int = 0

    def loads(self) -> Counter[UUID]:
        """What each holds: pairs, seats and duties."""
        count: Counter[UUID] = Counter()
        for pair in self.pairs:
            count.update((pair.mentor, pair.mentee))
            count.update(person for _, _, person in pair.turns)
        for circle in self.circles:
            count.update(circle.members)
            count.update(person for _, _, person in circle.turns)
        return count

    def seated(self) -> frozenset[UUID]:
        """Everybody who sits in a circle."""
        return frozenset(person for circle in self.circles for person in circle.members)


def left_to_place(snapshot: Snapshot, policy: Policy, standing: CurrentPlan) -> Snapshot:
    """The same people with what is still open: mentors with the places they have left, mentees with the
    mentors they still lack, peers who sit in a circle or could.

    Whoever has nothing open is not in it. A limit on all somebody takes on is what it leaves beside what
    they hold, their seat not counted.
    """
    loads, seated = standing.loads(), standing.seated()
    as_mentor = Counter(pair.mentor for pair in standing.pairs)
    as_mentee = Counter(pair.mentee for pair in standing.pairs)
    kept = []
    for member in snapshot.members:
        answers, me = member.profile.answers, member.id
        wanted = answers.mentors_wanted - as_mentee[me]
        places = standing.places.get(me, answers.capacity) - as_mentor[me]
        seat = me in seated
        spare = None if answers.most_load is None else answers.most_load - loads[me]
        new = me not in standing.fixed and (spare is None or spare > 0)
        open_ = {
            Role.MENTEE: policy.pairs and new and wanted > 0,
            Role.MENTOR: policy.pairs and new and places > 0,
            Role.PEER: policy.circles.on and (seat or new),
        }
        asked = (*answers.roles, *((Role.PEER,) if seat and Role.PEER not in answers.roles else ()))
        roles = tuple(role for role in asked if open_[role])
        if roles:
            open_answers = replace(
                answers,
                roles=roles,
                mentors_wanted=max(1, min(wanted, answers.mentors_wanted)),
                capacity=max(0, min(places, MOST_CAPACITY)),
                most_load=None if spare is None else max(1, spare + seat),
            )
            kept.append(_saying(member, open_answers))
    return replace(snapshot, members=tuple(kept))


def _saying(member: Member, answers: Answers) -> Member:
    return replace(member, profile=replace(member.profile, answers=answers))


def free_people(snapshot: Snapshot, standing: CurrentPlan) -> Iterator[tuple[UUID, Role]]:
    """Everybody who signed up for a role in which they have nobody at all."""
    paired = {
        Role.MENTOR: {pair.mentor for pair in standing.pairs},
        Role.MENTEE: {pair.mentee for pair in standing.pairs},
        Role.PEER: set(standing.seated()),
    }
    for member in snapshot.members:
        for role in member.profile.answers.roles:
            if member.id not in paired[role]:
                yield member.id, role
