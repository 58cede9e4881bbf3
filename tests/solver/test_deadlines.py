"""Whenever the time runs out: a whole plan, which the independent check accepts and which claims no more than
it has proved.
"""

import pickle
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.check import check
from solver.checks.circles import circles_breaches
from solver.circles.bound import counting_bound
from solver.circles.cooling import cooled
from solver.circles.costs import costs_of
from solver.circles.slots import enough_slots
from solver.circles.solve import plan_of, solve_circles
from solver.clock import Deadline, within
from solver.peers.solve import solve_peers
from solver.run import run
from solver.settings import SolveSettings, share_of, silent, unhurried
from tests.solver.circles.builders import a_realistic_problem
from tests.solver.test_caps import a_mixed_problem


@dataclass
class RunsOut:
    """Time that is plentiful for so many looks at the clock, and then out."""

    looks: int

    def __call__(self) -> float:
        self.looks -= 1
        return 60.0 if self.looks >= 0 else -1.0


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), looks=st.integers(0, 40) | st.integers(0, 200))
def test_every_moment_leaves_a_plan_of_all_parts_that_passes_the_check(seed, looks):
    problem = a_mixed_problem(seed)

    outcome = run(problem, RunsOut(looks), silent)

    assert outcome.plan is not None, outcome.sentence
    assert check(problem, outcome.plan).good


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), looks=st.integers(0, 12))
def test_circles_of_larger_pools_are_whole_at_every_moment(seed, looks):
    problem = a_realistic_problem(90, seed)
    plan = solve_circles(problem, SolveSettings(effort=4, workers=1), RunsOut(looks), silent)

    assert list(circles_breaches(problem, plan)) == []
    assert plan.groups


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), looks=st.integers(0, 40))
def test_peer_pairs_are_whole_at_every_moment(seed, looks):
    problem = a_realistic_problem(40, seed, kind="pair", smallest=2, target=2, largest=3)
    plan = solve_peers(problem, SolveSettings(effort=4, workers=1), RunsOut(looks), silent)

    assert list(circles_breaches(problem, plan)) == []


def test_without_any_time_nothing_is_called_proved_that_could_be_better():
    problem = a_realistic_problem(90, 4)
    plan = solve_circles(problem, SolveSettings(workers=1), lambda: 0.0, silent)

    assert not plan.proved
    assert plan.bound < plan.objective


def test_parts_cooled_apart_stop_with_the_time_too():
    problem = a_realistic_problem(120, 1)
    costs, even = costs_of(problem), counting_bound(problem)
    two, rng, soon = SolveSettings(workers=2), np.random.default_rng(1), within(1.0)
    groups = cooled(costs, [], even, two, rng=rng, remaining=soon, parts_from=100)

    assert list(circles_breaches(problem, plan_of(costs, groups, even.cost))) == []
    assert groups


def test_time_that_is_shared_leaves_the_rest_to_what_comes_later():
    first = share_of(lambda: 10.0, 0.75)

    assert (first(), share_of(first, 0.5)()) == (7.5, 3.75)
    assert share_of(unhurried, 0.1)() == float("inf")
    assert share_of(lambda: -3.0, 0.5)() == -3.0


def test_a_deadline_is_the_same_moment_in_every_process():
    deadline = share_of(within(100.0, began=5.0), 0.5)

    assert pickle.loads(pickle.dumps(deadline)) == deadline  # noqa: S301 - our own bytes
    assert within(100.0, began=5.0) == Deadline(105.0)


@pytest.mark.parametrize("slots", [30, 100])
def test_few_slots_are_planned_with_and_nobody_is_left_without_one(slots):
    available = np.random.default_rng(slots).random((200, slots)) < 0.1
    available[:, 0] |= ~available.any(1)

    chosen = enough_slots(available)

    assert available[:, chosen].any(1).all()
    assert len(chosen) <= 26


def test_slots_everybody_can_make_need_no_more_than_a_choice():
    assert len(enough_slots(np.ones((50, 100), bool))) == 4


def test_few_slots_are_all_planned_with():
    assert enough_slots(np.zeros((5, 20), bool)).tolist() == list(range(20))
