"""Promises that hold for every problem, tried on problems nobody thought of."""

import os
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.pairing.problem import PairingProblem
from tests.solver.pairing.cases import a_matrix_problem
from tests.solver.pairing.test_solve import solved

EXAMPLES = int(os.environ.get("EVENHAND_EXAMPLES", "30"))
"""`make torture` tries many more."""
QUICKLY = settings(max_examples=EXAMPLES, deadline=None, derandomize=True)


@st.composite
def problems(draw: Any, most: int = 9) -> PairingProblem:
    """Any small problem: utilities with many ties, capacities from none to plenty, credits, any mode."""
    mentees, mentors = draw(st.integers(0, most)), draw(st.integers(0, most))
    utility = st.lists(st.integers(-1, 6), min_size=mentors, max_size=mentors)
    rows = draw(st.lists(utility, min_size=mentees, max_size=mentees))
    return a_matrix_problem(
        np.array(rows, np.int16).reshape(mentees, mentors),
        capacity=np.array(draw(st.lists(st.integers(0, 3), min_size=mentors, max_size=mentors)), np.int64),
        credit=np.array(draw(st.lists(st.integers(0, 2), min_size=mentees, max_size=mentees)), np.int64),
        mode=draw(st.sampled_from(["fair", "full", "total", "first"])),
        line=draw(st.integers(1, 7)),
        levels=draw(st.integers(1, 30)),
    )


@given(problems())
@QUICKLY
def test_every_plan_passes_the_check_and_is_proved(problem: PairingProblem):
    assert solved(problem).proved


@given(problems())
@QUICKLY
def test_one_more_place_never_places_fewer(problem: PairingProblem):
    more = problem.replace(capacity=problem.capacity + 1)

    assert solved(more).placed >= solved(problem).placed


@given(problems())
@QUICKLY
def test_every_mode_places_as_many(problem: PairingProblem):
    placed = {solved(problem.replace(mode=mode)).placed for mode in ("fair", "full", "total", "first")}

    assert len(placed) == 1


@given(problems())
@QUICKLY
def test_credits_never_change_how_many_are_placed(problem: PairingProblem):
    without = problem.replace(credit=np.zeros(problem.mentees, np.int64))

    assert solved(without).placed == solved(problem).placed


@given(problems(most=6), st.randoms(use_true_random=False))
@QUICKLY
def test_a_pin_holds_whatever_else_is_asked(problem: PairingProblem, chance: Any):
    assert problem.matrix is not None
    open_ = np.argwhere((problem.matrix >= 0) & (problem.capacity > 0)[None, :]).tolist()
    if not open_:
        return
    pin = chance.choice(open_)

    plan = solved(problem.replace(pinned=np.array([pin])))

    assert pin in plan.pairs.tolist()


@given(problems())
@QUICKLY
def test_the_same_problem_gives_the_same_plan(problem: PairingProblem):
    assert solved(problem).pairs.tolist() == solved(problem).pairs.tolist()


def test_huge_weights_and_many_levels_stay_exact():
    rng = np.random.default_rng(2)
    problem = a_matrix_problem(
        rng.integers(0, 10_001, (60, 40)), capacity=rng.integers(0, 3, 40), mode="full", levels=1000
    )

    assert solved(problem).proved


def test_everybody_equal_is_quick_and_full():
    plan = solved(a_matrix_problem(np.full((400, 300), 7), line=5))

    assert plan.placed == 300
    assert plan.proved


def test_more_mentors_than_sixteen_bits_count():
    mentors = 66_000
    matrix = np.full((3, mentors), -1, np.int16)
    matrix[:, -2:] = [[5, 3], [4, 1], [9, 9]]

    plan = solved(a_matrix_problem(matrix, mode="total"))

    assert plan.placed == 2
    assert plan.total == 14
