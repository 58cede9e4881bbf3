"""Whom to ask for one more place: what it would do, found by solving again with it (docs/model.md, 1.10)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from solver.pairing.goals import Goal, level_of
from solver.pairing.market import Market
from solver.pairing.pricing import PricedPlan, best_plan
from solver.pairing.problem import Ints, Recruit
from solver.settings import Remaining, silent

TRIED = 3
"""So many mentors are tried, the dearest first."""

LARGEST = 1_000_000
"""Larger markets are not solved again for this; a question about one mentor still can be asked."""


def recruiting_list(
    market: Market, goals: Sequence[Goal], priced: PricedPlan, remaining: Remaining
) -> tuple[Recruit, ...]:
    """The mentors whose further place is worth most, by how many it places and how many placed mentees it
    lifts.

    Only mentors whose places somebody wants: by prices in the order of the goals, a place of theirs has a
    value.
    """
    mentees, mentors = market.utilities.shape
    if not priced.proved or mentees * mentors > LARGEST:
        return ()
    before = _levels(market, priced)
    found = []
    for mentor in _dearest(priced):
        if remaining() <= 0:
            break
        capacity = market.problem.capacity.copy()
        capacity[mentor] += 1
        larger = replace(market, problem=market.problem.replace(capacity=capacity))
        graph = replace(priced.chain.graph, capacity=capacity)
        after = _levels(market, best_plan(larger, goals, remaining, silent, start=graph))
        placed = int((after > 0).sum() - (before > 0).sum())
        lifted = int(((before > 0) & (after > before)).sum())
        if placed or lifted:
            found.append(Recruit(mentor=int(market.mentor_rows[mentor]), placed=placed, lifted=lifted))
    return tuple(sorted(found, key=lambda one: (-one.placed, -one.lifted, one.mentor)))


def _dearest(priced: PricedPlan) -> list[int]:
    """Mentors in the order of what one more place with them is worth, the first few with a value at all."""
    steps = [step for step in priced.chain.steps if step.goal.name in ("coverage", "credit", "levels")]
    if not steps:
        return []
    prices = np.array([step.prices.mentor for step in steps])
    order = np.lexsort((np.arange(prices.shape[1]), *(-prices[::-1])))
    return [mentor for mentor in order.tolist() if prices[:, mentor].any()][:TRIED]


def _levels(market: Market, priced: PricedPlan) -> Ints:
    """Level of every open mentee, 0 for nobody's."""
    chain = priced.chain
    utility = np.full(market.problem.mentees, -1, np.int64)
    placed = chain.match >= 0
    utility[placed] = chain.graph.utility[chain.match[placed]]
    return level_of(utility, market.problem.line, market.problem.levels)
