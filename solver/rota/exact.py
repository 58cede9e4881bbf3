"""The best rota of one small group, proved: one sequence of holders per duty, cheapest combinations first.

Every duty by itself has a table of sequences with its own cost (running, spread, first facilitator).
Sequences with equal counts and cost form a bundle; a combination of bundles fixes the total cost, so
combinations are tried in order of cost until one holds sequences in which nobody has two duties at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.rota.problem import Duties, Flags, Ints, RotaProblem
from solver.rota.sequences import assignments, fits, holders, sequences

MOST_COMBINATIONS = 3_000_000


@dataclass(frozen=True, eq=False)
class _Ways:
    """The sequences one duty may have, cheapest first: bits, cost, counts and opens of each."""

    bits: Ints
    cost: Ints
    counts: NDArray[np.int8]
    opens: NDArray[np.int8]


@dataclass(frozen=True, eq=False)
class _Bundles:
    """Ways alike: cost (k,), counts (k, m), opens (k,), and the ways of each."""

    cost: Ints
    counts: Ints
    opens: Ints
    bits: list[Ints]


def best_rota(problem: RotaProblem) -> tuple[Duties, int] | None:
    """The cheapest duties with their cost; None if the group is too large for this method, or if leaving a
    duty open could be cheaper than filling it."""
    if not fits(problem.members, problem.sessions, problem.duties) or not _filling_pays(problem):
        return None
    lacking, free = _unavoidable(problem)
    ways = [_ways(problem, duty, free[:, duty]) for duty in range(problem.duties)]
    least = [int(way.cost[0]) for way in ways]
    floor = problem.weights.load * _least_load_spread(problem, lacking)
    slack, known = 0, _NEVER
    while True:
        bundles = [_bundles(way, low + slack) for way, low in zip(ways, least, strict=True)]
        beyond = min(_next_cost(way, low + slack) - low for way, low in zip(ways, least, strict=True))
        found = _cheapest(problem, bundles, lacking)
        if found is not None and found[1] <= sum(least) + floor + beyond:
            return _duties(problem, found[0]), found[1] + problem.weights.open * lacking
        if beyond >= _NEVER:
            return None
        known = known if found is None else found[1]
        slack = max(beyond, min(2 * slack, known - sum(least) - floor))


_NEVER = 1 << 40


def _filling_pays(problem: RotaProblem) -> bool:
    """Whether an open duty costs more than everything else together can."""
    weights, turns = problem.weights, problem.sessions * problem.duties
    balance = int(problem.balance.max() - problem.balance.min())
    rest = weights.first + turns * (weights.running + weights.spread) + weights.load * (turns + balance)
    rest += weights.change * turns
    return weights.open > rest


def _unavoidable(problem: RotaProblem) -> tuple[int, Flags]:
    """How many duties must stay open in all, and who (sessions, duties, m + 1) may hold each when no more
    stay open; the last column says whether the duty itself may be among the open ones."""
    table = assignments(problem.members, problem.duties)
    free = np.ones((problem.sessions, problem.duties, problem.members + 1), bool)
    free[:, :, :-1] = problem.present.T[:, None, :] & problem.willing.T
    possible = np.ones((problem.sessions, len(table)), bool)
    for duty in range(problem.duties):
        possible &= free[:, duty, table[:, duty]]
    held = possible * (1 + (table < problem.members).sum(1))
    most = held.max(1, keepdims=True)
    best = possible & (held == most)
    for duty in range(problem.duties):
        free[:, duty] = best @ (table[:, duty, None] == np.arange(problem.members + 1))
    return problem.sessions * problem.duties - int((most - 1).sum()), free


def _ways(problem: RotaProblem, duty: int, free: Flags) -> _Ways:
    """free (sessions, m + 1): who may hold the duty, and whether it may stay open."""
    members = problem.members
    table = sequences(members, problem.sessions, bool(free[:, -1].any()))
    powers = np.int64(1) << np.arange(members * problem.sessions, dtype=np.int64).reshape(-1, members)
    fine = (table.bits & ~powers[free[:, :-1]].sum()) == 0
    if free[:, -1].any():
        for session in np.flatnonzero(~free[:, -1]):
            fine &= (table.bits & powers[session].sum()) != 0
    rows = np.flatnonzero(fine)
    counts = table.counts[rows]
    weights = problem.weights
    cost = weights.running * table.running[rows].astype(np.int64)
    willing = counts[:, problem.willing[:, duty]]
    if willing.shape[1]:
        cost += weights.spread * np.maximum(willing.max(1) - willing.min(1) - 1, 0)
    if problem.standing is not None:
        stands = [row[duty] for row in problem.standing]
        kept = sum(int(powers[session, member]) for session, member in enumerate(stands) if member >= 0)
        cost += weights.change * (
            kept.bit_count() - np.bitwise_count(table.bits[rows] & kept).astype(np.int64)
        )
    if duty == 0 and not problem.begun:
        cost += weights.first * np.append(~problem.experienced, False)[table.first[rows]]
    order = np.argsort(cost, kind="stable")
    return _Ways(table.bits[rows][order], cost[order], counts[order], table.opens[rows][order])


def _bundles(ways: _Ways, most: int) -> _Bundles:
    within = int(np.searchsorted(ways.cost, most, "right"))
    _, first, inverse = np.unique(_key(ways, within), return_index=True, return_inverse=True)
    order = np.argsort(inverse, kind="stable")
    bits = np.split(ways.bits[:within][order], np.cumsum(np.bincount(inverse))[:-1])
    counts = ways.counts[first].astype(np.int64)
    return _Bundles(ways.cost[first], counts, ways.opens[first].astype(np.int64), bits)


def _key(ways: _Ways, within: int) -> Ints:
    """One number for cost, opens and counts of each way; equal ways get equal numbers."""
    _, key = np.unique(ways.cost[:within], return_inverse=True)
    for column in (ways.opens[:within], *ways.counts[:within].T):
        base = int(column.max(initial=0)) + 1
        if (int(key.max(initial=0)) + 1) * base > _NEVER:  # ranks instead, before the product overflows
            _, key = np.unique(key, return_inverse=True)
        key = key * base + column
    return np.asarray(key, np.int64)


def _next_cost(ways: _Ways, most: int) -> int:
    after = int(np.searchsorted(ways.cost, most, "right"))
    return int(ways.cost[after]) if after < len(ways.cost) else _NEVER * 2


def _least_load_spread(problem: RotaProblem, lacking: int) -> int:
    """No rota spreads the loads less: nobody falls below their balance or rises above their sessions."""
    turns = problem.sessions * problem.duties - lacking
    total = turns + int(problem.balance.sum())
    able = problem.present.sum(1) * problem.willing.any(1)
    highest = max(int(problem.balance.max()), -(-total // problem.members))
    lowest = min(int((problem.balance + able).min()), total // problem.members)
    return max(0, highest - lowest)


def _cheapest(problem: RotaProblem, bundles: list[_Bundles], lacking: int) -> tuple[list[int], int] | None:
    """The cheapest combination of these bundles that can be realised."""
    shape = tuple(len(bundle.cost) for bundle in bundles)
    if np.prod(shape, dtype=np.float64) > MOST_COMBINATIONS:
        return None
    cost, loads, opens = np.zeros(1, np.int64), problem.balance[None], np.zeros(1, np.int64)
    for bundle in bundles:
        cost = (cost[:, None] + bundle.cost).ravel()
        loads = (loads[:, None] + bundle.counts[None]).reshape(-1, problem.members)
        opens = (opens[:, None] + bundle.opens).ravel()
    cost = cost + problem.weights.load * (loads.max(1) - loads.min(1))
    candidates = np.flatnonzero(opens == lacking)
    for at in candidates[np.argsort(cost[candidates], kind="stable")]:
        chosen = np.unravel_index(at, shape)
        ways = [bundle.bits[int(index)] for bundle, index in zip(bundles, chosen, strict=True)]
        bits = _apart(ways)
        if bits is not None:
            return bits, int(cost[at])
    return None


def _apart(ways: list[Ints]) -> list[int] | None:
    """One sequence of each duty such that nobody has two duties in one session; few of each first."""
    for most in (24, 1 << 40):
        bits = _apart_within([way[:most] for way in ways])
        if bits is not None or all(len(way) <= most for way in ways):
            return bits
    return None


def _apart_within(ways: list[Ints]) -> list[int] | None:
    order = sorted(range(len(ways)), key=lambda duty: len(ways[duty]))
    picks = np.arange(len(ways[order[0]]))[:, None]
    used = ways[order[0]]
    for duty in order[1:]:
        one, other = np.nonzero((used[:, None] & ways[duty]) == 0)
        if not len(one):
            return None
        picks, used = np.column_stack((picks[one], other)), used[one] | ways[duty][other]
    if not len(picks):
        return None
    chosen = dict(zip(order, picks[0], strict=True))
    return [int(ways[duty][chosen[duty]]) for duty in range(len(ways))]


def _duties(problem: RotaProblem, bits: list[int]) -> Duties:
    columns = [holders(sequence, problem.members, problem.sessions) for sequence in bits]
    return tuple(zip(*columns, strict=True))
