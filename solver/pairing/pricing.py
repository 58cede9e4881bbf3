"""From the best of some pairs to the best of all: every pair is held against the prices (docs/model.md,
1.8).

A pair whose cost falls below its prices would improve the plan and is missing from the graph. When no pair
does, in the order of the goals, the plan is the best of all plans; until then the prices say how far from it
the plan can be at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.pairing.candidates import Pairs, all_pairs, best_and_reserve, drawn_share, graph_of, joined
from solver.pairing.flow import Graph, whole_face
from solver.pairing.goals import Goal
from solver.pairing.leximin import Chain, ProvedGoal, solve_chain
from solver.pairing.market import Market, cached, utility_of_pairs
from solver.pairing.problem import Ints
from solver.pairing.recovery import by_mentee
from solver.pairing.scoring import ColumnUtilities, MatrixUtilities
from solver.settings import Remaining, Report
from solver.status import SolveFailedError

DENSE = 60_000
"""Markets with at most so many pairs are solved whole."""

KEEP = 20
"""So many best pairs of each mentee and of each mentor make the first graph."""

BEST, DRAWN = 4, 6
"""Of the pairs below their prices a mentee gets the lowest few, and a few of the others wherever they
fall.
"""

NEAR = 16
"""So many pairs of each mentee, on average, are taken for near their prices."""

BUCKETS = 64
SAMPLE = 100
RESERVE_ENTRIES = 250_000
KEY_LIMIT = 2**61
MOST_ROUNDS = 60


Look = tuple[Pairs, int, Ints]
"""Pairs chosen from some mentees, how many were below their prices, and the shortfall by goal."""


@dataclass(frozen=True, kw_only=True, eq=False)
class PricedPlan:
    """The best plan of a market. `gap`: what the first unproved goal may still be improved by, at most."""

    chain: Chain
    proved: bool
    gap: int
    rounds: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Key:
    """Goals folded into one number: a pair's reduced cost is `table[credit, utility] + mentor - mentee`.

    Its sign is that of the first goal in which the reduced cost is not zero. `goals`: how many are in it.
    """

    table: Ints
    mentee: Ints
    mentor: Ints
    goals: int


@dataclass(frozen=True, kw_only=True, eq=False)
class MissingPairs:
    """`pairs` to add; `below`: how many pairs are below their prices; `short` (goals,): by how much each
    goal's value could fall at most, counted where all goals before are at their prices.
    """

    pairs: Pairs
    below: int
    short: Ints

    @property
    def gap(self) -> int:
        """The first goal's shortfall that is not zero."""
        open_ = self.short[self.short > 0]
        return int(open_[0]) if len(open_) else 0


def best_plan(
    market: Market,
    goals: Sequence[Goal],
    remaining: Remaining,
    report: Report,
    start: Graph | None = None,
) -> PricedPlan:
    """The best plan of all pairs by `goals` in turn: solved on promising pairs, the others priced back.

    `start`: the pairs to begin with, from an earlier solve of nearly the same market.

    At the deadline the plan so far, with the gap its prices prove. Reports "scored", "kept" (pairs looked
    at, of all), "fair" (goals done, of all), "flow" (rounds) and "gap" (pairs below their prices).
    """
    mentees, mentors = market.utilities.shape
    if mentees * mentors <= DENSE and start is None:
        graph = all_pairs(market)
        report("kept", len(graph.tail), len(graph.tail))
        chain = solve_chain(market, graph, goals, whole_face(graph), remaining, report)
        return PricedPlan(chain=chain, proved=not chain.open_goals, gap=0, rounds=1)
    market = cached(market)
    report("scored", mentees, mentees)
    graph, reserve = best_and_reserve(market, KEEP) if start is None else (start, None)
    if isinstance(market.utilities, MatrixUtilities):
        reserve = None
    graph = _with_kept(market, graph, goals)
    known: tuple[ProvedGoal, ...] = ()
    likely = 0
    best: PricedPlan | None = None
    for rounds in range(1, MOST_ROUNDS + 1):
        report("kept", len(graph.tail), mentees * mentors)
        near = NEAR if rounds == 1 else NEAR // 4
        chain = solve_chain(market, graph, goals, whole_face(graph), remaining, report, known, likely)
        if chain.open_goals and best is not None:
            return best
        report("flow", rounds, rounds)
        found = None if reserve is None else price_reserve(market, chain.steps, reserve, near)
        if found is None or found.below * 100 < mentees or remaining() <= 0:
            reserve = None
            found = price_back(market, chain.steps, NEAR if best is None else near)
            proved = not found.below and not chain.open_goals
            best = PricedPlan(chain=chain, proved=proved, gap=found.gap, rounds=rounds)
            report("gap", found.below, mentees * mentors)
            if chain.open_goals or not found.below or remaining() <= 0:
                return best
        known, likely = _still_known(chain.steps, found), _idle(chain.steps)
        graph = _next_graph(market, chain, found, rounds == 1, goals)
    if best is None:
        raise SolveFailedError(f"Pairs are still below their prices after {MOST_ROUNDS} rounds.")
    return best


def _next_graph(
    market: Market, chain: Chain, found: MissingPairs, first: bool, goals: Sequence[Goal]
) -> Graph:
    """What the prices point at. The first guess is dropped but for pairs in use or to be kept, later ones
    stay.
    """
    graph = chain.graph
    if first:
        stays = np.zeros(len(graph.tail), np.bool_)
        stays[chain.match[chain.match >= 0]] = True
        for goal in goals:
            if goal.kept is not None:
                stays |= goal.kept[graph.tail] == graph.head
        graph = graph.part(np.flatnonzero(stays))
    return graph_of(market, *joined([(graph.tail, graph.head, graph.utility), found.pairs]))


def _idle(steps: Sequence[ProvedGoal]) -> int:
    """How many of the first levels nobody needed."""
    first = next((step for step in steps if step.goal.name == "levels"), None)
    return len(first.goal.levels) if first is not None and first.value == 0 else 0


def _still_known(steps: tuple[ProvedGoal, ...], found: MissingPairs) -> tuple[ProvedGoal, ...]:
    """The leading steps no pair contradicts, if they are worth keeping."""
    count = int(np.flatnonzero(found.short)[0])
    return steps[:count] if count > 1 else ()


def _with_kept(market: Market, graph: Graph, goals: Sequence[Goal]) -> Graph:
    """The graph with all pairs to be kept, where allowed: their cost is not that of others of equal
    utility.
    """
    kept = [goal.kept for goal in goals if goal.kept is not None]
    if not kept:
        return graph
    mentee = np.flatnonzero(kept[0] >= 0)
    mentor = kept[0][mentee]
    utility = utility_of_pairs(market.utilities, np.stack([mentee, mentor], axis=1))
    allowed = utility >= 0
    own = (mentee[allowed], mentor[allowed], utility[allowed])
    return graph_of(market, *joined([(graph.tail, graph.head, graph.utility), own]))


def folded(steps: Sequence[ProvedGoal]) -> Key:
    """As many leading goals as fit one 64-bit number, each weighing more than all after it together can
    reach.

    It ends before a goal that looks at the pair itself, except for pairs to be kept, which the graph has
    anyway.
    """
    cross = (place for place, step in enumerate(steps) if step.goal.cross is not None)
    count = max(1, next(cross, len(steps)))
    while True:
        chosen = steps[:count]
        table = np.zeros_like(chosen[0].goal.table)
        mentee, mentor = np.zeros_like(chosen[0].prices.mentee), np.zeros_like(chosen[0].prices.mentor)
        reach = 0
        for step in reversed(chosen):
            unit = reach + 1
            reach += unit * _reach(step)
            if reach > KEY_LIMIT:
                break
            table = table + unit * step.goal.table
            mentee, mentor = mentee + unit * step.prices.mentee, mentor + unit * step.prices.mentor
        if reach <= KEY_LIMIT:
            return Key(table=table, mentee=mentee, mentor=mentor, goals=count)
        count -= 1


def _reach(step: ProvedGoal) -> int:
    """The largest reduced cost of any pair in a goal, above or below zero."""
    table, prices = step.goal.table, step.prices
    low = int(table.min()) - int(prices.mentee.max(initial=0)) + int(prices.mentor.min(initial=0))
    high = int(table.max()) - int(prices.mentee.min(initial=0)) + int(prices.mentor.max(initial=0))
    return max(-low, high, 0)


def price_back(market: Market, steps: Sequence[ProvedGoal], near: int = 0) -> MissingPairs:
    """All pairs held against the prices of all goals in turn; and about `near` a mentee that are near
    them.
    """
    pricing = _Pricing(market, steps, near)
    return _gathered(list(market.each_range(pricing.look, market.blocks)), len(steps))


def price_reserve(market: Market, steps: Sequence[ProvedGoal], reserve: Graph, near: int) -> MissingPairs:
    """The pairs of a reserve only, held against the prices: cheap, and proves nothing."""
    pricing = _Pricing(market, steps, near)
    order = by_mentee(reserve)
    rows = np.searchsorted(reserve.tail[order], np.arange(reserve.mentees + 1))
    step = max(1, reserve.mentees * RESERVE_ENTRIES // max(1, len(order)))

    def look(start: int, stop: int) -> Look:
        arcs = order[rows[start] : rows[stop]]
        return pricing.chosen(reserve.tail[arcs], reserve.head[arcs], reserve.utility[arcs], stop - start)

    ranges = [(start, min(reserve.mentees, start + step)) for start in range(0, reserve.mentees, step)]
    return _gathered(list(market.each_range(look, ranges)), len(steps))


def _gathered(looks: Sequence[Look], goals: int) -> MissingPairs:
    pairs = joined([pairs for pairs, _, _ in looks])
    below = sum(count for _, count, _ in looks)
    short = sum((own for _, _, own in looks), np.zeros(goals, np.int64))
    return MissingPairs(pairs=pairs, below=below, short=short)


class _Pricing:
    """Thresholds made from prices: below them no pair can improve anything, and most pairs are below.

    Mentors of nearly the same price share a bucket; per mentee and bucket, the least utility at which a pair
    could be below its prices.
    """

    def __init__(self, market: Market, steps: Sequence[ProvedGoal], near: int) -> None:
        self.market, self.steps, self.key = market, steps, folded(steps)
        key, credit = self.key, market.problem.credits
        self.whole = key.goals == len(steps)
        self.margin = self._margin(near) if near else -int(self.whole)
        lows = np.unique(key.mentor)
        if len(lows) > BUCKETS:
            ordered = np.sort(key.mentor)
            lows = np.unique(ordered[np.linspace(0, len(ordered) - 1, BUCKETS + 1).astype(np.int64)[:-1]])
        self.bucket = np.searchsorted(lows, key.mentor, side="right") - 1
        width = key.table.shape[1]
        self.least = np.empty((len(key.mentee), len(lows)), np.int16)
        for level in np.unique(credit):
            rows = np.flatnonzero(credit == level)
            rising = np.minimum.accumulate(key.table[level])[::-1]
            limit = key.mentee[rows, None] - lows[None, :] + self.margin
            self.least[rows] = width - np.searchsorted(rising, limit, side="right")

    def _margin(self, near: int) -> int:
        """The key below which about `near` pairs a mentee lie, judged by a few mentees."""
        rows = min(len(self.key.mentee), SAMPLE)
        block = self.market.utilities.block(0, rows)
        mentee, mentor = (block >= 0).nonzero()
        keys = self._key(mentee, mentor, block[mentee, mentor].astype(np.int64))
        place = near * rows
        return max(0, int(np.partition(keys, place)[place])) if place < len(keys) else 0

    def look(self, start: int, stop: int) -> Look:
        """What a block of mentees misses."""
        least = np.take(self.least[start:stop], self.bucket, axis=1)
        utilities = self.market.utilities
        if isinstance(utilities, ColumnUtilities):
            mentee, mentor, utility = utilities.above(start, stop, least)
        else:
            block = utilities.block(start, stop)
            place = np.flatnonzero(block >= least)
            mentee, mentor = np.divmod(place, block.shape[1])
            utility = block.reshape(-1)[place].astype(np.int64)
        return self.chosen(mentee + start, mentor, utility, stop - start)

    def chosen(self, mentee: Ints, mentor: Ints, utility: Ints, rows: int) -> Look:
        """What to add of these pairs of `rows` mentees: some below their prices, and those near them."""
        below, short = self._below(mentee, mentor, utility)
        chosen = below[self._chosen(mentee[below], mentor[below], utility[below])]
        if self.margin > 0:
            key = self._key(mentee, mentor, utility)
            near = np.flatnonzero((key >= 0) & (key <= self.margin))
            near = near[drawn_share(mentee[near], mentor[near]) * max(1, len(near)) < 2 * NEAR * rows]
            chosen = np.union1d(chosen, near)
        return (mentee[chosen], mentor[chosen], utility[chosen]), len(below), short

    def _key(self, mentee: Ints, mentor: Ints, utility: Ints) -> Ints:
        credit = self.market.problem.credits[mentee]
        cost: Ints = self.key.table[credit, utility] + self.key.mentor[mentor]
        return cost - self.key.mentee[mentee]

    def _below(self, mentee: Ints, mentor: Ints, utility: Ints) -> tuple[Ints, Ints]:
        """Places of the pairs below their prices, and per goal the sum of each mentee's worst."""
        short = np.zeros(len(self.steps), np.int64)
        open_, below = np.arange(len(mentee)), []
        if self.whole:
            open_ = np.flatnonzero(self._key(mentee, mentor, utility) < 0)
        for place, step in enumerate(self.steps):
            e, m = mentee[open_], mentor[open_]
            cost = step.goal.of_pairs(self.market.problem.credits, e, m, utility[open_])
            reduced = cost + step.prices.mentor[m] - step.prices.mentee[e]
            under = reduced < 0
            if under.any():
                below.append(open_[under])
                short[place] = _worst_of_each(e[under], -reduced[under])
            open_ = open_[reduced == 0]
        found = np.sort(np.concatenate(below)) if below else open_[:0]
        return found, short

    def _chosen(self, mentee: Ints, mentor: Ints, utility: Ints) -> Ints:
        """Places of each mentee's lowest pairs and of a few others, wherever they fall."""
        if len(mentee) == 0:
            return mentee
        first = np.flatnonzero(np.concatenate([[True], mentee[1:] != mentee[:-1]]))
        count = np.diff(np.append(first, len(mentee)))
        kept = drawn_share(mentee, mentor) * np.repeat(count, count) < DRAWN
        key = self._key(mentee, mentor, utility)
        for _ in range(BEST):
            best = np.flatnonzero(key == np.repeat(np.minimum.reduceat(key, first), count))
            kept[best[: 4 * len(first)]] = True
            key[best] = KEY_LIMIT
        return np.flatnonzero(kept)


def _worst_of_each(mentee: Ints, shortfall: Ints) -> int:
    """Sum over the mentees (ascending) of their largest shortfall."""
    first = np.flatnonzero(np.concatenate([[True], mentee[1:] != mentee[:-1]]))
    return int(np.maximum.reduceat(shortfall, first).sum())
