"""Goal after goal on a graph of all pairs: every small case against every possible plan."""

from itertools import product

import numpy as np
import pytest

from solver.pairing.candidates import all_pairs
from solver.pairing.flow import FlowCosts, whole_face
from solver.pairing.goals import Goal, goals_of
from solver.pairing.leximin import Chain, digits, most_placed, solve_chain
from solver.pairing.market import Market, market_of
from solver.pairing.problem import Mode, PairingProblem
from solver.pairing.recovery import by_mentee, settled
from solver.settings import silent, unhurried

CASES = [120, pytest.param(2_000, marks=pytest.mark.torture)]


def random_problem(rng: np.random.Generator, mode: Mode) -> PairingProblem:
    """At most five mentees and four mentors, many ties, some pairs forbidden, some mentors closed."""
    mentees, mentors = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    top = int(rng.choice([3, 10, 1000]))
    lowest = -1 if rng.random() < 0.5 else -top // 2
    matrix = np.maximum(rng.integers(lowest, top + 1, (mentees, mentors)), -1).astype(np.int16)
    return PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        capacity=rng.integers(0, 3, mentors),
        credit=rng.integers(0, 3, mentees) * int(rng.random() < 0.3),
        matrix=matrix,
        mode=mode,
        line=int(rng.integers(1, top + 2)),
        levels=int(rng.integers(1, 8)),
    )


def values(goals: list[Goal], problem: PairingProblem, mentor_of: tuple[int, ...]) -> list[int]:
    """What a plan costs in each goal."""
    placed = [(e, m) for e, m in enumerate(mentor_of) if m >= 0]
    left = [e for e, m in enumerate(mentor_of) if m < 0]
    assert problem.matrix is not None
    return [
        sum(int(goal.table[problem.credits[e], problem.matrix[e, m]]) for e, m in placed)
        + sum(int(goal.waiting[e]) for e in left)
        for goal in goals
    ]


def every_plan(problem: PairingProblem) -> list[tuple[int, ...]]:
    """All plans that keep rules and capacities; -1 is nobody."""
    assert problem.matrix is not None
    options = [[-1, *np.flatnonzero(row >= 0).tolist()] for row in problem.matrix]
    plans = product(*options)
    return [plan for plan in plans if all(plan.count(m) <= c for m, c in enumerate(problem.capacity))]


def chain_of(market: Market) -> Chain:
    graph = all_pairs(market)
    return solve_chain(market, graph, goals_of(market.problem), whole_face(graph), unhurried, silent)


def mentors_of(chain: Chain) -> tuple[int, ...]:
    return tuple(int(chain.graph.head[arc]) if arc >= 0 else -1 for arc in chain.match)


@pytest.mark.parametrize("cases", CASES)
@pytest.mark.parametrize("mode", ["fair", "full", "total", "first"])
def test_no_plan_of_any_small_case_is_better(mode: Mode, cases: int) -> None:
    rng = np.random.default_rng(20_180_401)
    for _ in range(cases):
        market = market_of(random_problem(rng, mode), None, int(rng.integers(9)), 1)
        goals, chain = goals_of(market.problem), chain_of(market)
        found = values(goals, market.problem, mentors_of(chain))
        assert found == min(values(goals, market.problem, plan) for plan in every_plan(market.problem))
        proved = {level: step.value for step in chain.steps for level in (step.goal.name, *step.goal.levels)}
        assert proved["coverage"] == found[0]
        assert proved["total"] == found[-1]


def test_a_thousand_levels_are_told_apart() -> None:
    rng = np.random.default_rng(7)
    matrix = rng.integers(0, 1001, (30, 20)).astype(np.int16)
    problem = PairingProblem(
        mentee_people=np.arange(30),
        mentor_people=np.arange(30, 50),
        capacity=rng.integers(1, 3, 20),
        matrix=matrix,
        mode="fair",
        line=1001,
        levels=1000,
    )
    market = market_of(problem, None, 0, 1)
    chain = chain_of(market)
    utility = np.sort(chain.graph.utility[chain.match[chain.match >= 0]])
    again = chain_of(market_of(problem.replace(levels=1), None, 0, 1))
    assert len(utility) == 30 if problem.capacity.sum() >= 30 else int(problem.capacity.sum())
    assert utility[0] >= np.sort(again.graph.utility[again.match[again.match >= 0]])[0]
    assert [level for step in chain.steps for level in step.goal.levels] == list(range(1, 1001))


def test_a_plan_that_can_be_improved_has_no_prices() -> None:
    market = market_of(
        PairingProblem(
            mentee_people=np.arange(2),
            mentor_people=np.arange(2, 4),
            capacity=np.ones(2, np.int64),
            matrix=np.array([[5, 0], [0, 5]], np.int16),
        ),
        None,
        0,
        1,
    )
    graph = all_pairs(market)
    costs = FlowCosts(arc=-graph.utility, waiting=np.full(2, 100))
    worse = np.array([np.flatnonzero((graph.tail == e) & (graph.utility == 0))[0] for e in range(2)])
    better = np.array([np.flatnonzero((graph.tail == e) & (graph.utility == 5))[0] for e in range(2)])
    order = by_mentee(graph)
    assert settled(graph, whole_face(graph), costs, worse, order) is None
    prices = settled(graph, whole_face(graph), costs, better, order)
    assert prices is not None
    assert (costs.arc + prices.mentor[graph.head] - prices.mentee[graph.tail] >= 0).all()


def test_as_many_as_there_are_places_are_placed() -> None:
    problem = PairingProblem(
        mentee_people=np.arange(3),
        mentor_people=np.arange(3, 5),
        capacity=np.array([1, 1]),
        matrix=np.array([[1, -1], [1, 1], [1, -1]], np.int16),
    )
    graph = all_pairs(market_of(problem, None, 0, 1))
    assert (most_placed(graph, np.arange(len(graph.tail))) >= 0).sum() == 2


def test_digits_give_the_number_back() -> None:
    numbers = np.array([0, 1, -1, 12345, -98765, 10**12])
    parts = digits(numbers, 20, 4)
    assert (np.abs(parts[1:]) <= 10).all()
    assert (sum(part * 20**power for part, power in zip(parts, (3, 2, 1, 0), strict=True)) == numbers).all()
