from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.circles.columns import all_circles
from solver.circles.costs import costs_of
from solver.circles.cuts import choose_with_cuts, holds_two, violated
from solver.circles.partition import choose
from solver.settings import unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem


@settings(max_examples=20, deadline=None, derandomize=True)
@given(people=st.integers(4, 16), seed=st.integers(0, 10_000))
def test_cuts_find_what_the_plain_choice_proves(people, seed):
    costs = costs_of(a_realistic_problem(people, seed, smallest=3, target=3, largest=4))
    columns = all_circles(costs, np.arange(people), 100_000)
    assert columns is not None

    plain = choose(costs, columns, 100_000, unhurried)
    cut = choose_with_cuts(costs, columns, 100_000, unhurried)

    assert (plain.cost, plain.bound) == (cut.cost, cut.bound)


def test_a_plan_known_to_be_best_is_proved_and_kept():
    costs = costs_of(a_circles_problem(10))
    columns = all_circles(costs, np.arange(10), 10_000)
    assert columns is not None

    assert choose_with_cuts(costs, columns, 0, unhurried).rows is None
    assert choose_with_cuts(costs, columns, 1, unhurried).bound == 0


def test_three_circles_by_halves_break_a_cut():
    held = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1]], np.int8)

    assert violated(held, np.array([0.5, 0.5, 0.5, 1.0])) == [(0, 1, 2)]
    assert violated(held, np.array([1.0, 0.0, 0.0, 1.0])) == []


@pytest.mark.parametrize("seed", range(3))
def test_who_holds_two_of_three_is_counted_plainly(seed):
    members = np.array(list(combinations(range(7), 4))[seed::3], np.int16)
    counted = [len({0, 3, 5} & set(row)) >= 2 for row in members.tolist()]

    assert holds_two(members, (0, 3, 5), 7).tolist() == counted
