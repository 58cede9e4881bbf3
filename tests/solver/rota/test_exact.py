import numpy as np
import pytest

from solver.rota.cost import rota_cost
from solver.rota.exact import best_rota
from solver.rota.model import modelled_rota
from solver.rota.turns import taking_turns
from tests.solver.rota.builders import least_cost, random_group


@pytest.mark.parametrize("seed", range(40))
def test_listing_finds_the_cost_of_brute_force(seed):
    members, sessions, duties = [(3, 3, 2), (4, 3, 2), (3, 2, 3), (3, 5, 1)][seed % 4]
    problem = random_group(members, sessions, duties, seed)

    found = best_rota(problem)

    assert found is not None
    assert (found[1], rota_cost(problem, found[0])) == (least_cost(problem),) * 2


@pytest.mark.parametrize("seed", range(6))
def test_the_model_agrees_with_listing(seed):
    problem = random_group(5, 5, 3, seed)
    found = best_rota(problem)
    duties, proved = modelled_rota(problem, taking_turns(problem), effort=20, seconds=60)

    assert found is not None
    assert (rota_cost(problem, duties), proved) == (found[1], True)


def test_too_many_sessions_to_list_are_left_to_the_model():
    assert best_rota(random_group(8, 12, 3, 0)) is None


def test_everybody_absent_leaves_all_open():
    problem = random_group(4, 4, 3, 0)
    nobody = type(problem)(
        present=np.zeros((4, 4), bool),
        willing=problem.willing,
        experienced=problem.experienced,
        balance=np.zeros(4, np.int64),
    )
    found = best_rota(nobody)

    assert found is not None
    assert found[1] == 12 * 1000
