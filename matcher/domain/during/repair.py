"""What a repair would do, and what it costs: values that go into its row and onto its page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from matcher.domain.during.current_plan import CurrentPlan
from matcher.domain.matching.explain import fit_word
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy


@dataclass(frozen=True, kw_only=True)
class RepairPrice:
    """Before and after, as (before, after). placed: mentees with a mentor; seated: peers in a circle; total:
    points of all pairs; words: pairs by fit in words. touched: everybody who is written to.
    """

    mentees: int
    peers: int
    placed: tuple[int, int]
    seated: tuple[int, int]
    total: tuple[int, int]
    words: tuple[Mapping[str, int], Mapping[str, int]]
    touched: tuple[UUID, ...]

    def to_data(self) -> dict[str, Any]:
        """JSON-able; `from_data` is the inverse."""
        return {**asdict(self), "touched": [str(one) for one in self.touched]}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """As stored."""
        pairs = {name: tuple(data[name]) for name in ("placed", "seated", "total", "words")}
        touched = tuple(UUID(one) for one in data["touched"])
        return cls(mentees=data["mentees"], peers=data["peers"], touched=touched, **pairs)


def price(
    policy: Policy,
    snapshot: Snapshot,
    standing: CurrentPlan,
    *,
    made: Iterable[tuple[UUID, int]],
    seated: frozenset[UUID],
    touched: Iterable[UUID],
) -> RepairPrice:
    """made: the new pairs' mentees and points; seated: who sits in a circle afterwards."""
    new = list(made)
    mentees = {one.id for one in snapshot.taking(Role.MENTEE, policy)}
    peers = {one.id for one in snapshot.taking(Role.PEER, policy)}
    before = {pair.mentee for pair in standing.pairs}
    points = [pair.points for pair in standing.pairs]
    after = [*points, *(count for _, count in new)]
    return RepairPrice(
        mentees=len(mentees | before),
        peers=len(peers | seated),
        placed=(len(before), len(before | {mentee for mentee, _ in new})),
        seated=(len(standing.seated()), len(seated)),
        total=(sum(points), sum(after)),
        words=(_words(points, policy), _words(after, policy)),
        touched=tuple(sorted(set(touched))),
    )


def _words(points: Iterable[int], policy: Policy) -> dict[str, int]:
    return dict(Counter(fit_word(one, policy) for one in points))
