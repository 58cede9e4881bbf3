import numpy as np

from solver.circles.construct import first_circles
from solver.circles.cooling import plan_cost
from solver.circles.costs import costs_of
from solver.circles.shaking import shaken, shaken_often
from solver.settings import unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem


def begun(problem, seed: int = 0):
    costs = costs_of(problem)
    return costs, first_circles(costs, np.random.default_rng(seed))[0]


def test_shaking_keeps_every_rule():
    costs, groups = begun(a_realistic_problem(40, 2))
    found = shaken(costs, groups, np.random.default_rng(1), unhurried)

    assert all(costs.allows(members) for members in found)
    assert len({person for members in found for person in members}) == sum(map(len, found))


def test_shaking_often_is_never_worse_than_the_start():
    costs, groups = begun(a_realistic_problem(40, 2))
    found = shaken_often(costs, groups, np.random.default_rng(1), times=2, bound=0, remaining=unhurried)

    assert plan_cost(costs, found) <= plan_cost(costs, groups)


def test_circles_at_the_bound_are_left_alone():
    costs, groups = begun(a_circles_problem(20))

    assert (
        shaken_often(costs, groups, np.random.default_rng(1), times=5, bound=0, remaining=unhurried) is groups
    )
