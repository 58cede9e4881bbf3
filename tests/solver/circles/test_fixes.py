import numpy as np

from solver.circles.fixes import Fix, cheapest_fix
from solver.circles.problem import CirclesPlan
from tests.solver.circles.builders import a_circles_problem, pairs

PLAN = CirclesPlan(
    groups=((0, 1, 2, 3, 4), (5, 6, 7, 8, 9, 10)),
    slot=(0, 0),
    unplaced=((11, "remainder"),),
    objective=1005,
    bound=0,
    proved=False,
)


def fix(**changes) -> Fix | None:
    return cheapest_fix(a_circles_problem(12, **changes), PLAN, 11)


def only_at(person: int, slot: int) -> np.ndarray:
    available = np.zeros((12, 2), bool)
    available[:, 0] = True
    available[person] = np.arange(2) == slot
    return available


def test_a_free_seat_is_the_easiest():
    assert fix() == Fix(kind="seat", circle=0, value=0)


def test_one_more_slot_of_theirs():
    assert fix(available=only_at(11, 1)) == Fix(kind="slot", circle=0, value=0)


def test_a_larger_circle_is_easier_than_lifting_a_rule():
    assert fix(hard=pairs((11, 3))) == Fix(kind="size", circle=1, value=7)


def test_one_hard_pair_where_nothing_easier_helps():
    assert fix(hard=pairs((11, 3), (6, 11))) == Fix(kind="pair", circle=0, value=3)


def test_where_two_things_are_in_the_way_there_is_no_single_fix():
    assert fix(hard=pairs((11, 3), (11, 2), (6, 11)), available=only_at(11, 1)) is None
