"""Peers laid out for pricing: what every two cost, who may be a pair, which trios keep the rules."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.circles.costs import HARD, CircleCosts
from solver.circles.problem import Flags, Ints

Words = NDArray[np.uint64]

PAIR, TRIO = 2, 3


@dataclass(frozen=True, eq=False)
class Pool:
    """n people. price (n, n): cost of two people together; meets (n, n): no rule between them and a shared
    slot; pairs (n, n): may be a pair. slots (n, words) as bits; hosts (n,): may facilitate. trios: whether
    groups of three are allowed; sizes: cost of a pair's and of a trio's size."""

    costs: CircleCosts
    price: Ints
    meets: Flags
    pairs: Flags
    slots: Words
    hosts: Flags
    trios: bool
    sizes: tuple[int, int]

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.hosts)

    @property
    def left_over(self) -> int:
        """Cost of a person left over."""
        return self.costs.problem.unplaced_weight

    def cost_of(self, groups: Ints) -> Ints:
        """(k,) costs of groups (k, 3), a pair holding n in its last place."""
        first, second, third = groups.T
        cost = self.price[first, second] + self.sizes[0]
        real = third < self.n
        last = np.where(real, third, 0)
        trio = self.price[first, last] + self.price[second, last] + self.sizes[1] - self.sizes[0]
        return np.asarray(cost + np.where(real, trio, 0))

    def trios_meet(self, first: Ints, second: Ints, third: Ints) -> Flags:
        """Which of these trios, any two of whom meet, share one slot and have somebody who facilitates."""
        shared = (self.slots[first] & self.slots[second] & self.slots[third]).any(1)
        return np.asarray(shared & (self.hosts[first] | self.hosts[second] | self.hosts[third]))


def pool_of(costs: CircleCosts) -> Pool:
    """The pool of one problem; about 20 bytes for every two people."""
    problem, n = costs.problem, costs.problem.n
    free = problem.available.astype(np.float32)
    meets = (free @ free.T > 0) & (costs.ties[:n, :n] != HARD)
    np.fill_diagonal(meets, False)
    hosts = costs.hosts[:n]
    wide = np.pad(problem.available, ((0, 0), (0, -problem.slots % 64)))
    return Pool(
        costs=costs,
        price=costs.matrix(np.arange(n)),
        meets=meets,
        pairs=meets & (hosts[:, None] | hosts[None]),
        slots=np.packbits(wide, axis=1, bitorder="little").view(np.uint64),
        hosts=hosts,
        trios=problem.largest >= TRIO,
        sizes=(costs.size(PAIR), costs.size(TRIO)),
    )
