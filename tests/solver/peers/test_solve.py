"""Pairs and trios cost what brute force finds, what a known matching finds, and what listing all finds."""

from functools import cache
from itertools import combinations
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.checks.circles import circles_breaches
from solver.circles.costs import CircleCosts, costs_of
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.solve import solve_circles
from solver.peers.solve import solve_peers
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, pairs

SIZES: dict[str, Any] = {"smallest": 2, "target": 2, "largest": 3, "kind": "pair"}


def matched(problem: CirclesProblem, seed: int = 0) -> CirclesPlan:
    """The plan, after the independent check found nothing to object to."""
    plan = solve_peers(problem, SolveSettings(seed=seed, workers=1), unhurried, silent)
    assert list(circles_breaches(problem, plan)) == []
    return plan


def peers(n: int, **changes: Any) -> CirclesProblem:
    return a_circles_problem(n, **{**SIZES, **changes})


def realistic(n: int, seed: int, **changes: Any) -> CirclesProblem:
    return a_realistic_problem(n, seed, **{**SIZES, **changes})


def least(costs: CircleCosts) -> int:
    """The cost of the best plan by trying every way to put people into pairs and trios."""

    @cache
    def of(left: frozenset[int]) -> int:
        if not left:
            return 0
        first = min(left)
        rest = left - {first}
        best = costs.problem.unplaced_weight + of(rest)
        for more in (1, 2):
            for others in combinations(sorted(rest), more):
                if costs.allows((first, *others)):
                    best = min(best, costs.circle((first, *others)) + of(rest - set(others)))
        return best

    return of(frozenset(range(costs.problem.n)))


@pytest.mark.parametrize("seed", range(24))
def test_no_way_to_pair_costs_less(seed):
    kind = "circle" if seed % 3 == 0 else "pair"
    problem = realistic(6 + seed % 6, seed, kind=kind, target=2, largest=2 + seed % 2)

    plan = matched(problem)

    assert (plan.objective, plan.proved) == (least(costs_of(problem)), True)


@pytest.mark.parametrize("seed", range(6))
def test_a_known_matching_of_pairs_costs_the_same(seed):
    nx = pytest.importorskip("networkx", reason="networkx comes with the benchmarks' packages only")
    problem = realistic(70 + seed, seed, largest=2)
    costs = costs_of(problem)
    graph = nx.Graph()
    for first, second in combinations(range(problem.n), 2):
        if costs.allows((first, second)):
            saved = 2 * problem.unplaced_weight - costs.circle((first, second))
            graph.add_edge(first, second, weight=saved)

    plan = matched(problem)

    known = [tuple(sorted(pair)) for pair in nx.max_weight_matching(graph)]
    assert plan.proved
    assert plan.objective == costs.total(known, problem.n - 2 * len(known))


@pytest.mark.parametrize("seed", range(4))
def test_listing_every_pair_and_trio_finds_nothing_cheaper(seed):
    problem = realistic(41 + seed, seed)

    listed = solve_circles(problem, SolveSettings(seed=1, workers=1), unhurried, silent)
    plan = matched(problem)

    assert (plan.objective, plan.proved) == (listed.objective, listed.proved)


def test_an_odd_number_makes_one_trio():
    plan = matched(peers(31))

    assert sorted(map(len, plan.groups)) == [2] * 14 + [3]
    assert (plan.objective, plan.proved) == (5, True)


def test_where_trios_are_not_wanted_one_of_an_odd_number_is_left_over():
    plan = matched(peers(5, largest=2))

    assert sorted(map(len, plan.groups)) == [2, 2]
    assert [reason for _, reason in plan.unplaced] == ["remainder"]


def test_two_odd_offices_without_a_common_slot_make_a_trio_each():
    plan = matched(peers(8, available=np.arange(8)[:, None] // 5 == np.arange(2)))

    assert plan.groups == ((0, 1), (2, 3, 4), (5, 6, 7)) or sorted(map(len, plan.groups)) == [2, 3, 3]
    assert (plan.objective, plan.proved) == (10, True)


def test_who_met_in_the_last_cycles_is_not_paired_again():
    met = pairs(*((2 * i, 2 * i + 1) for i in range(6)))
    plan = matched(peers(12, hard=met))

    assert not {tuple(pair) for pair in met.tolist()} & set(plan.groups)
    assert plan.proved


@pytest.mark.parametrize(("people", "reason"), [(1, "too_few"), (4, "no_shared_slot"), (5, "all_blocked")])
def test_who_cannot_be_paired_is_told_why(people, reason):
    everybody = pairs(*combinations(range(people), 2))
    slots = np.eye(people, dtype=bool) if reason == "no_shared_slot" else np.ones((people, 1), bool)
    plan = matched(peers(people, available=slots, hard=everybody if reason == "all_blocked" else pairs()))

    assert plan.groups == ()
    assert plan.unplaced == tuple((person, reason) for person in range(people))


def test_nobody_makes_an_empty_plan():
    assert matched(peers(0)) == CirclesPlan(groups=(), slot=(), objective=0, bound=0, proved=True)


def test_circles_of_two_need_somebody_who_leads():
    plan = matched(peers(4, kind="circle", facilitates=np.array([True, False, False, False])))

    assert [group[0] for group in plan.groups] == [0]
    assert sum(map(len, plan.groups)) == 3


def test_one_facilitator_for_three_makes_a_trio():
    plan = matched(peers(3, kind="circle", facilitates=np.array([False, True, False])))

    assert plan.groups == ((0, 1, 2),)


def test_the_same_seed_gives_the_same_pairs():
    problem = realistic(40, 7)

    assert matched(problem, seed=3) == matched(problem, seed=3)


def test_time_that_is_out_still_gives_a_plan():
    problem = realistic(40, 7)
    plan = solve_peers(problem, SolveSettings(), lambda: 0.0, silent)

    assert list(circles_breaches(problem, plan)) == []


@settings(max_examples=40, deadline=None, derandomize=True)
@given(people=st.integers(0, 30), seed=st.integers(0, 10_000), trios=st.booleans())
def test_any_pool_has_a_plan_that_passes_the_check(people, seed, trios):
    plan = matched(realistic(people, seed, largest=2 + trios))

    assert plan.proved


@pytest.mark.torture
@pytest.mark.parametrize("people", [600, 601])
def test_six_hundred_people_are_proved_in_seconds(people):
    began = perf_counter()
    plan = matched(realistic(people, 1))

    assert plan.proved
    assert perf_counter() - began < 20


@pytest.mark.torture
def test_thousands_are_matched_in_parts_and_still_proved():
    plan = matched(realistic(2_501, 1, available=np.ones((2_501, 2), bool)))

    assert plan.unplaced == ()
    assert (sorted({len(members) for members in plan.groups}), plan.proved) == ([2, 3], True)
