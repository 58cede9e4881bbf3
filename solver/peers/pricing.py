"""Every pair and trio held against prices: those that are missing from the program, and the bound they prove.

With a price y(p) per person and m(S) >= 0 per odd set S, a group g has the reduced cost

    cost(g) - sum of y(p) over g + sum of m(S) * floor(|g & S| / 2) over all S.

If none is negative no plan costs less than sum y(p) - sum m(S) * (|S| - 1) / 2; otherwise at most n / 2
groups can be cheaper than that, each by the least reduced cost. All of it is computed in whole numbers, so
that rounding can weaken a bound but never make it wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.circles.problem import Flags, Ints
from solver.peers.pool import Pool

UNIT = 1 << 16
"""A cost of 1 in the whole numbers of prices."""

EACH = 6
"""Missing groups taken for each person in one look."""

ROWS = 512

FAR = 1 << 60


@dataclass(frozen=True, eq=False)
class OddSets:
    """k sets of people: inside (k, n); price (k,) in UNITs, not negative."""

    inside: Flags
    price: Ints

    @property
    def half(self) -> Ints:
        """(k,) how many groups fit into each at most."""
        return np.asarray((self.inside.sum(1) - 1) // 2)


@dataclass(frozen=True, eq=False)
class Missing:
    """groups (k, 3) of negative reduced cost, pairs with n in the last place; bound: no plan costs less, or
    None when this look was not complete."""

    groups: Ints
    bound: int | None


def missing(pool: Pool, prices: Ints, odd: OddSets) -> Missing:
    """A look at all pairs; when none is missing, at the trios; prices (n,) in UNITs."""
    prices = np.minimum(prices, pool.left_over * UNIT)
    used = odd.price > 0
    odd = OddSets(odd.inside[used], odd.price[used])
    everywhere = int(odd.price[odd.inside.all(1)].sum())
    parts = [_pairs(pool, prices, odd, at) for at in range(0, pool.n, ROWS)]
    groups = np.concatenate([part for part, _ in parts])
    least = min(low for _, low in parts)
    if len(groups) > pool.n // 50 or not pool.trios:
        bound = None if pool.trios else _bound(pool, prices, odd, least)
        return Missing(groups, bound)
    trios, low, complete = _trios(pool, prices, odd, everywhere)
    bound = _bound(pool, prices, odd, min(least, low)) if complete else None
    return Missing(np.concatenate((groups, trios)), bound)


def _bound(pool: Pool, prices: Ints, odd: OddSets, least: int) -> int:
    value = int(prices.sum()) - int((odd.price * odd.half).sum()) + pool.n // 2 * min(0, least)
    return max(0, -(-value // UNIT))


def reduced(pool: Pool, groups: Ints, prices: Ints, odd: OddSets) -> Ints:
    """(k,) reduced costs in UNITs of groups (k, 3)."""
    extended = np.append(np.minimum(prices, pool.left_over * UNIT), 0)
    inside = np.column_stack((odd.inside, np.zeros(len(odd.inside), bool)))
    low = pool.cost_of(groups) * UNIT - extended[groups].sum(1)
    for members, price in zip(inside, odd.price.tolist(), strict=True):
        low += price * (members[groups].sum(1) >= 2)
    return np.asarray(low)


def within(pool: Pool, prices: Ints, odd: OddSets, gap: int, most: int) -> Ints | None:
    """Every group (k, 3) of a reduced cost below `gap` UNITs, or None if there are more than `most`."""
    prices = np.minimum(prices, pool.left_over * UNIT)
    found, many = [], 0
    for start in range(0, pool.n, ROWS):
        low = np.triu(_low(pool, prices, odd, start) - gap, start + 1)
        one, two = np.nonzero(low < 0)
        found.append(np.column_stack((one + start, two, np.full(len(one), pool.n))))
        many += len(one)
    everywhere = int(odd.price[odd.inside.all(1)].sum())
    for groups in _trios_by_dearest(pool, prices, everywhere - gap) if pool.trios else ():
        found.append(groups[reduced(pool, groups, prices, odd) < gap])
        many += len(found[-1])
        if many > most:
            return None
    return _ordered(np.concatenate(found)) if many <= most else None


def _low(pool: Pool, prices: Ints, odd: OddSets, start: int) -> Ints:
    """(rows, n) reduced costs of the pairs of the people from `start` on, FAR where they are no pair."""
    rows = np.arange(start, min(start + ROWS, pool.n))
    low = (pool.price[rows] + pool.sizes[0]) * UNIT - prices[rows, None] - prices[None]
    for members, price in zip(odd.inside, odd.price.tolist(), strict=True):
        mine, theirs = np.flatnonzero(members[rows]), np.flatnonzero(members)
        low[mine[:, None], theirs] += price
    low[~pool.pairs[rows]] = FAR
    return np.asarray(low)


def _pairs(pool: Pool, prices: Ints, odd: OddSets, start: int) -> tuple[Ints, int]:
    """Missing pairs of the people from `start` on, the least few of each; and the least reduced cost."""
    low = _low(pool, prices, odd, start)
    least = min(0, int(low.min()))
    few = min(EACH, pool.n) - 1
    nearest = np.argpartition(low, few, axis=1)[:, : few + 1]
    negative = np.take_along_axis(low, nearest, 1) < 0
    row, _ = np.nonzero(negative)
    groups = np.column_stack((row + start, nearest[negative], np.full(len(row), pool.n)))
    return _ordered(groups), least


def _trios(pool: Pool, prices: Ints, odd: OddSets, everywhere: int) -> tuple[Ints, int, bool]:
    """Missing trios, the least few of each person; the least reduced cost; whether all were looked at."""
    found, least, many = [], 0, 0
    for groups in _trios_by_dearest(pool, prices, everywhere):
        low = reduced(pool, groups, prices, odd)
        order = np.argsort(low, kind="stable")[:EACH]
        found.append(groups[order[low[order] < 0]])
        least = min(least, int(low.min(initial=0)))
        many += len(found[-1])
        if many > pool.n:
            break
    groups = np.concatenate(found) if found else np.zeros((0, 3), np.int64)
    return _ordered(groups), least, many <= pool.n


def _trios_by_dearest(pool: Pool, prices: Ints, everywhere: int) -> Iterator[Ints]:
    """For each person, the trios in which theirs is the highest price and that may be missing; a set of all
    people is counted, smaller odd sets could only make them dearer."""
    order = np.argsort(-prices, kind="stable")
    own = pool.sizes[1] * UNIT + everywhere
    for at, person in enumerate(order.tolist()):
        if own >= 3 * int(prices[person]):
            return
        others = order[at + 1 :]
        others = others[pool.meets[person, others]]
        share = pool.price[person, others] * UNIT - prices[others]
        base = own - int(prices[person])
        kept = share + share.min(initial=0) + base < 0
        if np.count_nonzero(kept) >= 2:
            yield _with(pool, person, others[kept], share[kept], base)


def _with(pool: Pool, person: int, others: Ints, share: Ints, base: int) -> Ints:
    """Trios (k, 3) of one person with two of the others."""
    low = share[:, None] + share[None] + pool.price[others[:, None], others] * UNIT + base
    one, two = np.nonzero(np.triu((low < 0) & pool.meets[others[:, None], others], 1))
    whose = np.full(len(one), person)
    fits = pool.trios_meet(whose, others[one], others[two])
    return np.column_stack((whose, others[one], others[two]))[fits]


def _ordered(groups: Ints) -> Ints:
    """Each group once, its members ascending."""
    return np.unique(np.sort(groups, axis=1), axis=0) if len(groups) else groups.reshape(0, 3)
