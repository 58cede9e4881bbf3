"""What is known about two people together, beyond their own profiles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isqrt
from uuid import UUID

from matcher.domain.people import Profile, Role, key

Couple = tuple[UUID, UUID]
"""Two people in ascending order of their ids: `couple` makes it."""


def couple(first: UUID, second: UUID) -> Couple:
    """The same two people, always in the same order."""
    return (first, second) if first <= second else (second, first)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """blocked: couples of whom one said "not with", without direction. past: how many cycles ago a couple was
    last paired, 1 is the cycle before. managers: each person's manager. rarity: weight of a topic, 0..100, by
    `key`; a topic nobody offers weighs 0, for nobody can be blamed for it.
    """

    blocked: frozenset[Couple] = frozenset()
    past: Mapping[Couple, int] = field(default_factory=dict)
    managers: Mapping[UUID, UUID] = field(default_factory=dict)
    rarity: Mapping[str, int] = field(default_factory=dict)


def facts_of(
    profiles: Iterable[Profile],
    *,
    past: Mapping[Couple, int] | None = None,
    managers: Mapping[UUID, UUID] | None = None,
) -> Facts:
    """The facts about these people; `managers` may name people who are not among them."""
    everyone = list(profiles)
    own = {one.id: one.person.manager for one in everyone if one.person.manager is not None}
    return Facts(
        blocked=frozenset(couple(one.id, other) for one in everyone for other in one.answers.not_with),
        past=past or {},
        managers={**(managers or {}), **own},
        rarity=rarity(everyone),
    )


def rarity(profiles: Iterable[Profile]) -> dict[str, int]:
    """Weight of each offered topic by `key`: 100 with one mentor, 50 with four, never under 10."""
    offers: dict[str, int] = {}
    for one in profiles:
        if Role.MENTOR in one.answers.roles:
            for topic in {key(topic) for topic in one.answers.topics_offered}:
                offers[topic] = offers.get(topic, 0) + 1
    return {topic: max(10, isqrt(10_000 // count)) for topic, count in sorted(offers.items())}
