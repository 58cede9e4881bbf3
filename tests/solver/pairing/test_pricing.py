"""Pruned on both sides, then priced back: what holds for the few pairs looked at holds for all."""

import numpy as np
import pytest

from solver.pairing.candidates import FEW, all_pairs, best_of_both
from solver.pairing.flow import whole_face
from solver.pairing.goals import goals_of
from solver.pairing.leximin import solve_chain
from solver.pairing.market import cached, market_of
from solver.pairing.pricing import DENSE, best_plan, folded, price_back
from solver.pairing.problem import Mode
from solver.pairing.scoring import ColumnUtilities
from solver.settings import silent, unhurried
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd


@pytest.mark.parametrize("mode", ["fair", "full", "total", "first"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_priced_plan_is_as_good_as_one_over_all_pairs(mode: Mode, seed: int) -> None:
    rng = np.random.default_rng(seed)
    problem = a_random_crowd(rng, 520, 260, mode=mode)
    market = market_of(problem, None, seed, 2)
    assert np.prod(market.utilities.shape) > DENSE
    goals, graph = goals_of(market.problem), all_pairs(market)
    priced = best_plan(market, goals, unhurried, silent)
    whole = solve_chain(market, graph, goals, whole_face(graph), unhurried, silent)
    assert priced.proved
    assert priced.gap == 0
    values = [[step.value for step in chain.steps if step.value] for chain in (priced.chain, whole)]
    assert values[0] == values[1]


def test_no_time_means_a_plan_all_the_same_and_how_far_it_may_be_off() -> None:
    market = market_of(a_random_crowd(np.random.default_rng(3), 520, 260, mode="total"), None, 0, 1)
    goals = goals_of(market.problem)
    stages: list[str] = []
    hurried = best_plan(market, goals, lambda: 0.0, lambda stage, _done, _of: stages.append(stage))
    best = best_plan(market, goals, unhurried, silent)
    assert not hurried.proved
    assert (hurried.chain.match >= 0).any()
    placed = [int((priced.chain.match >= 0).sum()) for priced in (hurried, best)]
    assert placed[1] <= placed[0] + hurried.gap
    assert stages[:2] == ["scored", "kept"]


def test_the_gap_of_an_unproved_total_bounds_what_is_missing() -> None:
    market = cached(market_of(a_random_crowd(np.random.default_rng(4), 520, 260, mode="total"), None, 0, 1))
    goals = goals_of(market.problem)
    best = best_plan(market, goals, unhurried, silent).chain.steps[-1].value
    for keep in (2, 3, 5, 8):
        graph = best_of_both(market, keep)
        chain = solve_chain(market, graph, goals, whole_face(graph), unhurried, silent)
        found = price_back(market, chain.steps)
        if not found.short[0]:
            assert chain.steps[-1].value - int(found.short[-1]) <= best <= chain.steps[-1].value


def test_equal_utilities_do_not_crowd_around_the_same_mentors() -> None:
    problem = a_matrix_problem(np.full((500, 400), 7), mode="fair", line=10, levels=5)
    priced = best_plan(market_of(problem, None, 0, 1), goals_of(problem), unhurried, silent)
    assert priced.proved
    assert int((priced.chain.match >= 0).sum()) == 400
    assert len(priced.chain.graph.tail) < 80_000


def test_beyond_a_few_mentors_only_promising_pairs_are_scored() -> None:
    rng = np.random.default_rng(6)
    market = market_of(a_random_crowd(rng, 60, FEW + 100), None, 0, 1)
    graph, utilities = best_of_both(market, 20), market.utilities
    best = np.array([np.sort(utilities.block(e, e + 1)[0])[-5:].sum() for e in range(60)])
    own = np.array([np.sort(graph.utility[graph.tail == e])[-5:].sum() for e in range(60)])
    assert (own == best)[best >= 0].all()
    assert (np.bincount(graph.tail, minlength=60) > 0)[best >= 0].all()


def test_scoring_from_a_threshold_up_leaves_nothing_out() -> None:
    problem = a_random_crowd(np.random.default_rng(8), 50, 40)
    utilities = ColumnUtilities(problem)
    block = utilities.block(0, 50)
    least = np.random.default_rng(9).integers(-1, problem.top + 1, block.shape).astype(np.int16)
    mentee, mentor, utility = utilities.above(0, 50, least)
    expected = (block >= np.maximum(least, 0)).nonzero()
    assert sorted(zip(mentee.tolist(), mentor.tolist(), utility.tolist(), strict=True)) == sorted(
        zip(*(part.tolist() for part in expected), block[expected].tolist(), strict=True)
    )


def test_folded_goals_keep_their_order() -> None:
    market = market_of(a_random_crowd(np.random.default_rng(10), 60, 40, mode="fair"), None, 0, 1)
    graph = all_pairs(market)
    chain = solve_chain(market, graph, goals_of(market.problem), whole_face(graph), unhurried, silent)
    key = folded(chain.steps)
    credit = market.problem.credits[graph.tail]
    one = key.table[credit, graph.utility] + key.mentor[graph.head] - key.mentee[graph.tail]
    sign = np.zeros(len(one), np.int64)
    for step in chain.steps[: key.goals]:
        cost = step.goal.of_pairs(market.problem.credits, graph.tail, graph.head, graph.utility)
        reduced = cost + step.prices.mentor[graph.head] - step.prices.mentee[graph.tail]
        sign = np.where(sign == 0, np.sign(reduced), sign)
    assert np.array_equal(np.sign(one), sign)


@pytest.mark.parametrize("stability", [1000, 950, 500])
def test_pairs_to_be_kept_are_priced_as_such(stability: int) -> None:
    problem = a_random_crowd(np.random.default_rng(12), 520, 260, mode="total")
    before = market_of(problem, None, 0, 1)
    chain = best_plan(before, goals_of(before.problem), unhurried, silent).chain
    placed = np.flatnonzero(chain.match >= 0)
    mentors = before.mentor_rows[chain.graph.head[chain.match[placed]]]
    published = np.stack([before.mentee_rows[placed], mentors], axis=1)
    capacity = problem.capacity.copy()
    capacity[mentors[:9]] -= 1
    changed = problem.replace(mode="fair", kept=published, stability=stability, capacity=capacity)
    market = market_of(changed, None, 0, 1)
    goals, graph = goals_of(market.problem), all_pairs(market)
    priced = best_plan(market, goals, unhurried, silent)
    whole = solve_chain(market, graph, goals, whole_face(graph), unhurried, silent)
    values = [[step.value for step in one.steps if step.value] for one in (priced.chain, whole)]
    assert priced.proved
    assert values[0] == values[1]
