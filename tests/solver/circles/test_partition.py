"""Listing and choosing against trying everything."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest

from solver.circles.columns import all_circles
from solver.circles.costs import CircleCosts, costs_of
from solver.circles.partition import choose, relax
from solver.settings import unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, solved


def every_circle(costs: CircleCosts) -> Iterator[tuple[int, ...]]:
    for size in range(costs.problem.smallest, costs.problem.largest + 1):
        yield from (
            members for members in combinations(range(costs.problem.n), size) if costs.allows(members)
        )


def least(costs: CircleCosts, left: frozenset[int], circles: list[tuple[int, ...]]) -> int:
    """The cost of the best plan for those left, by trying all."""
    if not left:
        return 0
    first = min(left)
    best = costs.problem.unplaced_weight + least(costs, left - {first}, circles)
    for members in circles:
        if members[0] == first and left.issuperset(members):
            best = min(best, costs.circle(members) + least(costs, left - set(members), circles))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_every_feasible_circle_is_listed_once_with_its_cost(seed):
    costs = costs_of(a_realistic_problem(11, seed, smallest=3, target=4, largest=5))

    columns = all_circles(costs, np.arange(11), 10_000)

    assert columns is not None
    listed = {columns.circle(row): int(columns.cost[row]) for row in range(len(columns))}
    assert len(listed) == len(columns)
    assert listed == {members: costs.circle(members) for members in every_circle(costs)}


@pytest.mark.parametrize("seed", range(12))
def test_the_plan_costs_what_brute_force_finds(seed):
    sizes = {"smallest": 2, "target": 2, "largest": 3, "kind": "pair"} if seed % 2 else {"smallest": 3}
    problem = a_realistic_problem(9, seed, **sizes)
    costs = costs_of(problem)

    plan = solved(problem)

    assert (plan.objective, plan.proved) == (
        least(costs, frozenset(range(9)), list(every_circle(costs))),
        True,
    )


def test_too_many_circles_are_not_listed():
    costs = costs_of(a_circles_problem(30))

    assert all_circles(costs, np.arange(30), 1000) is None


def test_prices_bound_every_choice():
    costs = costs_of(a_realistic_problem(16, 1))
    columns = all_circles(costs, np.arange(16), 100_000)

    assert columns is not None
    prices = relax(costs, columns)
    assert prices.bound <= choose(costs, columns, 16_000, unhurried).cost
    assert prices.reduced.min() > -1e-5


def test_nothing_cheaper_than_what_is_known_is_said():
    costs = costs_of(a_circles_problem(10))
    columns = all_circles(costs, np.arange(10), 10_000)

    assert columns is not None
    assert choose(costs, columns, 0, unhurried).rows is None
