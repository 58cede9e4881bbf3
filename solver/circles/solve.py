"""From a circles problem to a circles plan: construct, improve, then say how far from the bound it is."""

from collections.abc import Sequence

import numpy as np

from solver.circles.board import board_of, groups_of
from solver.circles.bound import counting_bound
from solver.circles.construct import first_circles
from solver.circles.costs import Costs, costs_of, shared_slot
from solver.circles.improve import improve
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.reasons import reasons
from solver.settings import Remaining, Report, SolveSettings

Groups = list[tuple[int, ...]]


def solve_circles(
    problem: CirclesProblem, settings: SolveSettings, remaining: Remaining, report: Report
) -> CirclesPlan:
    """Place as many as can be at the least cost; whoever is left over comes with the reason. Never fails."""
    costs = costs_of(problem)
    rng = np.random.default_rng(settings.seed)
    report("circles", 0, 2)
    groups, slots = first_circles(costs, rng)
    found = [tuple(sorted(members)) for members in groups]
    report("circles", 1, 2)
    if len(found) > 1:
        board = board_of(costs, groups, slots)
        improve(costs, board, rng, steps=4000, warm=2.0, cold=0.2, remaining=remaining)
        found = min(found, groups_of(costs, board), key=lambda groups: _cost(costs, groups))
    report("circles", 2, 2)
    return plan_of(costs, found, counting_bound(problem))


def _cost(costs: Costs, groups: Groups) -> int:
    return costs.total(groups, costs.problem.n - sum(len(members) for members in groups))


def plan_of(costs: Costs, groups: Sequence[Sequence[int]], bound: int) -> CirclesPlan:
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
