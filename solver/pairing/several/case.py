"""Several mentors per mentee as arrays of allowed pairs: what is asked, promised and given.

A mentee's utility is the sum over their mentors. `Case` is the question, `Promise` what earlier steps
settled, `Ladder` how a mentee's utility becomes a level. All of it is exact integer arithmetic: what a solver
class claims is recounted here before anybody believes it.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Ints

Flags = NDArray[np.bool_]
MOST_RANKS = 3


class Ladder(Protocol):
    """Levels of a mentee with several mentors; level 0 is nobody at all."""

    @property
    def top(self) -> int:
        """The level above which nothing is asked for fairness' sake."""

    def level_of(self, utility: Ints, placed: Flags) -> Ints:
        """(E,) level of each mentee with that utility."""

    def floors(self, levels: Ints) -> Ints:
        """(E,) least utility of each mentee at these levels, 0 for levels 0 and 1."""


@dataclass(frozen=True, kw_only=True, eq=False)
class StepLadder:
    """The policy's levels: `levels` steps below `line` (E,), one above; `credit` (E,) lowers those below."""

    line: Ints
    levels: int
    credit: Ints

    @property
    def top(self) -> int:
        return self.levels + 1

    def level_of(self, utility: Ints, placed: Flags) -> Ints:
        raw = 1 + np.minimum(utility * self.levels // self.line, self.levels)
        lowered = np.where(raw > self.levels, raw, np.maximum(raw - self.credit, 1))
        return np.where(placed, lowered, 0)

    def floors(self, levels: Ints) -> Ints:
        raw = np.where(levels > 1, np.minimum(levels + self.credit, self.levels + 1), 1)
        return -(-(raw - 1) * self.line // self.levels)


@dataclass(frozen=True, kw_only=True)
class ExactLadder:
    """Every utility is its own level (plus one), up to `line`: exact leximin of real values times a scale."""

    line: int

    @property
    def top(self) -> int:
        return self.line + 1

    def level_of(self, utility: Ints, placed: Flags) -> Ints:
        return np.where(placed, 1 + np.minimum(utility, self.line), 0)

    def floors(self, levels: Ints) -> Ints:
        return np.maximum(levels - 1, 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class LevelLimit:
    """At most `count` of `members` (E,) may stay at `level`; the others reach what is asked of them."""

    level: int
    members: Flags
    count: int


@dataclass(frozen=True, kw_only=True, eq=False)
class WeightLimit:
    """Over the chosen pairs, `weight` (n,) sums to `least` or more; `lacking` (E,) counts for those without
    anybody.
    """

    weight: Ints
    least: int
    lacking: Ints | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Promise:
    """What a plan must keep: (E,) levels, the exceptions, rows; `missing`: mentees without their first, their
    second, their third mentor; `open_places`: places short of the minimum loads, -1 when nobody asks.
    """

    levels: Ints
    missing: tuple[int, int, int]
    open_places: int = -1
    groups: tuple[LevelLimit, ...] = ()
    rows: tuple[WeightLimit, ...] = ()

    @property
    def everyone_served(self) -> bool:
        return not any(self.missing)


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """Allowed pairs `mentee`, `mentor`, `utility` >= 0 (n,), sorted by mentee, then mentor.

    `wanted` (E,) mentors still to be found, `had` (E,) mentors already pinned with utility `base` (E,);
    `capacity` and `low` (M,) places left and least loads left.
    """

    mentee: Ints
    mentor: Ints
    utility: Ints
    wanted: Ints
    capacity: Ints
    low: Ints
    had: Ints
    base: Ints
    ladder: Ladder

    def __post_init__(self) -> None:
        if len(self.mentee) and (np.diff(self.mentee) < 0).any():
            raise ValueError("Pairs out of order; expected sorted by mentee.")
        if (self.utility < 0).any():
            raise ValueError("Negative utility among the allowed pairs; expected 0 or more.")

    @property
    def mentees(self) -> int:
        return len(self.wanted)

    @property
    def mentors(self) -> int:
        return len(self.capacity)

    @cached_property
    def rank(self) -> Ints:
        """(n,) place of each pair among its mentee's, best first."""
        order = np.lexsort((lots(np.arange(len(self.mentee))), -self.utility, self.mentee))
        start = np.searchsorted(self.mentee, np.arange(self.mentees))
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order)) - start[self.mentee[order]]
        return place

    @cached_property
    def tops(self) -> Ints:
        """(E, 4) sum of each mentee's best 0, 1, 2, 3 pairs."""
        sums = np.zeros((self.mentees, MOST_RANKS + 1), np.int64)
        for count in range(1, MOST_RANKS + 1):
            here = self.rank == count - 1
            sums[:, count] = sums[:, count - 1] + self.per_mentee(here, self.utility)
        return sums

    @cached_property
    def ceilings(self) -> Ints:
        """(E,) level of each mentee with the best mentors they could have; no plan does better for them."""
        best = self.tops[np.arange(self.mentees), self.wanted]
        placed = (self.had > 0) | (self.tops_count > 0)
        return self.ladder.level_of(self.base + best, placed)

    @cached_property
    def tops_count(self) -> Ints:
        """(E,) number of allowed pairs."""
        return np.bincount(self.mentee, minlength=self.mentees)

    @cached_property
    def completion(self) -> Ints:
        """(n,) the most its mentee can have in all if this pair is chosen."""
        e, wanted = self.mentee, self.wanted[self.mentee]
        among = self.tops[e, wanted]
        besides = self.tops[e, np.maximum(wanted - 1, 0)] + self.utility
        return self.base[e] + np.where(self.rank < wanted, among, besides)

    def per_mentee(self, chosen: Flags, weight: Ints) -> Ints:
        """(E,) sum of the weights of the chosen pairs."""
        sums = np.zeros(self.mentees, np.int64)
        np.add.at(sums, self.mentee[chosen], weight[chosen])
        return sums

    def total(self, chosen: Flags) -> int:
        """Utility of the chosen pairs together."""
        return int(self.utility[chosen].sum())

    def levels_of(self, chosen: Flags) -> Ints:
        """(E,) level of each mentee under this choice."""
        placed = self.had + np.bincount(self.mentee[chosen], minlength=self.mentees) > 0
        return self.ladder.level_of(self.base + self.per_mentee(chosen, self.utility), placed)

    def missing(self, chosen: Flags) -> tuple[int, int, int]:
        """How many mentees lack their first, their second, their third mentor."""
        found = self.had + np.bincount(self.mentee[chosen], minlength=self.mentees)
        asked = self.had + self.wanted
        first, second, third = (int(((found < rank) & (asked >= rank)).sum()) for rank in (1, 2, 3))
        return first, second, third

    def open_places(self, chosen: Flags) -> int:
        """Places by which loads stay under their minimum."""
        load = np.bincount(self.mentor[chosen], minlength=self.mentors)
        return int(np.maximum(self.low - load, 0).sum())

    def keeps(self, promise: Promise, chosen: Flags) -> bool:
        """Whether a choice respects all limits and every promise, recounted."""
        found = np.bincount(self.mentee[chosen], minlength=self.mentees)
        load = np.bincount(self.mentor[chosen], minlength=self.mentors)
        return bool(
            (found <= self.wanted).all()
            and (load <= self.capacity).all()
            and self.missing(chosen) <= promise.missing
            and (promise.open_places < 0 or self.open_places(chosen) <= promise.open_places)
            and all(self._row(row, chosen) >= row.least for row in promise.rows)
            and keeps_levels(self.levels_of(chosen), promise)
        )

    def _row(self, row: WeightLimit, chosen: Flags) -> int:
        lacking = self.had + np.bincount(self.mentee[chosen], minlength=self.mentees) == 0
        return int(row.weight[chosen].sum()) + (0 if row.lacking is None else int(row.lacking[lacking].sum()))


def lots(numbers: Ints) -> Ints:
    """A fixed shuffle of small numbers: equal pairs are not all taken from the first few mentors."""
    return (numbers * 2_654_435_761) % 4_294_967_291


def keeps_levels(levels: Ints, promise: Promise) -> bool:
    """Whether everyone below what is asked of them is one of a group's exceptions, lowest levels first."""
    left = {id(group): group.count for group in promise.groups}
    for e in np.flatnonzero((levels < promise.levels) & (levels > 0)).tolist():
        fitting = [g for g in promise.groups if g.members[e] and g.level <= levels[e] and left[id(g)]]
        if not fitting:
            return False
        left[id(max(fitting, key=lambda group: group.level))] -= 1
    return True


def case_of(block: NDArray[Any], limits: dict[str, Any]) -> Case:
    """A case from a dense (E, M) block of utilities, -1 where forbidden, and the other fields by name."""
    mentee, mentor = np.nonzero(block >= 0)
    utility = block[mentee, mentor].astype(np.int64)
    none = np.zeros(len(block), np.int64)
    return Case(mentee=mentee, mentor=mentor, utility=utility, **{"had": none, "base": none, **limits})
