import numpy as np

from solver.checks.circles import circles_breaches
from solver.circles.lookahead import cycles_left, solve_looking_ahead
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem


def left(problem, groups, most=4) -> int:
    return cycles_left(problem, groups, most, np.random.default_rng(0), unhurried)


def test_sixteen_in_fours_can_meet_anew_at_least_once_more():
    problem = a_circles_problem(16, smallest=4, target=4, largest=4)
    groups = [tuple(range(at, at + 4)) for at in range(0, 16, 4)]

    assert 1 <= left(problem, groups) <= 4


def test_eight_in_fours_cannot_meet_anew():
    problem = a_circles_problem(8, smallest=4, target=4, largest=4)

    assert left(problem, [(0, 1, 2, 3), (4, 5, 6, 7)]) == 0


def test_looking_ahead_never_costs_more_than_allowed():
    problem = a_realistic_problem(24, 7)
    plan, _ = solve_looking_ahead(
        problem, SolveSettings(effort=50, workers=1), unhurried, silent, cycles=2, candidates=3, dearer=15
    )

    assert list(circles_breaches(problem, plan)) == []
    assert plan.objective <= plan.bound + 15
