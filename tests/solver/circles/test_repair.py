import numpy as np

from solver.circles.construct import first_circles
from solver.circles.costs import costs_of
from solver.circles.repair import repair_circles
from solver.settings import unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem, pairs

TWO = ((0, 1, 2, 3, 4), (5, 6, 7, 8, 9))


def repaired(problem, standing, slots=None, full=None):
    return repair_circles(problem, standing, slots or [0] * len(standing), unhurried, full=full)


def test_sound_circles_stand():
    repair = repaired(a_circles_problem(10), TWO)

    assert (repair.groups, repair.moved, repair.stands) == (TWO, (), (0, 1))


def test_who_leaves_a_circle_of_five_moves_nobody():
    repair = repaired(a_circles_problem(9), ((0, 1, 2, 3), (4, 5, 6, 7, 8)))

    assert repair.moved == ()


def test_who_joins_late_takes_a_free_seat():
    repair = repaired(a_circles_problem(11), TWO)

    assert (repair.moved, repair.unplaced) == ((), ())
    assert sorted(len(members) for members in repair.groups) == [5, 6]


def test_who_joins_with_a_full_load_takes_no_seat():
    full = np.arange(12) == 11
    repair = repaired(a_circles_problem(12), TWO, full=full)

    assert (repair.moved, repair.unplaced) == ((), ((11, "full"),))
    assert sorted(len(members) for members in repair.groups) == [5, 6]


def test_a_full_load_takes_nobody_out_of_a_seat_they_hold():
    repair = repaired(a_circles_problem(8), ((0, 1, 2), (3, 4, 5, 6, 7)), [1, 0], full=np.ones(8, bool))

    assert repair.unplaced == ()
    assert [len(members) for members in repair.groups] == [4, 4]


def test_a_circle_of_three_is_filled_by_moving_one():
    repair = repaired(a_circles_problem(9), ((0, 1, 2), (3, 4, 5, 6, 7, 8)))

    assert len(repair.moved) == 1
    assert sorted(len(members) for members in repair.groups) == [4, 5]


def test_a_circle_that_cannot_be_filled_joins_the_others():
    repair = repaired(a_circles_problem(8), ((0, 1, 2), (3, 4, 5, 6, 7)), [1, 0])

    assert repair.unplaced == ()
    assert [len(members) for members in repair.groups] == [4, 4]
    assert len(repair.moved) == 1


def test_a_lost_facilitator_is_replaced_by_one_move_each_way():
    facilitates = np.array([False] * 6 + [True] * 4)
    repair = repaired(a_circles_problem(10, facilitates=facilitates, smallest=5, largest=5), TWO)

    assert repair.unplaced == ()
    assert len(repair.moved) == 2


def test_the_slot_stays_while_all_can_make_it():
    repair = repaired(a_circles_problem(9), ((0, 1, 2, 3), (4, 5, 6, 7, 8)), [1, 0])

    assert repair.slot == (1, 0)


def test_who_fits_nowhere_is_told_why_and_nobody_moves():
    blocked = pairs(*((10, other) for other in range(10)))
    repair = repaired(a_circles_problem(11, hard=blocked), TWO)

    assert (repair.groups, repair.moved, repair.unplaced) == (TWO, (), ((10, "all_blocked"),))


def test_two_leavers_in_a_large_pool_touch_only_what_is_near():
    problem = a_realistic_problem(60, 4)
    groups, slots = first_circles(costs_of(problem), np.random.default_rng(0))
    gone = sorted(groups[0][:2])
    standing = [tuple(sorted(set(members) - set(gone))) for members in groups]
    available = problem.available.copy()
    available[gone] = False

    repair = repaired(a_realistic_problem(60, 4, available=available), standing, slots)

    assert len(repair.moved) <= 3
    assert set(gone) <= {person for person, _ in repair.unplaced}
    assert len(set(range(60)) - {i for members in groups for i in members}) + 2 >= len(repair.unplaced)
