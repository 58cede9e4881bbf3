"""Prices never claim more than they prove, and no group that matters stays unseen."""

from itertools import combinations

import numpy as np
import pytest

from solver.circles.costs import costs_of
from solver.peers.oddsets import slack, split_sets
from solver.peers.pool import pool_of
from solver.peers.pricing import UNIT, OddSets, missing, reduced, within
from tests.solver.peers.test_solve import least, realistic


def a_look(seed: int, n: int = 9):
    """A pool with drawn prices, odd sets, and every pair and trio that keeps the rules."""
    rng = np.random.default_rng(seed)
    pool = pool_of(costs_of(realistic(n, seed)))
    inside = np.zeros((2, n), bool)
    inside[0] = n % 2 == 1
    inside[1, rng.permutation(n)[:3]] = True
    prices = rng.integers(-5 * UNIT, 300 * UNIT, n)
    odd = OddSets(inside[inside.any(1)], rng.integers(0, 20 * UNIT, int(inside.any(1).sum())))
    groups = [
        (*members, n)[:3]
        for size in (2, 3)
        for members in combinations(range(n), size)
        if pool.costs.allows(members)
    ]
    return pool, prices, odd, np.array(groups, np.int64).reshape(-1, 3)


@pytest.mark.parametrize("seed", range(12))
def test_the_cost_of_a_group_is_the_cost_of_its_circle(seed):
    pool, _, _, groups = a_look(seed)

    expected = [pool.costs.circle([p for p in group if p < pool.n]) for group in groups.tolist()]
    assert pool.cost_of(groups).tolist() == expected


@pytest.mark.parametrize("seed", range(12))
def test_any_prices_bound_the_best_plan_from_below(seed):
    pool, prices, odd, _ = a_look(seed)

    bound = missing(pool, prices // 10, odd).bound

    assert bound is None or bound <= least(pool.costs)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("gap", [0, 40, 400])
def test_every_group_within_the_gap_is_seen(seed, gap):
    pool, prices, odd, groups = a_look(seed)

    seen = within(pool, prices, odd, gap * UNIT, 10_000)

    low = reduced(pool, groups, prices, odd)
    assert seen is not None
    assert {tuple(group) for group in seen.tolist()} == {
        tuple(group) for group in groups[low < gap * UNIT].tolist()
    }


def test_too_many_groups_are_not_listed():
    pool, prices, odd, groups = a_look(1)

    assert within(pool, prices, odd, 10**6 * UNIT, len(groups) - 1) is None


def test_two_triangles_of_halves_are_two_odd_sets_that_are_split():
    groups = np.array([(0, 1, 6), (1, 2, 6), (0, 2, 6), (3, 4, 6), (4, 5, 6), (3, 5, 6)])
    share = np.full(6, 0.5)

    sets = split_sets(groups, share, 6)

    assert sorted(np.flatnonzero(members).tolist() for members in sets) == [[0, 1, 2], [3, 4, 5]]
    assert [slack(members, groups, share) for members in sets] == [0.0, 0.0]


def test_a_whole_solution_splits_no_odd_set():
    groups = np.array([(0, 1, 5), (2, 3, 4)])

    assert split_sets(groups, np.ones(2), 5).shape == (0, 5)


def test_an_odd_set_behind_a_thin_border_is_found_by_a_least_cut():
    """Two five-cycles of halves, joined by one pair that takes a fifth."""
    five = [(i, (i + 1) % 5) for i in range(5)]
    groups = np.array([(*pair, 10) for pair in five] + [(a + 5, b + 5, 10) for a, b in five] + [(0, 5, 10)])
    share = np.array([0.4, 0.6, 0.4, 0.6, 0.4] * 2 + [0.2])

    sets = split_sets(groups, share, 10)

    assert len(sets) >= 1
    assert all(members.sum() % 2 == 1 and slack(members, groups, share) < 1 for members in sets)
