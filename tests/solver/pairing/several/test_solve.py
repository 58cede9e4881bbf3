"""Several mentors each: coverage, the worst off first, then the total, and honest about what is proved."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver.check import check
from solver.files import MatchingPlan, MatchingProblem
from solver.pairing.market import PinError
from solver.pairing.problem import PairingPlan, PairingProblem
from solver.pairing.scoring import MatrixUtilities
from solver.pairing.several.case import Case, ExactLadder, StepLadder, case_of
from solver.pairing.several.solve import solve_case, solve_several
from solver.pairing.several.terms import Terms
from solver.pairing.solve import solve_pairing
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.pairing.several.brute import best, worth


def a_case(rng: np.random.Generator, *, low: bool) -> Case:
    """A tiny case: up to four mentees and four mentors, a short supply of places, some pairs forbidden."""
    mentees, mentors, top = (
        int(rng.integers(1, 5)),
        int(rng.integers(1, 5)),
        int(rng.choice([3, 8, 40, 1000])),
    )
    block = rng.integers(0, top + 1, (mentees, mentors))
    block[rng.random((mentees, mentors)) < rng.choice([0, 0.2, 0.5])] = -1
    wanted, capacity = rng.integers(1, 4, mentees), rng.integers(0, 3, mentors)
    exact = ExactLadder(line=int(rng.choice([top, 10**6])))
    steps = StepLadder(
        line=int(rng.integers(1, top + 2)) * wanted,
        levels=int(rng.integers(1, 6)),
        credit=rng.integers(0, 3, mentees) * int(rng.integers(0, 2)),
    )
    limits = {
        "wanted": wanted,
        "capacity": capacity,
        "low": np.minimum(capacity, rng.integers(0, 3, mentors)) * int(low),
        "ladder": exact if rng.random() < 0.5 else steps,
    }
    return case_of(block, limits)


@pytest.mark.parametrize("low", ["", "first", "after"])
def test_tiny_cases_are_solved_as_well_as_by_trying_everything(low: str) -> None:
    for seed in range(14):
        case = a_case(np.random.default_rng(seed), low=bool(low))
        terms = Terms(low_first=low == "first", depth=case.mentees)
        found = solve_case(case, terms, unhurried, silent)
        expected = best(case, low=low)
        assert (worth(case, found.chosen, low=low), found.bound, found.proved) == (
            expected,
            expected[-1],
            True,
        )


def a_problem(matrix: Any, **changes: Any) -> PairingProblem:
    """Mentees want two mentors each and mentors take two mentees, unless told otherwise."""
    matrix = np.array(matrix, np.int16)
    mentees, mentors = matrix.shape
    return PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=mentees + np.arange(mentors),
        matrix=matrix,
        **{
            "capacity": np.full(mentors, 2),
            "wanted": np.full(mentees, 2),
            "line": 500,
            "levels": 10,
            **changes,
        },
    )


def solved(
    problem: PairingProblem, remaining: Callable[[], float] = unhurried, **changes: Any
) -> PairingPlan:
    utilities = MatrixUtilities(problem.matrix)
    return solve_several(problem, utilities, SolveSettings(**changes), remaining, silent)


def test_the_worst_off_is_lifted_before_the_total() -> None:
    plan = solved(a_problem([[900, 890, 100, 90], [800, 800, 0, 0]], capacity=np.ones(4, np.int64)))
    assert plan.pairs.tolist() == [[0, 0], [0, 2], [1, 1], [1, 3]]
    assert (plan.levels, plan.total, plan.bound, plan.proved) == (
        (0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1),
        1800,
        1800,
        True,
    )


def test_the_highest_total_asks_for_no_levels() -> None:
    plan = solved(
        a_problem([[900, 900, 100, 100], [700, 700, 0, 0]], capacity=np.ones(4, np.int64), mode="total")
    )
    assert (plan.total, plan.proved) == (1800, True)


def test_first_choices_come_first_when_the_policy_says_so() -> None:
    matrix = [[1000, 400, 0], [990, 980, 0]]
    terms = {"capacity": np.ones(3, np.int64), "wanted": np.array([1, 2])}
    plan = solved(a_problem(matrix, mode="first", line=1000, **terms))
    assert plan.pairs.tolist() == [[0, 0], [1, 1], [1, 2]]


def test_in_a_shortage_everyone_gets_a_first_mentor_before_anybody_a_second() -> None:
    plan = solved(a_problem([[900, 900], [10, 20], [10, 10]], capacity=np.array([2, 2])))
    assert plan.placed == 3
    assert len(plan.pairs) == 4


def test_whoever_no_mentor_is_left_for_waits_and_the_others_get_theirs() -> None:
    plan = solved(a_problem([[-1, -1, -1], [500, 400, 300]]))
    assert plan.pairs.tolist() == [[1, 0], [1, 1]]
    assert (plan.levels[0], plan.proved) == (1, True)


def test_nobody_to_be_paired_with_gives_an_empty_plan() -> None:
    plan = solved(a_problem([[-1, -1], [-1, -1]]))
    assert (plan.pairs.tolist(), plan.levels[0], plan.total, plan.proved) == ([], 2, 0, True)


def test_minimum_loads_come_after_fairness_unless_the_policy_says_first() -> None:
    matrix = [[900, 900, 0], [900, 900, 0]]
    after = solved(a_problem(matrix, low=np.array([0, 0, 2])))
    first = solved(a_problem(matrix, low=np.array([0, 0, 2]), low_first=True))
    assert np.bincount(after.pairs[:, 1], minlength=3).tolist() == [2, 2, 0]
    assert np.bincount(first.pairs[:, 1], minlength=3)[2] == 2
    assert (after.proved, first.proved) == (True, True)


def test_a_pinned_pair_stays_and_counts_for_its_mentee() -> None:
    plan = solved(a_problem([[0, 900, 900], [500, 500, 500]], pinned=np.array([[0, 0]])))
    assert [0, 0] in plan.pairs.tolist()
    assert plan.proved
    assert plan.total == 0 + 900 + 1000


def test_the_share_of_cross_functional_pairs_is_reached_when_it_can_be() -> None:
    columns = {
        "mentee_columns": {"function": np.array([1, 1])},
        "mentor_columns": {"function": np.array([1, 1, 2, 3])},
    }
    problem = a_problem([[900, 900, 600, 600]] * 2, cross_column="function", cross_share=500, **columns)
    plan = solved(problem)
    crossing = [m >= 2 for _, m in plan.pairs.tolist()]
    assert (sum(crossing), plan.total, plan.proved) == (2, 3000, True)


def test_people_added_in_another_order_get_the_same_pairs() -> None:
    rng = np.random.default_rng(5)
    matrix = rng.integers(0, 4, (8, 7)).astype(np.int16) * 100
    rows, columns = rng.permutation(8), rng.permutation(7)
    people = rng.integers(0, 2**62, 15)
    here = a_problem(matrix)
    there = here.replace(matrix=matrix[np.ix_(rows, columns)], mentee_people=rows, mentor_people=8 + columns)
    pairs = []
    for problem in (here, there):
        plan = solve_several(
            problem, MatrixUtilities(problem.matrix), SolveSettings(), unhurried, silent, people=people
        )
        names = zip(
            problem.mentee_people[plan.pairs[:, 0]], problem.mentor_people[plan.pairs[:, 1]], strict=True
        )
        pairs.append(sorted((int(e), int(m)) for e, m in names))
    assert pairs[0] == pairs[1]


def test_at_the_deadline_the_best_plan_so_far_comes_back_unproved_with_a_bound() -> None:
    rng = np.random.default_rng(2)
    problem = a_problem(rng.integers(0, 1000, (20, 15)), capacity=np.full(15, 3))
    plan = solved(problem, remaining=lambda: 0.0)
    assert (len(plan.pairs), plan.proved) == (40, False)
    assert plan.total <= plan.bound
    assert solved(problem).proved


def test_two_mentees_with_the_same_two_mentors_cannot_both_have_the_same_one_twice() -> None:
    plan = solved(a_problem([[500, 1], [500, 1]], capacity=np.array([4, 4])))
    assert plan.pairs.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_huge_utilities_are_counted_exactly() -> None:
    rng = np.random.default_rng(3)
    block = rng.integers(0, 2**40, (4, 4))
    limits = {"wanted": np.full(4, 2), "capacity": np.full(4, 2), "low": np.zeros(4, np.int64)}
    case = case_of(block, {**limits, "ladder": ExactLadder(line=2**42)})
    found = solve_case(case, Terms(depth=1), unhurried, silent)
    assert found.chosen.sum() == 8
    assert found.bound >= case.total(found.chosen)


def test_a_pin_against_a_rule_is_refused_before_anything_is_solved() -> None:
    problem = a_problem([[-1, 900, 900], [500, 500, 500]], pinned=np.array([[0, 0]]))
    with pytest.raises(PinError):
        solved(problem)


def test_without_time_for_proofs_the_worst_off_still_do_better_than_under_the_highest_total() -> None:
    rng = np.random.default_rng(4)
    matrix = 300 * rng.random((30, 6)) ** 2 @ rng.random((6, 20))
    problem = a_problem(matrix, capacity=np.full(20, 3), line=700, levels=50)
    asked = iter([1.0] * 65)
    hurried = solved(problem, remaining=lambda: next(asked, 0.0))
    total = solved(problem.replace(mode="total"))
    lowest = [next(level for level, count in enumerate(plan.levels) if count) for plan in (hurried, total)]
    assert (hurried.proved, lowest[0] > lowest[1]) == (False, True)


def test_the_checker_agrees_with_plans_of_several_mentors() -> None:
    for seed in range(5):
        rng = np.random.default_rng(seed)
        problem = a_problem(
            rng.integers(-1, 1000, (6, 5)),
            capacity=rng.integers(0, 4, 5),
            wanted=rng.integers(1, 4, 6),
            credit=rng.integers(0, 3, 6),
        )
        plan = solve_pairing(problem, SolveSettings(), unhurried, silent)
        verdict = check(MatchingProblem(people=np.arange(11), pairing=problem), MatchingPlan(pairing=plan))
        assert (verdict.breaches, plan.proved) == ((), True)


def test_even_load_moves_pairs_of_equal_utility_to_mentors_with_fewer() -> None:
    matrix = np.full((4, 8), 500)
    even = solved(a_problem(matrix, capacity=np.full(8, 4), even_load=True))
    assert np.bincount(even.pairs[:, 1], minlength=8).tolist() == [1] * 8
    assert (even.total, even.proved) == (4000, True)


@pytest.mark.parametrize("mentors", [0, 1])
def test_no_mentors_or_only_pins_leave_nothing_to_solve(mentors: int) -> None:
    pins = np.array([[0, 0], [1, 0]])[: 2 * mentors]
    plan = solved(a_problem(np.full((2, mentors), 500), pinned=pins.reshape(-1, 2)))
    assert (plan.pairs.tolist(), plan.total, plan.proved) == (pins.tolist(), 1000 * mentors, True)
