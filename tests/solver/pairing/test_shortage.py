"""Shortage: everybody without a mentor has a reason that holds and a change that, once made, places them."""

from typing import Any

import numpy as np
import pytest

from solver.pairing.problem import LeftOver, PairingPlan, PairingProblem
from solver.pairing.scoring import broken_rules
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd
from tests.solver.pairing.test_solve import solved


def test_two_mentees_with_one_place_are_named_with_it():
    plan = solved(a_matrix_problem([[5, -1], [4, -1], [-1, 9]]))

    assert plan.certificate is not None
    (one,) = plan.certificate.hall_sets
    assert (one.mentees, one.mentors, one.places) == ((0, 1), (0,), 1)
    assert plan.waiting == (LeftOver(mentee=1, reason="shortage", hall_set=0, change="place", mentor=0),)


def test_separate_shortages_are_separate_sets():
    plan = solved(a_matrix_problem([[5, -1], [4, -1], [-1, 9], [-1, 8]]))

    assert plan.certificate is not None
    assert [one.mentees for one in plan.certificate.hall_sets] == [(0, 1), (2, 3)]


def test_ceilings_are_the_levels_of_the_best_mentors():
    plan = solved(a_matrix_problem([[5, 9], [0, -1], [-1, -1]], line=10, levels=10))

    assert plan.certificate is not None
    assert plan.certificate.ceilings.tolist() == [10, 1, 0]


@pytest.mark.parametrize(
    ("problem", "reason", "change"),
    [
        (a_matrix_problem(np.zeros((1, 0))), "no_mentors", "mentor"),
        (a_matrix_problem([[-1]]), "blocked", "mentor"),
        (a_matrix_problem([[7]], capacity=[0]), "no_places", "place"),
        (a_matrix_problem([[7], [8]], pinned=np.array([[0, 0]])), "no_places", "place"),
        (a_matrix_problem([[7], [7]]), "shortage", "place"),
    ],
)
def test_each_reason_has_its_change(problem: PairingProblem, reason: str, change: str):
    (entry,) = solved(problem).waiting

    assert (entry.reason, entry.change) == (reason, change)


@pytest.mark.parametrize("seed", range(12))
def test_making_the_change_places_the_mentee_and_nobody_loses_their_place(seed: int):
    rng = np.random.default_rng(seed)
    problem = a_random_crowd(rng, 24, 8, capacity=rng.integers(0, 2, 8), line=400)
    plan = solved(problem)

    for entry in plan.waiting:
        changed = with_change(problem, plan, entry)

        assert solved(changed).placed == plan.placed + 1
    assert len(plan.waiting) > 0


@pytest.mark.parametrize("seed", range(6))
def test_a_recruit_does_what_the_list_says(seed: int):
    rng = np.random.default_rng(seed)
    problem = a_random_crowd(rng, 24, 8, capacity=rng.integers(0, 2, 8), line=400)
    plan = solved(problem)
    assert plan.certificate is not None

    for recruit in plan.certificate.recruits:
        capacity = problem.capacity.copy()
        capacity[recruit.mentor] += 1

        assert solved(problem.replace(capacity=capacity)).placed == plan.placed + recruit.placed
    assert any(recruit.placed for recruit in plan.certificate.recruits)


def with_change(problem: PairingProblem, plan: PairingPlan, entry: LeftOver) -> PairingProblem:
    """The problem after the change: rules lifted for the pair, a place more, the pair kept for the mentee."""
    capacity = problem.capacity.copy()
    capacity[entry.mentor] += "place" in entry.change
    matrix = matrix_of(problem)
    assert ("rule" in entry.change) == bool(broken_rules(problem, entry.mentee)[:-1, entry.mentor].any())
    matrix[entry.mentee, entry.mentor] = max(0, matrix[entry.mentee, entry.mentor])
    return problem.replace(
        matrix=matrix,
        rules=(),
        criteria=(),
        wishes=np.zeros((0, 3), np.int64),
        capacity=capacity,
        pinned=np.array([[entry.mentee, entry.mentor]]),
    )


def matrix_of(problem: PairingProblem) -> Any:
    from solver.pairing.scoring import ColumnUtilities

    return ColumnUtilities(problem).block(0, problem.mentees)
