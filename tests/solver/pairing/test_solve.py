"""Pairing: the best of all plans in every mode, whatever the shortage, whoever is listed first."""

from typing import Any

import numpy as np
import pytest

from solver.check import check
from solver.checks.scores import utility_rows
from solver.files import MatchingPlan, MatchingProblem
from solver.pairing.market import PinError
from solver.pairing.problem import PairingPlan, PairingProblem
from solver.pairing.solve import solve_pairing
from solver.settings import SolveSettings, silent, unhurried
from tests.oracle import best_merit, merit
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd, a_random_matrix

QUICK = SolveSettings(workers=1)
CASES = 120


def solved(problem: PairingProblem, settings: SolveSettings = QUICK, people: Any = None) -> PairingPlan:
    """The plan, checked."""
    plan = solve_pairing(problem, settings, unhurried, silent, people)
    everybody = np.arange(
        1 + int(max(problem.mentee_people.max(initial=0), problem.mentor_people.max(initial=0)))
    )
    assert (
        check(MatchingProblem(people=everybody, pairing=problem), MatchingPlan(pairing=plan)).breaches == ()
    )
    return plan


def choice(problem: PairingProblem, plan: PairingPlan) -> tuple[int, ...]:
    mentor_of = dict(plan.pairs.tolist())
    return tuple(mentor_of.get(mentee, -1) for mentee in range(problem.mentees))


@pytest.mark.parametrize("cases", [CASES, pytest.param(2_000, marks=pytest.mark.torture)])
@pytest.mark.parametrize("mode", ["fair", "full", "total", "first"])
def test_no_plan_of_all_that_can_be_listed_is_better(mode: str, cases: int):
    rng = np.random.default_rng(len(mode))
    for _ in range(cases):
        problem = a_random_matrix(rng, mode=mode)

        plan = solved(problem)

        assert plan.proved
        assert merit(problem, choice(problem, plan)) == best_merit(problem)


@pytest.mark.parametrize("mode", ["fair", "full", "total", "first"])
def test_credits_pins_minimum_loads_and_even_load_are_as_exact(mode: str):
    rng = np.random.default_rng(100 + len(mode))
    for _ in range(60):
        problem = with_everything(a_random_matrix(rng, mode=mode), rng)

        plan = solved(problem)

        assert merit(problem, choice(problem, plan)) == best_merit(problem)


def with_everything(problem: PairingProblem, rng: np.random.Generator) -> PairingProblem:
    """The problem with credits, soft minimum loads, even load, an excluded pair and now and then a pin."""
    assert problem.matrix is not None
    open_ = np.argwhere((problem.matrix >= 0) & (problem.capacity > 0)[None, :])
    pinned = open_[rng.integers(0, len(open_), 1)] if len(open_) and rng.random() < 0.5 else open_[:0]
    excluded = np.array([[0, 0]]) if not (pinned == 0).all(axis=1).any() else pinned[:0]
    return problem.replace(
        credit=rng.integers(0, 3, problem.mentees),
        low=rng.integers(0, 2, problem.mentors),
        low_first=bool(rng.random() < 0.3),
        even_load=bool(rng.random() < 0.7),
        pinned=pinned,
        excluded=excluded,
    )


@pytest.mark.parametrize("mode", ["fair", "total", "first"])
def test_a_larger_crowd_pruned_and_priced_back_equals_the_whole(mode: str):
    problem = a_random_crowd(np.random.default_rng(4), 320, 260, mode=mode, line=400)
    matrix = utility_rows(problem, 0, problem.mentees).astype(np.int16)

    priced = solved(problem)
    whole = solved(problem.replace(matrix=matrix, criteria=(), rules=()))

    assert priced.proved
    assert priced.levels[0] == whole.levels[0]
    assert priced.total == whole.total


def test_the_order_in_which_people_were_added_does_not_matter():
    rng = np.random.default_rng(6)
    problem = a_matrix_problem(rng.integers(0, 3, (30, 20)), capacity=[1] * 20)
    people = rng.permutation(10_000)[:50]
    first = solved(problem, people=people)
    mentees, mentors = rng.permutation(30), rng.permutation(20)
    assert problem.matrix is not None
    shuffled = problem.replace(
        mentee_people=problem.mentee_people[mentees],
        mentor_people=problem.mentor_people[mentors],
        matrix=problem.matrix[np.ix_(mentees, mentors)],
    )

    second = solved(shuffled, people=people)

    named = {(problem.mentee_people[e], problem.mentor_people[m]) for e, m in first.pairs.tolist()}
    renamed = {(shuffled.mentee_people[e], shuffled.mentor_people[m]) for e, m in second.pairs.tolist()}
    assert named == renamed


def test_another_seed_draws_other_lots_among_equals():
    problem = a_matrix_problem(np.zeros((12, 12)))

    drawn = [SolveSettings(seed=seed, workers=1) for seed in range(4)]

    assert len({tuple(solved(problem, settings).pairs[:, 1].tolist()) for settings in drawn}) > 1


@pytest.mark.parametrize(
    ("matrix", "capacity", "expected"),
    [
        (np.zeros((0, 0)), [], []),
        (np.zeros((3, 0)), [], []),
        (np.zeros((0, 3)), [1, 1, 1], []),
        (np.full((1, 1), 7), [1], [[0, 0]]),
        (np.full((1, 1), -1), [1], []),
        (np.full((2, 2), -1), [5, 5], []),
        (np.full((2, 1), 5), [0], []),
        (np.full((2, 1), 10_000), [1_000_000], [[0, 0], [1, 0]]),
    ],
)
@pytest.mark.parametrize("mode", ["fair", "total"])
def test_there_is_always_a_plan(matrix: Any, capacity: Any, expected: Any, mode: str):
    problem = a_matrix_problem(matrix, capacity=np.array(capacity, np.int64), mode=mode)

    plan = solved(problem)

    assert plan.pairs.tolist() == expected
    assert plan.proved


def test_a_hundred_mentees_and_one_place():
    plan = solved(a_matrix_problem(np.arange(100)[:, None], line=50))

    assert plan.pairs.tolist() == [[99, 0]]
    assert plan.levels[0] == 99


def test_a_pin_against_a_hard_rule_is_refused_by_name():
    problem = a_matrix_problem([[3, -1]], pinned=np.array([[0, 1]]))

    with pytest.raises(PinError, match="mentee 0 with mentor 1"):
        solved(problem)


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_at_the_deadline_there_is_a_plan_with_a_bound_but_no_proof(mode: str):
    problem = a_random_crowd(np.random.default_rng(4), 420, 260, mode=mode, line=400)
    best = solved(problem)

    plan = solve_pairing(problem, QUICK, lambda: 0.0, silent)

    assert not plan.proved
    assert plan.placed == best.placed
    assert plan.total <= plan.bound
    assert best.total <= plan.bound
    everybody = np.arange(problem.mentees + problem.mentors)
    assert check(MatchingProblem(people=everybody, pairing=problem), MatchingPlan(pairing=plan)).good


@pytest.mark.parametrize("stability", [1000, 600, 100])
def test_published_pairs_are_kept_and_the_rest_is_proved(stability: int):
    rng = np.random.default_rng(9)
    problem = a_random_crowd(rng, 50, 30, capacity=rng.integers(0, 3, 30), line=400, levels=10)
    published = solved(problem)
    gone = int(published.pairs[0, 1])
    capacity = problem.capacity.copy()
    capacity[gone] = 0

    plan = solved(problem.replace(capacity=capacity, kept=published.pairs, stability=stability))

    assert plan.proved
    kept = {tuple(pair) for pair in published.pairs.tolist() if pair[1] != gone}
    assert stability < 1000 or kept <= {tuple(pair) for pair in plan.pairs.tolist()}


def test_nothing_left_to_keep_is_no_goal():
    problem = a_matrix_problem([[5, 4], [3, 2]], capacity=[0, 1])

    plan = solved(problem.replace(kept=np.array([[0, 0]]), stability=500))

    assert plan.pairs.tolist() == [[0, 1]]


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_a_pruned_crowd_is_the_same_in_any_order_and_by_any_number_of_workers(mode: str):
    rng = np.random.default_rng(21)
    problem = a_random_crowd(rng, 310, 250, mode=mode, line=400)
    people = rng.permutation(10**6)[: problem.mentees + problem.mentors]
    first = solved(problem, people=people)
    order = rng.permutation(problem.mentees)
    place = np.argsort(order)
    shuffled = problem.replace(
        mentee_people=problem.mentee_people[order],
        mentee_columns={name: values[order] for name, values in problem.mentee_columns.items()},
        mentee_bits={name: values[order] for name, values in problem.mentee_bits.items()},
        excluded=np.stack([place[problem.excluded[:, 0]], problem.excluded[:, 1]], axis=1),
        wishes=np.column_stack([place[problem.wishes[:, 0]], problem.wishes[:, 1:]]),
    )

    second = solved(shuffled, SolveSettings(workers=3), people=people)

    assert sorted((int(order[e]), m) for e, m in second.pairs.tolist()) == list(
        map(tuple, first.pairs.tolist())
    )
