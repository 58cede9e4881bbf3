import numpy as np
import pytest

from solver.circles.problem import CirclesPlan
from tests.solver.circles.builders import a_circles_problem, pairs


def test_everything_wrong_is_named_at_once():
    with pytest.raises(ValueError, match=r"somebody is listed twice.*hard: each pair.*sizes 6, 5, 4"):
        a_circles_problem(3, people=np.array([0, 0, 1]), hard=pairs((0, 0)), smallest=6, target=5, largest=4)


def test_a_class_needs_a_weight():
    with pytest.raises(ValueError, match="class colour: no weight"):
        a_circles_problem(2, classes={"colour": np.zeros(2, np.int64)})


def test_a_plan_cannot_claim_a_proof_it_lacks():
    with pytest.raises(ValueError, match="cost 5 is not proved by bound 4"):
        CirclesPlan(groups=(), slot=(), objective=5, bound=4, proved=True)
