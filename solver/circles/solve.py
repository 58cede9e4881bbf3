"""From a circles problem to a circles plan: listed and proved where that is possible, else slots, swaps and
set-partition neighbourhoods; always with the bound."""

from collections.abc import Sequence

import numpy as np

from solver.circles.bound import Even, counting_bound
from solver.circles.columns import all_circles
from solver.circles.construct import first_circles
from solver.circles.cooling import cooled, cooled_once, plan_cost
from solver.circles.costs import CircleCosts, costs_of, shared_slot
from solver.circles.partition import choose
from solver.circles.polish import TOGETHER, polish
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.reasons import reasons
from solver.circles.shaking import shaken_often
from solver.settings import Remaining, Report, SolveSettings, share_of

Groups = list[tuple[int, ...]]

LISTED_AT_ONCE = 64
"""So few people are listed without swapping first, which seldom meets the counting bound there."""

SHAKEN = 60
"""Most coolings of a small pool whose list left the question open; effort may allow fewer."""

LISTED_UNTOUCHED = 24
"""So few people are listed and proved sooner than they are swapped even once."""

LISTED_PEOPLE = 250
"""In larger pools listing every circle is not even tried."""

BEGINNINGS = 3
"""Times that pools of up to LISTED_PEOPLE begin where the list is too long; the best counts. Where one ends
is chance, and a longer cooling ends no better."""

BRIEF = 2_000
"""Steps of the cooling that pools of up to LISTED_PEOPLE begin with."""

FIRST_ROUNDS = 150
"""Neighbourhoods that each improves at most; effort may allow fewer."""

BEGINNING_SHARE = 0.7
"""Of the time left, what all beginnings may take."""

LISTED_COLUMNS = 2_500_000
"""Most circles listed at once: about 80 people in circles of 4 to 6, or 240 in pairs and trios."""


def solve_circles(
    problem: CirclesProblem, settings: SolveSettings, remaining: Remaining, report: Report
) -> CirclesPlan:
    """Place as many as can be at the least cost; whoever is left over comes with the reason. Never fails."""
    costs = costs_of(problem)
    rng = np.random.default_rng(settings.seed)
    even = counting_bound(problem)
    report("circles", 0, 3)
    groups = _found(costs, first_circles(costs, rng)[0])
    report("circles", 1, 3)
    report("best", even.cost, plan_cost(costs, groups))

    def better_is_possible() -> bool:
        return plan_cost(costs, groups) > even.cost and remaining() > 0

    if better_is_possible():
        groups = _swapped(costs, groups, even, settings, rng=rng, remaining=remaining)
    report("circles", 2, 3)
    report("best", even.cost, plan_cost(costs, groups))
    bound, columns = even.cost, None
    if problem.n <= LISTED_PEOPLE and better_is_possible():
        columns = all_circles(costs, np.arange(problem.n), LISTED_COLUMNS, remaining)
    if columns is not None:
        choice = choose(costs, columns, plan_cost(costs, groups), remaining)
        if choice.rows is not None:
            groups = [columns.circle(row) for row in choice.rows]
        bound = max(bound, choice.bound)
    elif LISTED_AT_ONCE < problem.n <= LISTED_PEOPLE and better_is_possible() and even.circles:
        groups = _begun(costs, groups, even, settings, rng=rng, remaining=remaining)
    if problem.n <= LISTED_AT_ONCE:
        times = min(SHAKEN, settings.effort // 10)
        groups = shaken_often(costs, groups, rng, times=times, bound=bound, remaining=remaining)
    if columns is None or problem.n > TOGETHER:
        groups = polish(costs, groups, rng, rounds=settings.effort, bound=bound, remaining=remaining)
    report("circles", 3, 3)
    plan = plan_of(costs, groups, bound)
    report("best", plan.bound, plan.objective)
    return plan


def _swapped(
    costs: CircleCosts,
    groups: Groups,
    even: Even,
    settings: SolveSettings,
    *,
    rng: np.random.Generator,
    remaining: Remaining,
) -> Groups:
    """The circles after swaps: for long in pools too large to be listed, briefly in others."""
    problem = costs.problem
    if problem.n <= LISTED_UNTOUCHED:
        return groups
    if problem.n <= LISTED_AT_ONCE:
        return shaken_often(costs, groups, rng, times=1, bound=even.cost, remaining=remaining)
    if not even.circles or not problem.available.any():
        return groups
    if problem.n > LISTED_PEOPLE:
        return cooled(costs, groups, even, settings, rng=rng, remaining=remaining)
    return cooled_once(costs, groups, even.circles, rng=rng, remaining=remaining, steps=BRIEF)


def _begun(
    costs: CircleCosts,
    groups: Groups,
    even: Even,
    settings: SolveSettings,
    *,
    rng: np.random.Generator,
    remaining: Remaining,
) -> Groups:
    """The best of several beginnings, as far as the time goes, each improved by neighbourhoods: the circles
    given, and others cooled as briefly."""
    first = _found(costs, first_circles(costs, rng)[0])
    best = found = groups
    until, rounds = share_of(remaining, BEGINNING_SHARE), min(FIRST_ROUNDS, settings.effort)
    for _ in range(BEGINNINGS):
        found = polish(costs, found, rng, rounds=rounds, bound=even.cost, remaining=until)
        best = min(best, found, key=lambda groups: plan_cost(costs, groups))
        if plan_cost(costs, best) <= even.cost or until() <= 0:
            break
        found = cooled_once(costs, first, even.circles, rng=rng, remaining=until, steps=BRIEF)
    return best


def _found(costs: CircleCosts, groups: Sequence[Sequence[int]]) -> Groups:
    return [tuple(sorted(members)) for members in groups if costs.allows(members)]


def plan_of(costs: CircleCosts, groups: Sequence[Sequence[int]], bound: int) -> CirclesPlan:
    """The plan of these circles, recounted, with slots, and a reason for everyone left over."""
    ordered = sorted(tuple(sorted(int(person) for person in members)) for members in groups)
    seated = {person for members in ordered for person in members}
    left = [person for person in range(costs.problem.n) if person not in seated]
    objective = costs.total(ordered, len(left))
    bound = min(bound, objective)
    return CirclesPlan(
        groups=tuple(ordered),
        slot=tuple(shared_slot(costs.problem, members) for members in ordered),
        unplaced=reasons(costs, left),
        objective=objective,
        bound=bound,
        proved=objective == bound,
    )
