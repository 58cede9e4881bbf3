"""Which of several good plans leaves the most cycles in which nobody need meet again: for small pools.

Choosing cycle by cycle uses up the pairs that are hard to avoid; so a few plans of nearly the same cost are
each played forward, and the one that leaves the most is taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from solver.circles.construct import first_circles
from solver.circles.costs import costs_of
from solver.circles.problem import CirclesPlan, CirclesProblem, Ints
from solver.circles.shaking import shaken
from solver.circles.solve import plan_of, solve_circles
from solver.settings import Remaining, Report, SolveSettings


def solve_looking_ahead(
    problem: CirclesProblem,
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    *,
    cycles: int,
    candidates: int = 6,
    dearer: int = 0,
) -> tuple[CirclesPlan, int]:
    """The plan that leaves the most repeat-free cycles, up to `cycles`, and their number.

    candidates: other plans tried beside the best; those that cost more than the best by over `dearer` are
    left aside.
    """
    best = solve_circles(problem, settings, remaining, report)
    costs = costs_of(problem)
    rng = np.random.default_rng(settings.seed)
    plans = [
        best,
        *(plan_of(costs, shaken(costs, best.groups, rng, remaining), best.bound) for _ in range(candidates)),
    ]
    fair = [plan for plan in plans if plan.objective <= best.objective + dearer]
    left = [cycles_left(problem, plan.groups, cycles, rng, remaining) for plan in fair]
    chosen = max(range(len(fair)), key=lambda at: (left[at], -fair[at].objective, -at))
    return fair[chosen], left[chosen]


def cycles_left(
    problem: CirclesProblem,
    groups: Sequence[Sequence[int]],
    most: int,
    rng: np.random.Generator,
    remaining: Remaining,
) -> int:
    """For how many cycles after this one, at most `most`, as many people can be placed without any reunion.

    A lower bound: each cycle is played forward once, by swaps. Earlier reunions count as met.
    """
    placed = sum(len(members) for members in groups)
    hard = np.concatenate((problem.hard, problem.reunions, _together(groups)))
    for cycle in range(most):
        costs = costs_of(replace(problem, hard=hard, reunions=hard[:0], classes={}))
        found = shaken(costs, first_circles(costs, rng)[0], rng, remaining)
        if remaining() <= 0 or sum(len(circle) for circle in found) < placed:
            return cycle
        hard = np.concatenate((hard, _together(found)))
    return most


def _together(groups: Sequence[Sequence[int]]) -> Ints:
    listed = [pair for members in groups for pair in combinations(sorted(members), 2)]
    return np.array(listed, np.int64).reshape(-1, 2)
