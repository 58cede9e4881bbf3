"""A lower bound by counting alone: every class spread evenly over the best number of circles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.circles.problem import CirclesProblem, Ints


@dataclass(frozen=True)
class Even:
    """The evenest conceivable plan: its cost, its circles, and how many people it leaves over."""

    cost: int
    circles: int
    unplaced: int


def counting_bound(problem: CirclesProblem) -> Even:
    """No plan costs less: (B) over every number of people left over and of circles, the class members spread
    evenly and the sizes as even as can be, with a facilitator for each. Ignores slots, rules and reunions.

    Leaving u people over can spare at most u members of each class at once, so the classes are counted with
    their largest members removed; u starts with those who find too few people at every slot, and stops where
    its own cost exceeds the best so far.
    """
    n = problem.n
    best = Even(n * problem.unplaced_weight, 0, n)
    hosts = n if problem.kind == "pair" else int(problem.facilitates.sum())
    counts = _counts(problem)
    for unplaced in range(stranded(problem), n + 1):
        if unplaced * problem.unplaced_weight >= best.cost:
            break
        placed = n - unplaced
        for circles in range(-(-placed // problem.largest), min(hosts, placed // problem.smallest) + 1):
            if circles:
                known = sizes(problem, placed, circles) + unplaced * problem.unplaced_weight
                if known + _at_least(counts, circles, unplaced) < best.cost:
                    cost = known + sum(weight * _spread(many, circles, unplaced) for weight, many in counts)
                    best = min(best, Even(cost, circles, unplaced), key=lambda even: even.cost)
    return best


def stranded(problem: CirclesProblem) -> int:
    """How many people can make no slot that enough others can make as well."""
    met = problem.available.sum(0) >= problem.smallest
    return int((~problem.available[:, met].any(1)).sum())


def _counts(problem: CirclesProblem) -> list[tuple[int, Ints]]:
    """Weight and members per class, of every attribute."""
    return [
        (problem.class_weights[name], np.bincount(column)) for name, column in sorted(problem.classes.items())
    ]


def _at_least(counts: list[tuple[int, Ints]], circles: int, unplaced: int) -> int:
    """A quick bound: nobody left over spares more pairs than the fullest circle has of their class."""
    even = sum(weight * _spread(many, circles, 0) for weight, many in counts)
    spared = sum(weight * int(many.max(initial=0) // circles) for weight, many in counts)
    return even - unplaced * spared


def sizes(problem: CirclesProblem, placed: int, circles: int) -> int:
    """Least cost of the sizes of so many circles; the cost is convex, so even sizes are best."""
    each, more = divmod(placed, circles)
    low, high = abs(each - problem.target), abs(each + 1 - problem.target)
    return problem.size_weight * (more * high + (circles - more) * low)


def _spread(counts: Ints, circles: int, unplaced: int) -> int:
    each, more = np.divmod(counts, circles)
    pairs = more * (each + 1) * each // 2 + (circles - more) * each * (each - 1) // 2
    if unplaced == 0:
        return int(pairs.sum())
    # The last member of a class costs as many pairs as its fullest circle has others: take the dearest first.
    steps = np.concatenate([(np.arange(count) // circles) for count in counts]) if len(counts) else counts
    return int(np.sort(steps)[: max(0, len(steps) - unplaced)].sum())


def excess(problem: CirclesProblem, groups: Sequence[Sequence[int]]) -> Ints:
    """(circles,): by how much each circle exceeds its part of the counting bound over as many circles.

    Of a class with q members per circle, rounded down, q and q + 1 are the even shares; what a circle costs
    beyond the line through these two is too much. Reunions and sizes are not counted here.
    """
    over = np.zeros(len(groups), np.int64)
    row = np.repeat(np.arange(len(groups)), [len(members) for members in groups])
    seated = np.array([person for members in groups for person in members], np.int64)
    for name, column in sorted(problem.classes.items()):
        share = np.bincount(column) // max(1, len(groups))
        counts = np.zeros((len(groups), len(share)), np.int64)
        np.add.at(counts, (row, column[seated]), 1)
        line = share * (share - 1) // 2 + (counts - share) * share
        over += problem.class_weights[name] * (counts * (counts - 1) // 2 - line).sum(1)
    return over
