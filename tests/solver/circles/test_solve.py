import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.checks.circles import circles_breaches
from solver.circles.solve import solve_circles
from solver.settings import SolveSettings, silent
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, pairs, solved


def reasons(plan) -> dict[int, str]:
    return dict(plan.unplaced)


def test_nobody_makes_an_empty_plan():
    plan = solved(a_circles_problem(0))

    assert (plan.groups, plan.unplaced, plan.objective, plan.proved) == ((), (), 0, True)


@pytest.mark.parametrize("people", [1, 2, 3])
def test_fewer_people_than_a_circle_needs_are_told_so(people):
    plan = solved(a_circles_problem(people))

    assert plan.groups == ()
    assert reasons(plan) == dict.fromkeys(range(people), "too_few")


def test_ten_alike_form_two_circles_of_five():
    plan = solved(a_circles_problem(10))

    assert sorted(len(members) for members in plan.groups) == [5, 5]
    assert plan.objective == 0
    assert plan.proved


def test_people_without_a_common_slot_are_told_so():
    plan = solved(a_circles_problem(5, available=np.eye(5, dtype=bool)))

    assert reasons(plan) == dict.fromkeys(range(5), "no_shared_slot")


def test_a_clique_of_past_members_is_not_reunited():
    clique = pairs(*((i, j) for i in range(6) for j in range(i)))
    plan = solved(a_circles_problem(6, hard=clique))

    assert reasons(plan) == dict.fromkeys(range(6), "all_blocked")


def test_nobody_who_facilitates_means_no_circle():
    plan = solved(a_circles_problem(8, facilitates=np.zeros(8, bool)))

    assert reasons(plan) == dict.fromkeys(range(8), "no_facilitator")


def test_peer_pairs_need_no_facilitator():
    alone = np.zeros(4, bool)
    plan = solved(a_circles_problem(4, facilitates=alone, kind="pair", smallest=2, target=2, largest=3))

    assert [len(members) for members in plan.groups] == [2, 2]


def test_seven_people_in_pairs_make_one_trio():
    plan = solved(a_circles_problem(7, kind="pair", smallest=2, target=2, largest=3))

    assert sorted(len(members) for members in plan.groups) == [2, 2, 3]


def test_who_is_free_when_nobody_else_is_stays_over_alone():
    available = np.ones((11, 2), bool)
    available[:10, 1] = False
    available[10, 0] = False
    plan = solved(a_circles_problem(11, available=available))

    assert reasons(plan) == {10: "no_shared_slot"}


@pytest.mark.parametrize("seed", range(3))
def test_where_only_new_people_count_nobody_meets_again(seed):
    met = a_realistic_problem(30, 1).reunions
    plan = solved(a_circles_problem(30, reunions=met, available=np.ones((30, 3), bool)), seed, effort=0)

    assert (plan.objective, plan.proved) == (0, True)


def test_one_function_only_is_still_placed():
    plan = solved(a_circles_problem(12, classes={"function": np.zeros(12, np.int64)}))

    assert (plan.unplaced, plan.objective, plan.proved) == ((), 195, True)


def test_functions_are_mixed():
    functions = np.repeat([0, 1], 5)
    plan = solved(a_circles_problem(10, classes={"function": functions}, hard=pairs((0, 5))))

    assert sorted(int(functions[list(members)].sum()) for members in plan.groups) == [2, 3]


def test_the_same_seed_gives_the_same_plan():
    problem = a_realistic_problem(24, 3)

    assert solved(problem, seed=5) == solved(problem, seed=5)


def test_time_that_is_out_still_gives_a_plan():
    problem = a_realistic_problem(24, 3)
    plan = solve_circles(problem, SolveSettings(), lambda: 0.0, silent)

    assert list(circles_breaches(problem, plan)) == []


@settings(max_examples=15, deadline=None, derandomize=True)
@given(people=st.integers(1, 24), seed=st.integers(0, 10_000))
def test_any_problem_has_a_plan_that_passes_the_check(people, seed):
    plan = solved(a_realistic_problem(people, seed))

    assert plan.bound <= plan.objective


def test_the_cost_only_falls_while_the_bound_only_rises():
    measured = []

    def report(stage, bound, cost):
        if stage == "best":
            measured.append((bound, cost))

    plan = solve_circles(a_realistic_problem(12, 1), SolveSettings(seed=1, effort=5), lambda: 20.0, report)

    bounds, costs = zip(*measured, strict=True)
    assert list(bounds) == sorted(bounds)
    assert list(costs) == sorted(costs, reverse=True)
    assert measured[-1] == (plan.bound, plan.objective)
