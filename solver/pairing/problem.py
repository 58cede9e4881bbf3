"""The pairing problem and its plan: frozen values of integers and bit sets that check themselves.

E mentees and M mentors are rows 0..E-1 and 0..M-1 here; `mentee_people` and `mentor_people` say where each
stands in the list of people of the whole problem.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from solver.pairing.criteria import HIGHEST_UTILITY, MOST_CREDIT, Bits, Criterion, Ints, Mode, Rule, Scores
from solver.pairing.soundness import faults_of

__all__ = [
    "HIGHEST_UTILITY",
    "MOST_CREDIT",
    "Bits",
    "Certificate",
    "Criterion",
    "HallSet",
    "Ints",
    "LeftOver",
    "Mode",
    "PairingPlan",
    "PairingProblem",
    "Phase",
    "Recruit",
    "Rule",
    "Scores",
]


def _pairs(width: int) -> Ints:
    return np.zeros((0, width), np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class PairingProblem:
    """Who may be paired with whom, how good each pair is, and what is best.

    Arrays: `mentee_people` (E,), `mentor_people` (M,), columns (E,) or (M,) by name, bit sets (E, words) or
    (M, words) by name, `capacity` and soft minimum `low` (M,) >= 0, `wanted` (E,) mentors asked for, 1..3,
    `credit` (E,) 0..2, `excluded` and `pinned` (k, 2) rows of mentee, mentor; `wishes` (k, 3) with
    thousandths 0..1000. `line`: utility from which a pair is adequate; `levels`: steps below the line.
    `cross_share`: thousandths of the pairs whose `cross_column` should differ. `low_first`: minimum loads
    come before fairness, not after it. `matrix`: utilities outright (E, M), -1 forbidden, in place of rules
    and criteria.
    """

    mentee_people: Ints
    mentor_people: Ints
    capacity: Ints
    mentee_columns: Mapping[str, Ints] = field(default_factory=dict)
    mentor_columns: Mapping[str, Ints] = field(default_factory=dict)
    mentee_bits: Mapping[str, Bits] = field(default_factory=dict)
    mentor_bits: Mapping[str, Bits] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    low: Ints | None = None
    wanted: Ints | None = None
    credit: Ints | None = None
    excluded: Ints = field(default_factory=lambda: _pairs(2))
    pinned: Ints = field(default_factory=lambda: _pairs(2))
    kept: Ints = field(default_factory=lambda: _pairs(2))
    stability: int = 1000
    wishes: Ints = field(default_factory=lambda: _pairs(3))
    mode: Mode = "fair"
    line: int = 500
    levels: int = 20
    cross_column: str | None = None
    cross_share: int = 0
    even_load: bool = False
    low_first: bool = False
    matrix: Scores | None = None

    def __post_init__(self) -> None:
        faults = list(faults_of(self))
        if faults:
            raise ValueError(" ".join(faults))

    @property
    def mentees(self) -> int:
        return len(self.mentee_people)

    @property
    def mentors(self) -> int:
        return len(self.mentor_people)

    @property
    def top(self) -> int:
        """The highest utility any pair could have."""
        if self.matrix is not None:
            return int(self.matrix.max(initial=0))
        return sum(criterion.points for criterion in self.criteria)

    @property
    def lows(self) -> Ints:
        """Soft minimum load per mentor (M,), zeros where none is set."""
        return np.zeros(self.mentors, np.int64) if self.low is None else self.low

    @property
    def asked(self) -> Ints:
        """How many mentors each mentee asks for (E,), ones where nothing is said."""
        return np.ones(self.mentees, np.int64) if self.wanted is None else self.wanted

    @property
    def credits(self) -> Ints:
        """Credit of each mentee (E,), zeros where none is carried over."""
        return np.zeros(self.mentees, np.int64) if self.credit is None else self.credit

    def replace(self, **changes: Any) -> Self:
        """The same problem with some values changed; checked anew."""
        return replace(self, **changes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Phase:
    """One step of the order "coverage, fairness, total …" with the prices that prove it (docs/model.md, 1.6).

    `goal`: what is minimised: "coverage", "credit", "levels", "cross", "low", "total", "load", "kept" or
    "share" (utility and crossing pairs, with two weights). For
    "levels", `levels` are the levels counted and `weights` the weight of each. `value`: the least that can be
    reached after the phases before. `mentee_prices` (E,), `mentor_prices` (M,): the certificate.
    """

    goal: str
    levels: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    value: int
    mentee_prices: Ints
    mentor_prices: Ints


@dataclass(frozen=True, kw_only=True)
class HallSet:
    """These mentees have only these mentors' places left to them, and there are fewer places than mentees."""

    mentees: tuple[int, ...]
    mentors: tuple[int, ...]
    places: int


@dataclass(frozen=True, kw_only=True)
class Recruit:
    """One more place with `mentor` would place `placed` more and lift `lifted` more, found by re-solving."""

    mentor: int
    placed: int
    lifted: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Certificate:
    """Everything needed to check that no plan is better: the chain of phases, and what stands in the way.

    `ceilings` (E,): the level of each mentee's best allowed mentor, 0 when there is none.
    """

    phases: tuple[Phase, ...]
    hall_sets: tuple[HallSet, ...] = ()
    recruits: tuple[Recruit, ...] = ()
    ceilings: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(frozen=True, kw_only=True)
class LeftOver:
    """A mentee without a mentor, why, and the cheapest change that would place them.

    `reason`: "no_mentors" (there are none), "blocked" (rules leave nobody), "no_places" (those left have no
    places), "shortage" (fewer places than mentees who need them; `hall_set` says which). `change`, always
    with `mentor` and the pair kept for this mentee: "rule" (lift `rules`, the mentor has a free place),
    "place" (one more place), "rule and place" (both); or "mentor" (only somebody new helps, `mentor` -1).
    """

    mentee: int
    reason: str
    hall_set: int = -1
    change: str = ""
    mentor: int = -1
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class PairingPlan:
    """The pairs and what is known about them.

    `pairs` (k, 2) mentee, mentor, sorted; `utility` (k,); `levels`: number of mentees at level 0 (unmatched),
    1, 2 …; `total`: sum of utilities; `bound`: no plan of equal coverage and fairness has a higher total;
    `proved`: every phase is proved; `waiting`: the unmatched with their reasons; `stats`: counts for the
    report.
    """

    pairs: Ints
    utility: Ints
    levels: tuple[int, ...]
    total: int
    bound: int
    proved: bool
    waiting: tuple[LeftOver, ...] = ()
    certificate: Certificate | None = None
    stats: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.pairs.ndim != 2 or self.pairs.shape[1:] != (2,) or len(self.pairs) != len(self.utility):
            raise ValueError(
                f"{self.pairs.shape} pairs with {len(self.utility)} utilities; expected rows of 2 for each."
            )

    @property
    def placed(self) -> int:
        """Mentees with at least one mentor."""
        return len(np.unique(self.pairs[:, 0]))
