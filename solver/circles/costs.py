"""What a set of circles costs, recounted from the problem; and who may sit with whom."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.circles.problem import CirclesProblem, Flags, Ints

Ties = NDArray[np.int8]

REUNION, HARD = 1, 2


@dataclass(frozen=True, eq=False)
class CircleCosts:
    """The problem as arrays for looking up: n people and, at place n, an empty chair that costs nothing.

    ties (n+1, n+1): 0, REUNION or HARD. classes (attributes, n+1): class numbers, the empty chair -1.
    weights (attributes,). hosts (n+1,): may facilitate; everyone where the rules need nobody.
    """

    problem: CirclesProblem
    ties: Ties
    classes: Ints
    weights: Ints
    hosts: Flags

    def pairs(self, first: Ints, second: Ints) -> Ints:
        """Cost of each pair of people sitting together; hard pairs count 0 here."""
        cost: Ints = self.problem.reunion_weight * (self.ties[first, second] == REUNION).astype(np.int64)
        for column, weight in zip(self.classes, self.weights, strict=True):
            mine, theirs = column[first], column[second]
            cost += weight * ((mine == theirs) & (mine >= 0) & (theirs >= 0))
        return cost

    def matrix(self, people: Ints) -> Ints:
        """(k, k) costs of the pairs among k people, 0 on the diagonal."""
        cost = self.pairs(people[:, None], people[None, :])
        np.fill_diagonal(cost, 0)
        return cost

    def size(self, members: int) -> int:
        """Cost of a circle's size."""
        return self.problem.size_weight * abs(members - self.problem.target)

    def circle(self, members: Sequence[int]) -> int:
        """Cost of one circle."""
        return int(self.matrix(np.array(members, np.int64)).sum()) // 2 + self.size(len(members))

    def total(self, groups: Sequence[Sequence[int]], unplaced: int) -> int:
        """Cost of a whole plan that leaves `unplaced` people over."""
        return sum(self.circle(members) for members in groups) + self.problem.unplaced_weight * unplaced

    def allows(self, members: Sequence[int]) -> bool:
        """Whether these people may form one circle: size, rules, a shared slot, a facilitator."""
        people = np.array(members, np.int64)
        return (
            self.problem.smallest <= len(people) <= self.problem.largest
            and not (self.ties[people[:, None], people] == HARD).any()
            and bool(self.problem.available[people].all(0).any())
            and bool(self.hosts[people].any())
        )


def costs_of(problem: CirclesProblem) -> CircleCosts:
    """Lay out the problem for looking up; n+1 by n+1 bytes of memory."""
    n = problem.n
    ties = np.zeros((n + 1, n + 1), np.int8)
    for pairs, code in ((problem.reunions, REUNION), (problem.hard, HARD)):
        ties[pairs[:, 0], pairs[:, 1]] = code
        ties[pairs[:, 1], pairs[:, 0]] = code
    names = sorted(problem.classes)
    classes = np.full((len(names), n + 1), -1, np.int64)
    for row, name in enumerate(names):
        classes[row, :n] = problem.classes[name]
    weights = np.array([problem.class_weights[name] for name in names], np.int64)
    hosts = np.append(problem.facilitates | (problem.kind == "pair"), False)
    return CircleCosts(problem, ties, classes, weights, hosts)


def shared_slot(problem: CirclesProblem, members: Sequence[int]) -> int:
    """The earliest slot all of a feasible circle can make."""
    return int(problem.available[list(members)].all(0).argmax())
