"""The checker objects to each broken rule, and to nothing else."""

from dataclasses import replace

import numpy as np
import pytest

from solver.checks.circles import circles_breaches
from solver.checks.verdict import Breach
from solver.circles.problem import CirclesPlan
from tests.solver.circles.builders import a_circles_problem, pairs

TWO_CIRCLES = CirclesPlan(
    groups=((0, 1, 2, 3), (4, 5, 6, 7, 8)), slot=(0, 0), objective=5, bound=5, proved=True
)


def problem(**changes):
    return a_circles_problem(9, **changes)


def test_a_sound_plan_passes():
    assert list(circles_breaches(problem(), TWO_CIRCLES)) == []


@pytest.mark.parametrize(
    ("changes", "breach"),
    [
        ({"hard": pairs((3, 1))}, Breach("circle_hard_pairs", 0, 1, 0)),
        ({"smallest": 5}, Breach("circle_smallest", 0, 4, 5)),
        ({"facilitates": np.arange(9) < 4}, Breach("circle_facilitator", 1, 0, 1)),
        ({"available": np.arange(18).reshape(9, 2) != 10}, Breach("circle_shared_slot", 1, 4, 5)),
        ({"size_weight": 4}, Breach("circle_objective", 0, 5, 4)),
        ({"reunions": pairs((8, 4))}, Breach("circle_objective", 0, 5, 25)),
    ],
)
def test_a_broken_rule_is_named(changes, breach):
    assert breach in list(circles_breaches(problem(**changes), TWO_CIRCLES))


def test_somebody_forgotten_or_seated_twice_is_named():
    plan = replace(TWO_CIRCLES, groups=((0, 1, 2, 3), (4, 5, 6, 7, 0)))

    assert [
        breach for breach in circles_breaches(problem(), plan) if breach.rule == "circle_everyone_once"
    ] == [
        Breach("circle_everyone_once", 0, 2, 1),
        Breach("circle_everyone_once", 8, 0, 1),
    ]


def test_a_proof_without_equality_is_named():
    plan = replace(TWO_CIRCLES, bound=4, proved=False)

    assert list(circles_breaches(problem(), plan)) == []
    assert list(circles_breaches(problem(), replace(plan, bound=6))) == [Breach("circle_bound", 0, 6, 5)]
