"""Beyond fifteen thousand mentors coverage is added up bit by bit: the same numbers, sooner."""

import numpy as np
import pytest

from solver.checks.scores import utility_rows
from solver.pairing.problem import Criterion, PairingProblem
from solver.pairing.scoring import MANY_MENTORS, ColumnUtilities


@pytest.mark.parametrize("weights", [(), (3, 1, 0, 2)])
@pytest.mark.parametrize("points", [450, 997])
def test_coverage_of_many_mentors_is_what_they_offer(points: int, weights: tuple[int, ...]) -> None:
    rng = np.random.default_rng(5)
    mentees, mentors = 30, MANY_MENTORS + 1
    wants = np.zeros((mentees, 2), np.uint64)
    for bit in rng.integers(0, 90, (4, mentees)).astype(np.uint64):
        wants[np.arange(mentees), (bit // 64).astype(int)] |= np.uint64(1) << bit % np.uint64(64)
    wants[0] = 0
    problem = PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        capacity=np.ones(mentors, np.int64),
        mentee_bits={"topics": wants},
        mentor_bits={"topics": rng.integers(0, 2**62, (mentors, 2)).astype(np.uint64)},
        criteria=(Criterion(kind="coverage", column="topics", points=points, weights=weights),),
    )
    assert np.array_equal(ColumnUtilities(problem).block(0, mentees), utility_rows(problem, 0, mentees))
