"""The pairing problem and its plan: frozen values of integers and bit sets that check themselves.

E mentees and M mentors are rows 0..E-1 and 0..M-1 here; `mentee_people` and `mentor_people` say where each
stands in the list of people of the whole problem.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Scores = NDArray[np.int16]

RuleKind = Literal["same", "differ", "overlap", "gap"]
CriterionKind = Literal["same", "differ", "coverage", "overlap", "any", "gap", "wish"]
Mode = Literal["fair", "full", "total", "first"]

HIGHEST_UTILITY = 10_000
MOST_CREDIT = 2
MOST_WANTED = 3
COLUMN_RULES = ("same", "differ", "gap")
BIT_CRITERIA = ("coverage", "overlap", "any")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A hard rule over one column; a pair that breaks it is forbidden.

    same: both hold the same known value · differ: they do not (a negative value is unknown and equals
    nothing) · overlap: they share at least `least` bits · gap: mentor's value minus mentee's lies in
    least..most.
    """

    kind: RuleKind
    column: str
    least: int = 0
    most: int = 0

    def __post_init__(self) -> None:
        if self.kind not in get_args(RuleKind):
            raise ValueError(
                f"Rule on {self.column}: kind {self.kind!r}; expected one of {get_args(RuleKind)}."
            )
        if self.kind == "gap" and self.least > self.most:
            raise ValueError(
                f"Rule on {self.column}: gap {self.least} to {self.most}; expected least <= most."
            )
        if self.kind == "overlap" and self.least < 1:
            raise ValueError(f"Rule on {self.column}: overlap of {self.least}; expected 1 or more.")


@dataclass(frozen=True, kw_only=True)
class Criterion:
    """A criterion that gives a pair 0..`points` (integers); the pair's utility is the sum over all criteria.

    same, differ: `points` if the column's known values are equal, or are not ·
    coverage: points * covered // wanted, over the mentee's bits weighted by `weights` (one integer per bit,
    default 1); nothing wanted gives 0 · overlap: points * min(shared - least, most) // most · any: points if
    a bit is shared · gap: `table[g - least]` for g = mentor - mentee, the table's ends beyond it · wish:
    points * wish // 1000.
    """

    kind: CriterionKind
    column: str = ""
    points: int
    least: int = 0
    most: int = 0
    table: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        who = f"Criterion {self.kind} on {self.column or 'wishes'}"
        if self.kind not in get_args(CriterionKind):
            raise ValueError(f"{who}: expected one of {get_args(CriterionKind)}.")
        if not 0 <= self.points <= HIGHEST_UTILITY:
            raise ValueError(f"{who}: {self.points} points; expected 0 to {HIGHEST_UTILITY}.")
        if self.kind == "overlap" and (self.most < 1 or self.least < 0):
            raise ValueError(
                f"{who}: {self.least} and at most {self.most}; expected 0 or more and 1 or more."
            )
        if self.kind == "gap" and not (self.table and all(0 <= p <= self.points for p in self.table)):
            raise ValueError(
                f"{who}: table {self.table}; expected 0 to {self.points} points, at least one entry."
            )
        if any(not 0 <= w <= 10_000 for w in self.weights):
            raise ValueError(f"{who}: weights {self.weights}; expected 0 to 10 000 each.")


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
        faults = list(_faults(self))
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


def _faults(problem: PairingProblem) -> Iterator[str]:
    """Everything that is wrong with the problem, one sentence each."""
    mentees, mentors = problem.mentees, problem.mentors
    per_mentee: dict[str, Ints | None] = {"wanted": problem.wanted, "credit": problem.credit}
    per_mentor: dict[str, Ints | None] = {"capacity": problem.capacity, "low": problem.low}
    yield from _lengths({**per_mentee, **problem.mentee_columns, **problem.mentee_bits}, mentees, "mentees")
    yield from _lengths({**per_mentor, **problem.mentor_columns, **problem.mentor_bits}, mentors, "mentors")
    yield from _ranges("capacity", problem.capacity, 0, 1_000_000)
    yield from _ranges("low", problem.lows, 0, 1_000_000)
    yield from _ranges("wanted", problem.asked, 1, MOST_WANTED)
    yield from _ranges("credit", problem.credits, 0, MOST_CREDIT)
    for name, rows, width in (
        ("excluded", problem.excluded, 2),
        ("pinned", problem.pinned, 2),
        ("wishes", problem.wishes, 3),
    ):
        yield from _index_rows(name, rows, width, mentees, mentors)
    yield from _index_rows("kept", problem.kept, 2, mentees, mentors)
    yield from _pin_faults(problem)
    if problem.mode not in get_args(Mode):
        yield f"Mode {problem.mode!r}; expected one of {get_args(Mode)}."
    if not 1 <= problem.line <= HIGHEST_UTILITY + 1:
        yield f"Line {problem.line}; expected 1 to {HIGHEST_UTILITY + 1}."
    if not 1 <= problem.levels <= 1000:
        yield f"{problem.levels} levels; expected 1 to 1000."
    if not 0 <= problem.stability <= 1000:
        yield f"Stability {problem.stability}; expected 0 to 1000 thousandths."
    if not 0 <= problem.cross_share <= 1000:
        yield f"Cross share {problem.cross_share}; expected 0 to 1000 thousandths."
    yield from _unknown_columns(problem)
    yield from _utility_range(problem)


def _pin_faults(problem: PairingProblem) -> Iterator[str]:
    """Pins that cannot all hold."""
    if problem.pinned.ndim != 2 or problem.pinned.shape[1] != 2 or problem.pinned.min(initial=0) < 0:
        return
    per_mentee = np.bincount(problem.pinned[:, 0], minlength=problem.mentees)[: problem.mentees]
    per_mentor = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)[: problem.mentors]
    for mentee in np.flatnonzero(per_mentee > problem.asked)[:5]:
        yield f"Mentee {mentee} is pinned {per_mentee[mentee]} times; at most {problem.asked[mentee]}."
    for mentor in np.flatnonzero(per_mentor > problem.capacity)[:5]:
        yield f"Mentor {mentor} is pinned {per_mentor[mentor]} times; at most {problem.capacity[mentor]}."


def _lengths(arrays: Mapping[str, Any], expected: int, whose: str) -> Iterator[str]:
    for name, values in arrays.items():
        if values is not None and len(values) != expected:
            yield f"{name} has {len(values)} rows; expected one for each of the {expected} {whose}."


def _ranges(name: str, values: Ints, least: int, most: int) -> Iterator[str]:
    for row in np.flatnonzero((values < least) | (values > most))[:5]:
        yield f"{name} of row {row} is {values[row]}; expected {least} to {most}."


def _index_rows(name: str, rows: Ints, width: int, mentees: int, mentors: int) -> Iterator[str]:
    if rows.ndim != 2 or rows.shape[1] != width:
        yield f"{name} has shape {rows.shape}; expected rows of {width}."
        return
    wrong = (rows < 0).any(axis=1) | (rows[:, 0] >= mentees) | (rows[:, 1] >= mentors)
    if width == 3:
        wrong |= rows[:, 2] > 1000
    for row in np.flatnonzero(wrong)[:5]:
        yield f"{name} row {row} is {rows[row].tolist()}; expected a mentee, a mentor and values in range."


def _unknown_columns(problem: PairingProblem) -> Iterator[str]:
    columns = set(problem.mentee_columns) & set(problem.mentor_columns)
    bits = set(problem.mentee_bits) & set(problem.mentor_bits)
    for rule in problem.rules:
        if rule.column not in (columns if rule.kind in COLUMN_RULES else bits):
            yield f"Rule {rule.kind} asks for column {rule.column!r}, which not both sides have."
    for criterion in problem.criteria:
        known: Iterable[str] = bits if criterion.kind in BIT_CRITERIA else columns
        if criterion.kind != "wish" and criterion.column not in known:
            yield f"Criterion {criterion.kind} asks for {criterion.column!r}, which not both sides have."
    if problem.cross_share and problem.cross_column not in columns:
        yield f"The cross share asks for {problem.cross_column!r}, which not both sides have."


def _utility_range(problem: PairingProblem) -> Iterator[str]:
    matrix = problem.matrix
    if matrix is not None and matrix.shape != (problem.mentees, problem.mentors):
        yield f"The matrix has shape {matrix.shape}; expected {(problem.mentees, problem.mentors)}."
    elif matrix is not None and matrix.min(initial=0) < -1:
        yield "The matrix has values below -1; expected -1 for forbidden, or a utility."
    if problem.top > HIGHEST_UTILITY:
        yield f"The utilities can reach {problem.top}; expected at most {HIGHEST_UTILITY}."


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
class Waiting:
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
    waiting: tuple[Waiting, ...] = ()
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
