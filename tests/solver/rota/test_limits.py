"""The most duties each member may hold: kept always, and at the least cost that keeps them."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.rota.assign import assign_rota, solve_group
from solver.rota.cost import rota_cost
from solver.rota.turns import taking_turns
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.rota.builders import least_cost, random_group, terms, within_limits


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 3), st.integers(1, 2), st.integers(0, 10_000))
def test_limits_are_kept_at_the_least_cost(members, duties, seed):
    limits = np.random.default_rng(seed).integers(0, 4, members)
    group = replace(random_group(members, 4, duties, seed), most=limits)

    answer = solve_group(group, unhurried)

    assert within_limits(group, answer.duties)
    assert (answer.cost, answer.proved) == (least_cost(group), True)
    assert answer.cost == rota_cost(group, answer.duties)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 7), st.integers(1, 4), st.integers(0, 10_000))
def test_taking_turns_keeps_limits_when_there_is_no_time(members, duties, seed):
    limits = np.random.default_rng(seed).integers(0, 4, members)
    group = replace(random_group(members, 6, duties, seed), most=limits)

    assert within_limits(group, taking_turns(group))
    assert within_limits(group, solve_group(group, lambda: 0.0).duties)


def test_a_duty_stays_open_when_nobody_has_room_for_it():
    plan = assign_rota(
        terms(2), [(0, 1)], SolveSettings(workers=1), unhurried, silent, left=np.array([2, 1], np.int64)
    )

    held = [holder for row in plan.groups[0].duties for holder in row]
    assert sorted(held) == [-1, -1, -1, 0, 0, 1]
    assert plan.proved


def test_limits_nobody_reaches_change_nothing():
    given_terms, groups = terms(9), [(0, 1, 2, 3, 4), (5, 6, 7, 8)]
    limits = np.full(9, 6, np.int64)

    free = assign_rota(given_terms, groups, SolveSettings(workers=1), unhurried, silent)
    limited = assign_rota(given_terms, groups, SolveSettings(workers=1), unhurried, silent, left=limits)

    assert limited == free


def test_who_sits_in_two_groups_has_one_limit_for_both():
    plan = assign_rota(
        terms(3, sessions=4),
        [(0, 1), (0, 2)],
        SolveSettings(workers=1),
        unhurried,
        silent,
        left=np.array([1, 9, 9], np.int64),
    )

    assert sum(row.count(0) for group in plan.groups for row in group.duties) == 1
