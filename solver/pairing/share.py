"""A minimum share of pairs across functions, when the policy asks for one (docs/model.md, 1.4).

The share is one constraint over all pairs, which flows do not know; a price on crossing pairs does its work.
The right price is found between two plans, one with too few such pairs and one with more than enough, and
what lies between the two is reached by making some of the moves that lead from one to the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import gcd

import numpy as np

from solver.pairing.candidates import graph_of, joined
from solver.pairing.flow import Graph
from solver.pairing.goals import Goal
from solver.pairing.leximin import Chain
from solver.pairing.market import Market
from solver.pairing.pricing import PricedPlan, best_plan
from solver.pairing.problem import Ints, PairingProblem
from solver.settings import Remaining, Report

MOST_STEPS = 40


@dataclass(frozen=True, kw_only=True, eq=False)
class _Point:
    """A plan with its crossing pairs counted and its utilities added up."""

    priced: PricedPlan
    across: int
    total: int


def with_share(
    problem: PairingProblem,
    market: Market,
    goals: Sequence[Goal],
    remaining: Remaining,
    report: Report,
    *,
    start: Graph | None = None,
    price: tuple[int, ...] = (),
) -> PricedPlan:
    """The best plan by `goals` in which the share is reached; the most crossing pairs possible if it cannot
    be.

    The share stands after the levels and before the total. `gap`: what the total may fall short of the best.
    `start`: promising pairs to begin with. `price`: that of a problem much like this one, as weights of
    total and crossing pairs, tried before it is searched for.
    """
    place = next(number for number, goal in enumerate(goals) if goal.name == "total")
    few = many = None
    if price:
        few, many = _at_price(market, goals[: place + 1], price, remaining, start)
        wanted = _wanted(problem, few)
        if few.across <= wanted <= many.across and few.priced.proved and many.priced.proved:
            return _mixed(market, _of_price(few), few, many, wanted)
        # Too few even at the most of them, or enough even at the fewest: one end of the search is known.
        few, many = (many, None) if many.across < wanted else (None, few)
    if few is None:
        few = _point(market, best_plan(market, goals, remaining, report, start=start))
        if few.across >= _wanted(problem, few) or not few.priced.proved:
            return few.priced
    wanted = _wanted(problem, few)
    if many is None:
        whole = [*goals[:place], _cross_goal(market, goals[0], 1), *goals[place:]]
        many = _point(market, best_plan(market, whole, remaining, report, start=few.priced.chain.graph))
        if many.across <= wanted or not many.priced.proved:
            return many.priced
    return _between(market, goals[: place + 1], (few, many), wanted, remaining)


def _at_price(
    market: Market,
    goals: Sequence[Goal],
    price: tuple[int, ...],
    remaining: Remaining,
    start: Graph | None,
) -> tuple[_Point, _Point]:
    """Of the plans that are best at this price of crossing pairs, one with the fewest and one with the
    most."""
    both = [*goals[:-1], _priced_goal(market, goals[-1], price[0], price[1])]
    few = _point(
        market,
        best_plan(market, [*both, _cross_goal(market, goals[0], -1)], remaining, _unheard, start=start),
    )
    start = few.priced.chain.graph
    most = [*both, _cross_goal(market, goals[0], 1)]
    return few, _point(market, best_plan(market, most, remaining, _unheard, start=start))


def _of_price(point: _Point) -> PricedPlan:
    """The proof that a plan is best at its price, without what came after."""
    chain = point.priced.chain
    return replace(point.priced, chain=replace(chain, steps=chain.steps[:-1]))


def _cross_goal(market: Market, like: Goal, weight: int) -> Goal:
    """As many crossing pairs as can be, or with -1 as few."""
    return Goal(
        name="cross",
        table=np.zeros_like(like.table),
        waiting=np.zeros_like(like.waiting),
        cross=_columns(market),
        cross_weight=weight,
    )


def _columns(market: Market) -> tuple[Ints, Ints]:
    column = market.problem.cross_column or ""
    return market.problem.mentee_columns[column], market.problem.mentor_columns[column]


def _wanted(problem: PairingProblem, point: _Point) -> int:
    """Crossing pairs the open mentees must have, pinned pairs counted in."""
    pairs = int((point.priced.chain.match >= 0).sum()) + len(problem.pinned)
    column = problem.cross_column or ""
    own = problem.mentee_columns[column][problem.pinned[:, 0]]
    theirs = problem.mentor_columns[column][problem.pinned[:, 1]]
    return -(-problem.cross_share * pairs // 1000) - int((own != theirs).sum())


def _point(market: Market, priced: PricedPlan) -> _Point:
    chain = priced.chain
    placed = np.flatnonzero(chain.match >= 0)
    arcs, (mentee, mentor) = chain.match[placed], _columns(market)
    across = int((mentee[placed] != mentor[chain.graph.head[arcs]]).sum())
    return _Point(priced=priced, across=across, total=int(chain.graph.utility[arcs].sum()))


def _between(
    market: Market, goals: Sequence[Goal], points: tuple[_Point, _Point], wanted: int, remaining: Remaining
) -> PricedPlan:
    """Tightens two plans around the share until one price makes both best; then mixes them."""
    few, many = points
    for _ in range(MOST_STEPS):
        paid, gained = few.total - many.total, many.across - few.across
        unit = gcd(paid, gained)
        point, price = gained // unit, paid // unit
        goal = _priced_goal(market, goals[-1], point, price)
        start = _both(market, few.priced.chain.graph, many.priced.chain.graph)
        found = _point(market, best_plan(market, [*goals[:-1], goal], remaining, _unheard, start=start))
        if not found.priced.proved:
            break
        if point * found.total + price * found.across == point * few.total + price * few.across:
            return _mixed(market, found.priced, few, many, wanted)
        if found.across >= wanted:
            many = found
        else:
            few = found
    return replace(many.priced, proved=False, gap=few.total - many.total)


def _unheard(_stage: str, _done: int, _of: int) -> None:
    """The search for the price is one stage to those who wait."""


def _priced_goal(market: Market, total: Goal, point: int, price: int) -> Goal:
    """Utility and crossing pairs together, in whole numbers."""
    return replace(
        total,
        name="share",
        weights=(point, price),
        table=point * total.table,
        cross=_columns(market),
        cross_weight=price,
    )


def _both(market: Market, one: Graph, other: Graph) -> Graph:
    arcs = [(graph.tail, graph.head, graph.utility) for graph in (one, other)]
    return graph_of(market, *joined(arcs))


def _mixed(market: Market, proof: PricedPlan, few: _Point, many: _Point, wanted: int) -> PricedPlan:
    """Moves from the plan with few crossing pairs towards the other, as many as come closest to the share.

    Both plans are best at the same price, so every move between them is, and each crossing pair beyond the
    share costs just that price.
    """
    before, after = _mentor_of(few), _mentor_of(many)
    moves = _moves(before, after)
    mentee, mentor = _columns(market)
    mentor = np.append(mentor, -1)
    gains = [
        int((mentee[move] != mentor[after[move]])[after[move] >= 0].sum())
        - int((mentee[move] != mentor[before[move]])[before[move] >= 0].sum())
        for move in moves
    ]
    chosen, reached = _nearest(gains, wanted - few.across)
    mix = before.copy()
    for number in chosen:
        mix[moves[number]] = after[moves[number]]
    weights = proof.chain.steps[-1].goal.weights
    gap = weights[1] * (few.across + reached - wanted) // weights[0]
    return replace(proof, chain=_with_match(market, proof.chain, few, many, mix), proved=gap == 0, gap=gap)


def _mentor_of(point: _Point) -> Ints:
    chain = point.priced.chain
    placed = chain.match >= 0
    mentor_of = np.full(len(chain.match), -1, np.int64)
    mentor_of[placed] = chain.graph.head[chain.match[placed]]
    return mentor_of


def _moves(before: Ints, after: Ints) -> list[Ints]:
    """The mentees who change, in groups that may change apart from each other: each a walk from mentor to
    mentor, the
    next mentee leaving the place the one before takes."""
    changed = np.flatnonzero(before != after).tolist()
    leaving: dict[int, list[int]] = {}
    entering: dict[int, int] = {}
    for mentee in changed:
        leaving.setdefault(int(before[mentee]), []).append(mentee)
        entering[int(after[mentee])] = entering.get(int(after[mentee]), 0) + 1
    # Walks must begin where more leave than enter, or a later walk would enter a mentor who is still full.
    starts = sorted(leaving, key=lambda m: (entering.get(m, 0) - len(leaving[m]), m))
    moves = []
    for start in starts:
        while leaving[start]:
            walk, at = [], start
            while leaving.get(at):
                mentee = leaving[at].pop()
                walk.append(mentee)
                at = int(after[mentee])
                if at == start:
                    break
            moves.append(np.array(walk, np.int64))
    return moves


def _nearest(gains: Sequence[int], least: int) -> tuple[list[int], int]:
    """Which moves together gain `least`, or as little more as possible; and what they gain."""
    ways: dict[int, tuple[int, ...]] = {0: ()}
    for number, gain in enumerate(gains):
        for reached, way in list(ways.items()):
            ways.setdefault(reached + gain, (*way, number))
        if least in ways:
            return list(ways[least]), least
    reached = min(gain for gain in ways if gain >= least)
    return list(ways[reached]), reached


def _with_match(market: Market, proof: Chain, few: _Point, many: _Point, mentor_of: Ints) -> Chain:
    """The proof's chain with another match, on a graph that has all its pairs."""
    graph = _both(market, _both(market, few.priced.chain.graph, many.priced.chain.graph), proof.graph)
    mentees = max(1, graph.mentees)
    placed = np.flatnonzero(mentor_of >= 0)
    match = np.full(graph.mentees, -1, np.int64)
    match[placed] = np.searchsorted(graph.head * mentees + graph.tail, mentor_of[placed] * mentees + placed)
    return replace(proof, graph=graph, match=match)
