"""Changes an organiser makes by hand, before a run solves with them: what each is, and what all come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from matcher.domain.facts import couple
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy, RuleUse
from matcher.domain.policy.rules import RULES

Couple = tuple[UUID, UUID]
"""A mentee and a mentor."""

MOST_PLACES = 50


@dataclass(frozen=True, kw_only=True)
class Pin:
    """These couples become pairs, whatever else; a swap is two of them."""

    couples: tuple[Couple, ...]
    kind: str = "pin"

    @property
    def people(self) -> frozenset[UUID]:
        """Whose match it settles."""
        return frozenset(person for couple in self.couples for person in couple)

    def to_data(self) -> dict[str, Any]:
        return {"couples": [[str(mentee), str(mentor)] for mentee, mentor in self.couples]}


@dataclass(frozen=True, kw_only=True)
class Forbid:
    """This couple does not become a pair."""

    couple: Couple
    kind: str = "forbid"

    @property
    def people(self) -> frozenset[UUID]:
        """Whose match it settles."""
        return frozenset(self.couple)

    def to_data(self) -> dict[str, Any]:
        return {"couple": [str(person) for person in self.couple]}


@dataclass(frozen=True, kw_only=True)
class Apart:
    """These two peers never sit in one circle, trio or peer pair; ascending ids."""

    couple: Couple
    kind: str = "forbid"

    def __post_init__(self) -> None:
        if self.couple[0] > self.couple[1]:
            raise ValueError("Two people are kept apart in ascending order of their ids.")

    @property
    def people(self) -> frozenset[UUID]:
        """Whose match it settles."""
        return frozenset(self.couple)

    def to_data(self) -> dict[str, Any]:
        return {"peers": [str(person) for person in self.couple]}


@dataclass(frozen=True, kw_only=True)
class Places:
    """A mentor has so many places, 0..MOST_PLACES."""

    mentor: UUID
    places: int
    kind: str = "capacity"

    def __post_init__(self) -> None:
        if not 0 <= self.places <= MOST_PLACES:
            raise ValueError(f"{self.places} places; expected 0 to {MOST_PLACES}.")

    @property
    def people(self) -> frozenset[UUID]:
        """Whose match it settles."""
        return frozenset({self.mentor})

    def to_data(self) -> dict[str, Any]:
        return {"mentor": str(self.mentor), "places": self.places}


@dataclass(frozen=True, kw_only=True)
class Weight:
    """A criterion counts with another weight, 0..10."""

    criterion: str
    weight: int
    kind: str = "weight"

    def __post_init__(self) -> None:
        if self.criterion not in CRITERIA or not 0 <= self.weight <= 10:
            raise ValueError(f"{self.criterion} with weight {self.weight}; expected a known one and 0 to 10.")

    @property
    def people(self) -> frozenset[UUID]:
        """Nobody in particular."""
        return frozenset()

    def to_data(self) -> dict[str, Any]:
        return {"criterion": self.criterion, "weight": self.weight}


@dataclass(frozen=True, kw_only=True)
class RuleSwitch:
    """A hard rule holds, with its usual numbers, or does not."""

    rule: str
    holds: bool
    kind: str = "rule"

    def __post_init__(self) -> None:
        if self.rule not in RULES or RULES[self.rule].always:
            raise ValueError(f"{self.rule!r} is no rule that is changed by hand.")

    @property
    def people(self) -> frozenset[UUID]:
        """Nobody in particular."""
        return frozenset()

    def to_data(self) -> dict[str, Any]:
        return {"rule": self.rule, "holds": self.holds}


Change = Pin | Forbid | Apart | Places | Weight | RuleSwitch


def read_change(kind: str, data: Mapping[str, Any]) -> Change:
    """The inverse of `kind` and `to_data()`. Raises ValueError for what is no change."""
    try:
        if kind == "pin":
            return Pin(couples=tuple(_couple(row) for row in data["couples"]))
        if kind == "forbid" and "peers" in data:
            # Whoever was erased stands there under another id.
            return Apart(couple=couple(*_couple(data["peers"])))
        if kind == "forbid":
            return Forbid(couple=_couple(data["couple"]))
        if kind == "capacity":
            return Places(mentor=UUID(data["mentor"]), places=data["places"])
        if kind == "weight":
            return Weight(criterion=data["criterion"], weight=data["weight"])
        if kind == "rule":
            return RuleSwitch(rule=data["rule"], holds=data["holds"])
    except (KeyError, TypeError) as wrong:
        raise ValueError(f"{kind} without {wrong}.") from wrong
    raise ValueError(f"{kind!r} is no kind of change.")


def _couple(row: Any) -> Couple:
    mentee, mentor = row
    return UUID(mentee), UUID(mentor)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """All changes that stand, the oldest first; of two about the same thing the later counts."""

    all: tuple[Change, ...] = ()

    def and_also(self, change: Change) -> "Changes":
        """These and one more."""
        return replace(self, all=(*self.all, change))

    @property
    def pins(self) -> tuple[Couple, ...]:
        """Each couple once, in the order they were pinned."""
        pinned = (couple for one in self.all if isinstance(one, Pin) for couple in one.couples)
        return tuple(dict.fromkeys(pinned))

    @property
    def forbidden(self) -> tuple[Couple, ...]:
        return tuple(dict.fromkeys(one.couple for one in self.all if isinstance(one, Forbid)))

    @property
    def apart(self) -> frozenset[Couple]:
        """Peers who never sit together."""
        return frozenset(one.couple for one in self.all if isinstance(one, Apart))

    @property
    def places(self) -> dict[UUID, int]:
        """Places by mentor, where they were changed."""
        return {one.mentor: one.places for one in self.all if isinstance(one, Places)}

    def policy(self, policy: Policy) -> Policy:
        """The policy with the weights and rules changed; the same value where none is."""
        changed = policy
        for one in self.all:
            if isinstance(one, Weight):
                changed = _weighed(changed, one)
            elif isinstance(one, RuleSwitch):
                changed = _switched(changed, one)
        return changed


def changes_of(rows: Iterable[Mapping[str, Any]]) -> Changes:
    """From stored rows, each with `kind` and `data`."""
    return Changes(all=tuple(read_change(row["kind"], row["data"]) for row in rows))


def _weighed(policy: Policy, change: Weight) -> Policy:
    if change.criterion not in {use.name for use in policy.criteria}:
        added = CriterionUse(name=change.criterion, weight=change.weight)
        return policy.replace(criteria=(*policy.criteria, added))
    return policy.replace(
        criteria=tuple(
            replace(use, weight=change.weight) if use.name == change.criterion else use
            for use in policy.criteria
        )
    )


def _switched(policy: Policy, change: RuleSwitch) -> Policy:
    there = change.rule in {use.name for use in policy.rules}
    if there == change.holds:
        return policy
    if change.holds:
        return policy.replace(rules=(*policy.rules, RuleUse(name=change.rule)))
    return policy.replace(rules=tuple(use for use in policy.rules if use.name != change.rule))
