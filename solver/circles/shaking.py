"""Other circles of low cost for small pools: the best so far, or new ones, warmed and cooled by swaps.

Listing every circle cannot choose among them where too many cost the same, as when only new people count.
"""

from collections.abc import Sequence

import numpy as np

from solver.circles.board import board_of, groups_of
from solver.circles.construct import first_circles
from solver.circles.cooling import plan_cost
from solver.circles.costs import CircleCosts, shared_slot
from solver.circles.improve import improve
from solver.settings import Remaining

Groups = list[tuple[int, ...]]

STEPS = 1_200
"""Swaps of one cooling."""

PATIENCE = 12
"""Coolings in a row that improve nothing before they end."""

ANEW = 3
"""Every so many coolings one begins with circles of its own, so that a dead end is left."""


def shaken_often(
    costs: CircleCosts,
    groups: Groups,
    rng: np.random.Generator,
    *,
    times: int,
    bound: int,
    remaining: Remaining,
) -> Groups:
    """The best circles after so many coolings, until the bound is met or time is out; never worse."""
    cost, fruitless = plan_cost(costs, groups), 0
    for time in range(times):
        if cost <= bound or fruitless == PATIENCE or remaining() <= 0:
            break
        start = first_circles(costs, rng)[0] if time % ANEW == ANEW - 1 else groups
        found = shaken(costs, start, rng, remaining)
        fruitless += 1
        if plan_cost(costs, found) < cost:
            groups, cost, fruitless = found, plan_cost(costs, found), 0
    return groups


def shaken(
    costs: CircleCosts,
    groups: Sequence[Sequence[int]],
    rng: np.random.Generator,
    remaining: Remaining,
    *,
    steps: int = STEPS,
) -> Groups:
    """Another plan of low cost: these circles warmed a little and cooled again."""
    slots = [shared_slot(costs.problem, members) for members in groups]
    board = board_of(costs, groups, slots)
    grain = float(costs.weights[costs.weights > 0].min(initial=10))
    improve(costs, board, rng, steps=steps, warm=grain, cold=0.1 * grain, remaining=remaining)
    return groups_of(costs, board)
