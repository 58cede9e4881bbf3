"""Larger pools: slots, swaps and neighbourhoods."""

import numpy as np
import pytest

from solver.checks.circles import circles_breaches
from solver.circles.board import board_of, groups_of
from solver.circles.bound import counting_bound, excess
from solver.circles.construct import first_circles
from solver.circles.costs import costs_of
from solver.circles.improve import improve
from solver.circles.polish import polish
from solver.circles.slots import plan_slots, seats_of
from solver.circles.solve import plan_of
from solver.settings import unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem


def cost(costs, groups) -> int:
    return costs.total(groups, costs.problem.n - sum(len(members) for members in groups))


def test_first_circles_keep_every_rule():
    costs = costs_of(a_realistic_problem(150, 2))
    groups, _ = first_circles(costs, np.random.default_rng(0))

    assert all(costs.allows(members) for members in groups)
    assert len(groups) > 20


def test_swaps_and_neighbourhoods_lower_the_cost_and_keep_every_rule():
    costs = costs_of(a_realistic_problem(56, 2))
    rng = np.random.default_rng(0)
    groups, slots = first_circles(costs, rng)
    board = board_of(costs, groups, slots)

    improve(costs, board, rng, steps=400, warm=1.0, cold=0.2, remaining=unhurried)
    swapped = groups_of(costs, board)
    polished = polish(costs, swapped, rng, rounds=1, bound=0, remaining=unhurried)

    assert cost(costs, [tuple(members) for members in groups]) > cost(costs, swapped) >= cost(costs, polished)
    plan = plan_of(costs, polished, 0)
    assert list(circles_breaches(costs.problem, plan)) == []


def test_planned_slots_are_slots_people_can_make():
    costs = costs_of(a_realistic_problem(150, 5))
    even = counting_bound(costs.problem)
    plan = plan_slots(costs, even.circles, np.random.default_rng(0))
    groups, slots = seats_of(plan, costs.hosts)

    assert plan.held.sum() == even.circles == len(groups)
    assert all(costs.problem.available[list(m), slot].all() for m, slot in zip(groups, slots, strict=True))


@pytest.mark.parametrize("people", [8, 13, 31, 64])
def test_the_counting_bound_is_the_sum_over_an_even_plan(people):
    functions = np.arange(people, dtype=np.int64) % 3
    problem = a_circles_problem(people, classes={"function": functions})
    even = counting_bound(problem)
    dealt = [tuple(range(circle, people, even.circles)) for circle in range(even.circles)]

    assert (excess(problem, dealt) >= 0).all()
    assert even.cost <= costs_of(problem).total(dealt, 0)


def test_who_breaks_a_rule_leaves_the_board():
    costs = costs_of(a_circles_problem(5, hard=np.array([[0, 1]])))
    board = board_of(costs, [[0, 1, 2, 3, 4]], [0])

    assert groups_of(costs, board) == [(0, 2, 3, 4)]
