"""What a policy may ask of pairs: hard rules and criteria, by kind, with their parameters."""

from dataclasses import dataclass
from typing import Literal, get_args

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
