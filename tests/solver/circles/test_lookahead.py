from itertools import combinations

import numpy as np
import pytest

from solver.checks.circles import circles_breaches
from solver.circles.lookahead import most_left, plan_ahead, solve_looking_ahead
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.seats import seat
from solver.circles.solve import solve_circles
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, pairs

FOURS = {"smallest": 4, "target": 4, "largest": 4}


def looking_ahead(problem: CirclesProblem, seed: int = 0, effort: int = 300) -> CirclesPlan:
    plan = solve_looking_ahead(problem, SolveSettings(seed=seed, effort=effort, workers=1), unhurried, silent)
    assert list(circles_breaches(problem, plan)) == []
    return plan


def met_in(groups) -> list[tuple[int, int]]:
    return [pair for members in groups for pair in combinations(sorted(members), 2)]


def repeat_free(people: int, cycles: int, seed: int) -> int:
    """Cycles of fours before anybody meets again, each chosen as a real run chooses it."""
    met: list[tuple[int, int]] = []
    for cycle in range(cycles):
        problem = a_circles_problem(people, **FOURS, reunions=pairs(*met))
        ids, full = np.arange(people), np.zeros(people, bool)
        settings = SolveSettings(seed=seed, workers=1)
        plan = seat(problem, settings, unhurried, silent, ids=ids, full=full)
        if plan.objective:
            return cycle
        met += met_in(plan.groups)
    return cycles


@pytest.mark.parametrize("seed", range(3))
def test_sixteen_in_fours_meet_anew_in_all_five_cycles_there_can_be(seed):
    assert repeat_free(16, 6, seed) == 5


@pytest.mark.parametrize("seed", range(1, 4))
def test_looking_ahead_costs_what_the_best_plan_of_this_cycle_costs(seed):
    costs_what_the_best_plan_costs(13, seed)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(1, 4))
def test_looking_ahead_for_eighteen_costs_what_the_best_plan_costs(seed):
    costs_what_the_best_plan_costs(18, seed)


def costs_what_the_best_plan_costs(people: int, seed: int) -> None:
    problem = a_realistic_problem(people, seed)
    best = solve_circles(problem, SolveSettings(workers=1), unhurried, silent)
    plan = looking_ahead(problem)

    assert (plan.objective, plan.bound, plan.proved) == (best.objective, best.bound, best.proved)


def test_the_same_seed_looks_ahead_to_the_same_plan():
    problem = a_circles_problem(12, reunions=pairs((0, 1), (2, 3)))

    assert looking_ahead(problem, seed=4) == looking_ahead(problem, seed=4)


@pytest.mark.parametrize(
    "problem",
    [
        a_circles_problem(64, reunions=pairs((0, 1))),
        a_circles_problem(20),
        a_circles_problem(8, kind="pair", smallest=2, target=2, largest=3, reunions=pairs((0, 1))),
        a_circles_problem(3, hard=pairs((0, 1))),
    ],
    ids=["sixty-four people", "nobody has met", "pairs", "no circle at all"],
)
def test_where_the_past_does_not_matter_the_plan_is_that_of_one_cycle(problem):
    assert looking_ahead(problem) == solve_circles(
        problem, SolveSettings(effort=300, workers=1), unhurried, silent
    )


def test_without_effort_nothing_is_planned_ahead():
    problem = a_circles_problem(20, reunions=pairs((0, 1)))

    assert looking_ahead(problem, effort=0) == solve_circles(
        problem, SolveSettings(effort=0, workers=1), unhurried, silent
    )


def test_cycles_planned_together_never_seat_two_together_again():
    problem = a_circles_problem(16, **FOURS, hard=pairs((0, 1)), reunions=pairs((2, 3)))
    groups = solve_circles(problem, SolveSettings(workers=1), unhurried, silent).groups
    cycles = plan_ahead(problem, groups, np.random.default_rng(0), 60, unhurried)
    met = [(0, 1), (2, 3), *(pair for cycle in cycles for pair in met_in(cycle))]

    assert len(cycles) > 1
    assert len(set(met)) == len(met)


def test_eight_in_fours_cannot_meet_anew():
    problem = a_circles_problem(8, **FOURS)

    assert most_left(problem, [(0, 1, 2, 3), (4, 5, 6, 7)]) == 1
    assert (
        len(plan_ahead(problem, [(0, 1, 2, 3), (4, 5, 6, 7)], np.random.default_rng(0), 60, unhurried)) == 1
    )


def test_sixteen_in_fours_have_four_cycles_left_at_most():
    problem = a_circles_problem(16, **FOURS)

    assert most_left(problem, [tuple(range(at, at + 4)) for at in range(0, 16, 4)]) == 4
