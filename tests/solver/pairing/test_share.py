"""A minimum share of pairs across functions: reached where it can be, at the least cost to the total."""

import numpy as np
import pytest

from solver.pairing.problem import PairingProblem
from tests.oracle import best_merit, merit
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd, a_random_matrix
from tests.solver.pairing.test_solve import choice, solved


def with_functions(problem: PairingProblem, rng: np.random.Generator, share: int) -> PairingProblem:
    """The problem with a function for everybody and a share to reach."""
    return problem.replace(
        mentee_columns={"function": rng.integers(0, 2, problem.mentees)},
        mentor_columns={"function": rng.integers(0, 2, problem.mentors)},
        cross_column="function",
        cross_share=share,
    )


@pytest.mark.parametrize(
    ("cases", "most_unproved"), [(50, 3), pytest.param(150, 10, marks=pytest.mark.torture)]
)
@pytest.mark.parametrize("mode", ["fair", "total", "first"])
def test_no_plan_that_reaches_the_share_is_better(mode: str, cases: int, most_unproved: int):
    rng = np.random.default_rng(3)
    proved = 0
    for _ in range(cases):
        problem = with_functions(a_random_matrix(rng, mode=mode), rng, int(rng.choice([300, 500, 1000])))

        plan = solved(problem)

        mine, best = merit(problem, choice(problem, plan)), best_merit(problem)
        assert mine[:-2] == best[:-2]
        assert mine[-2] - best[-2] <= plan.bound - plan.total
        proved += plan.proved
    assert proved >= cases - most_unproved


def test_a_share_costs_only_what_it_must():
    problem = a_matrix_problem([[9, 5], [9, 8]], mode="total").replace(
        mentee_columns={"function": np.array([0, 0])},
        mentor_columns={"function": np.array([0, 1])},
        capacity=np.array([2, 2]),
        cross_column="function",
        cross_share=500,
    )

    plan = solved(problem)

    assert plan.pairs.tolist() == [[0, 0], [1, 1]]
    assert plan.proved


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_a_crowd_reaches_its_share(mode: str):
    problem = a_random_crowd(np.random.default_rng(8), 260, 240, mode=mode, line=400).replace(
        cross_column="site", cross_share=800
    )
    free = solved(problem.replace(cross_share=0))

    plan = solved(problem)

    own, theirs = problem.mentee_columns["site"], problem.mentor_columns["site"]
    across = [int((own[p.pairs[:, 0]] != theirs[p.pairs[:, 1]]).sum()) for p in (free, plan)]
    assert across[0] < across[1]
    assert plan.levels[0] == free.levels[0]
    assert plan.total <= free.total
