import numpy as np
import pytest

from solver.checks.circles import circles_breaches
from solver.circles.cooling import part_of
from solver.circles.solve import solve_circles
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, pairs


def test_a_part_keeps_what_concerns_its_people():
    whole = a_circles_problem(
        6, classes={"function": np.arange(6)}, hard=pairs((0, 5), (1, 2)), reunions=pairs((5, 3))
    )
    part = part_of(whole, np.array([0, 3, 5]))

    assert part.people.tolist() == [0, 3, 5]
    assert part.classes["function"].tolist() == [0, 3, 5]
    assert (part.hard.tolist(), part.reunions.tolist()) == ([[0, 2]], [[2, 1]])


@pytest.mark.torture
def test_a_pool_cooled_in_parts_keeps_every_rule_and_repeats():
    problem = a_realistic_problem(2600, 1, hard=pairs((0, 1), (5, 9)))
    settings = SolveSettings(effort=0, workers=2)
    plan = solve_circles(problem, settings, unhurried, silent)

    assert list(circles_breaches(problem, plan)) == []
    assert plan == solve_circles(problem, settings, unhurried, silent)
