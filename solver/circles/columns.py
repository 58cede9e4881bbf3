"""Every circle that keeps the rules, listed by size: each is a column of the choice in `partition`."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.circles.costs import HARD, CircleCosts
from solver.circles.problem import Flags, Ints
from solver.settings import Remaining, unhurried

Words = NDArray[np.uint64]
Places = NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Columns:
    """N circles among `people` (k,): members (N, largest) as positions 0..k-1 in it, ascending and padded
    with k; cost (N,)."""

    people: Ints
    members: Places
    cost: Ints

    def __len__(self) -> int:
        return len(self.cost)

    def take(self, rows: NDArray[np.int64] | Flags) -> "Columns":
        """Some of the columns."""
        return Columns(self.people, self.members[rows], self.cost[rows])

    def circle(self, row: int) -> tuple[int, ...]:
        """One circle, as people."""
        places = self.members[row]
        return tuple(int(self.people[place]) for place in places if place < len(self.people))


@dataclass(frozen=True, eq=False)
class _Pool:
    """k people: fits (k, k): who may join a circle whose members all come before them; slots (k, words),
    price (k, k), hosts (k,)."""

    fits: Flags
    slots: Words
    price: Ints
    hosts: Flags


@dataclass(frozen=True, eq=False)
class _Level:
    """N incomplete circles of one size: members (N, size), the slots all can make (N, words), the cost of the
    pairs (N,), whether somebody facilitates (N,)."""

    members: Places
    slots: Words
    cost: Ints
    hosted: Flags


def all_circles(
    costs: CircleCosts, people: Ints, most: int, remaining: Remaining = unhurried
) -> Columns | None:
    """Every feasible circle among these people, or None if they or their beginnings are more than `most` or
    the time is out.

    Each circle is grown from its lowest member upwards, so it is found once, whatever slots it could meet at.
    """
    problem = costs.problem
    count = len(people)
    price = costs.matrix(people)
    slots = _packed(problem.available[people])
    shared = (slots[:, None] & slots[None]).any(2)
    fits = np.triu(shared & (costs.ties[people[:, None], people] != HARD), 1)
    hosts = costs.hosts[people]
    pool = _Pool(fits, slots, price, hosts)
    level = _Level(np.arange(count, dtype=np.int16)[:, None], slots, np.zeros(count, np.int64), hosts)
    found: list[Columns] = []
    total = 0
    for size in range(2, problem.largest + 1):
        grown = _grow(level, pool, most - total, remaining)
        if grown is None:
            return None
        level = grown
        total += len(level.cost)
        if size >= problem.smallest:
            padded = np.full((int(level.hosted.sum()), problem.largest), count, np.int16)
            padded[:, :size] = level.members[level.hosted]
            found.append(Columns(people, padded, level.cost[level.hosted] + costs.size(size)))
    if not found:
        return Columns(people, np.zeros((0, problem.largest), np.int16), np.zeros(0, np.int64))
    return Columns(
        people,
        np.concatenate([columns.members for columns in found]),
        np.concatenate([columns.cost for columns in found]),
    )


def _packed(available: Flags) -> Words:
    """(k, words): the slots as bits."""
    padding = -available.shape[1] % 64
    wide = np.pad(available, ((0, 0), (0, padding)))
    return np.packbits(wide, axis=1, bitorder="little").view(np.uint64)


def _grow(level: _Level, pool: _Pool, most: int, remaining: Remaining) -> _Level | None:
    """Add one member, higher than all others, in every possible way; None if that is more than `most` or
    takes too long."""
    parts: list[_Level] = []
    total = 0
    chunk = max(1, 8_000_000 // max(1, len(pool.fits)))
    for start in range(0, len(level.cost), chunk):
        members = level.members[start : start + chunk]
        free = np.logical_and.reduce([pool.fits[members[:, seat]] for seat in range(members.shape[1])])
        row, joins = np.nonzero(free)
        shared = level.slots[start + row] & pool.slots[joins]
        meet = shared.any(1)
        row, joins, shared = row[meet], joins[meet], shared[meet]
        total += len(row)
        if total > most or remaining() <= 0:
            return None
        chosen = members[row]
        cost = level.cost[start + row]
        for seat in range(chosen.shape[1]):
            cost = cost + pool.price[chosen[:, seat], joins]
        parts.append(
            _Level(
                np.column_stack((chosen, joins.astype(np.int16))),
                shared,
                cost,
                level.hosted[start + row] | pool.hosts[joins],
            )
        )
    if not parts:
        width = level.members.shape[1] + 1
        return _Level(np.zeros((0, width), np.int16), level.slots[:0], level.cost[:0], level.hosted[:0])
    return _Level(
        np.concatenate([part.members for part in parts]),
        np.concatenate([part.slots for part in parts]),
        np.concatenate([part.cost for part in parts]),
        np.concatenate([part.hosted for part in parts]),
    )
