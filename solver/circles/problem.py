"""The question "who meets with whom?" and its answer: frozen values of integers that check themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Kind = Literal["circle", "pair"]

LARGEST_GROUP = 64
"""More members than this is no circle; it also keeps every cost far inside 64 bits."""

MOST_CLASSES = 30_000
"""Class numbers fit 16 bits and are counted in arrays of this length."""

HIGHEST_WEIGHT = 1_000_000

CLASS_WEIGHTS: Mapping[str, int] = {"function": 10, "site": 3, "seniority": 2}

FULL = "full"

REASONS = (FULL, "too_few", "no_shared_slot", "all_blocked", "no_facilitator", "no_circle", "remainder")
"""Why somebody is left over, the first that holds:
full: with their pairs this person has reached the cap on what they take on in all;
too_few: fewer people than the smallest circle;
no_shared_slot: with the best slot of this person fewer than `smallest` could come;
all_blocked: at every such slot the rules leave fewer than `smallest - 1` companions;
no_facilitator: companions there are, but at no slot anyone who facilitates;
no_circle: enough companions one by one, but no whole circle of them keeps the rules;
remainder: there are circles for this person, but the numbers do not come out for all."""


def no_pairs() -> Ints:
    """An empty list of pairs."""
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class CirclesProblem:
    """n people, their weekly slots and attributes, and the rules for sitting together.

    people (n,): places in the list of all people, unique. available (n, slots): may start a session at that
    weekly slot, in UTC. classes: per attribute one class number >= 0 per person; a pair in the same class
    costs class_weights. hard (k, 2): never together; reunions (k, 2): together costs reunion_weight; both
    hold places 0..n-1 in this problem. facilitates (n,): a circle needs at least one; a peer pair needs none.
    Each member away from `target` costs size_weight, each person left over unplaced_weight.
    Raises ValueError naming everything that is wrong.
    """

    people: Ints
    available: Flags
    classes: Mapping[str, Ints] = field(default_factory=dict)
    class_weights: Mapping[str, int] = field(default_factory=lambda: dict(CLASS_WEIGHTS))
    hard: Ints = field(default_factory=no_pairs)
    reunions: Ints = field(default_factory=no_pairs)
    reunion_weight: int = 20
    facilitates: Flags
    smallest: int = 4
    target: int = 5
    largest: int = 6
    size_weight: int = 5
    unplaced_weight: int = 1000
    kind: Kind = "circle"

    def __post_init__(self) -> None:
        wrong = list(_problems(self))
        if wrong:
            raise ValueError("Circles: " + " ".join(wrong))

    @property
    def n(self) -> int:
        """Number of people to place."""
        return len(self.people)

    @property
    def slots(self) -> int:
        """Number of weekly slots."""
        return int(self.available.shape[1])


@dataclass(frozen=True, kw_only=True)
class CirclesPlan:
    """Circles by places 0..n-1 in the problem: members ascending, circles by their first member.

    slot: per circle one slot that all its members can make, the earliest. unplaced: (place, code of REASONS),
    ascending. objective: recounted cost, unplaced people included; bound: no plan costs less;
    proved: the two are equal.
    """

    groups: tuple[tuple[int, ...], ...]
    slot: tuple[int, ...]
    unplaced: tuple[tuple[int, str], ...] = ()
    objective: int
    bound: int
    proved: bool

    def __post_init__(self) -> None:
        if len(self.slot) != len(self.groups):
            raise ValueError(f"Circles: {len(self.groups)} circles but {len(self.slot)} slots.")
        if self.proved and self.objective != self.bound:
            raise ValueError(f"Circles: cost {self.objective} is not proved by bound {self.bound}.")


def _problems(problem: CirclesProblem) -> Iterator[str]:
    n = len(problem.people)
    yield from _array(problem.people, "people", np.int64, (n,))
    if len(np.unique(problem.people)) != n:
        yield "people: somebody is listed twice."
    yield from _array(problem.available, "available", np.bool_, (n, None))
    yield from _array(problem.facilitates, "facilitates", np.bool_, (n,))
    for name, column in problem.classes.items():
        yield from _array(column, f"class {name}", np.int64, (n,))
        if len(column) and not 0 <= column.min() <= column.max() < MOST_CLASSES:
            yield f"class {name}: expected numbers from 0 to {MOST_CLASSES - 1}."
        if name not in problem.class_weights:
            yield f"class {name}: no weight."
    yield from _pairs(problem.hard, "hard", n)
    yield from _pairs(problem.reunions, "reunions", n)
    yield from _numbers(problem)


def _numbers(problem: CirclesProblem) -> Iterator[str]:
    if not 2 <= problem.smallest <= problem.target <= problem.largest <= LARGEST_GROUP:
        sizes = f"{problem.smallest}, {problem.target}, {problem.largest}"
        yield f"sizes {sizes}: expected 2 <= smallest <= target <= largest <= {LARGEST_GROUP}."
    weights = {
        **{f"weight of {name}": weight for name, weight in problem.class_weights.items()},
        "reunion_weight": problem.reunion_weight,
        "size_weight": problem.size_weight,
        "unplaced_weight": problem.unplaced_weight,
    }
    for name, weight in weights.items():
        if not 0 <= weight <= HIGHEST_WEIGHT:
            yield f"{name}: {weight}; expected 0 to {HIGHEST_WEIGHT}."
    if problem.kind not in ("circle", "pair"):
        yield f"kind {problem.kind}: expected circle or pair."


def _array(array: NDArray[Any], name: str, kind: type, shape: tuple[int | None, ...]) -> Iterator[str]:
    fits = array.ndim == len(shape) and all(w in (None, h) for w, h in zip(shape, array.shape, strict=True))
    if not fits or array.dtype != kind:
        yield f"{name}: {array.dtype} {array.shape}; expected {np.dtype(kind)} {shape}."


def _pairs(pairs: Ints, name: str, n: int) -> Iterator[str]:
    if pairs.ndim != 2 or pairs.shape[1] != 2 or pairs.dtype != np.int64:
        yield f"{name}: {pairs.dtype} {pairs.shape}; expected int64 (k, 2)."
    elif len(pairs) and (pairs.min() < 0 or pairs.max() >= n or (pairs[:, 0] == pairs[:, 1]).any()):
        yield f"{name}: each pair names two different people from 0 to {n - 1}."
