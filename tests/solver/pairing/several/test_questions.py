"""Questions where some ask for several mentors: exact and proved, or good with a bound."""

from typing import Any

import numpy as np
import pytest

from solver.pairing.market import PinError
from solver.pairing.problem import PairingProblem
from solver.pairing.questions import Change
from solver.pairing.several.questions import WarmSeveralProblem, WholePlan
from solver.settings import SolveSettings
from tests.oracle import every_plan_of_several, merit_of_several
from tests.solver.pairing.cases import a_matrix_problem


def a_problem(rng: np.random.Generator, **changes: Any) -> PairingProblem:
    """Up to three mentees who ask for one to three of up to four mentors; some pairs forbidden."""
    mentees, mentors = int(rng.integers(2, 4)), int(rng.integers(2, 5))
    top = int(rng.choice([3, 10, 1000]))
    matrix = rng.integers(0, top + 1, (mentees, mentors))
    matrix[rng.random((mentees, mentors)) < rng.choice([0.0, 0.3])] = -1
    return a_matrix_problem(
        matrix,
        wanted=np.append(rng.integers(1, 4, mentees - 1), 2),
        capacity=rng.integers(0, 4, mentors),
        credit=rng.integers(0, 3, mentees) * int(rng.integers(0, 2)),
        line=int(rng.integers(1, top + 2)),
        levels=int(rng.integers(1, 7)),
        mentee_columns={"function": rng.integers(0, 2, mentees)},
        mentor_columns={"function": rng.integers(0, 2, mentors)},
        **changes,
    )


def a_change(rng: np.random.Generator, problem: PairingProblem) -> tuple[Change, PairingProblem]:
    """A pin, a ban or other places, and the problem it makes."""
    assert problem.matrix is not None
    e, m = int(rng.integers(problem.mentees)), int(rng.integers(problem.mentors))
    kind, capacity = int(rng.integers(3)), problem.capacity.copy()
    if kind == 0 and problem.matrix[e, m] >= 0 and capacity[m]:
        return Change(pin=((e, m),)), problem.replace(pinned=np.array([[e, m]]))
    if kind == 1:
        return Change(forbid=((e, m),)), problem.replace(excluded=np.array([[e, m]]))
    capacity[m] = int(rng.integers(0, 4))
    return Change(places=((m, int(capacity[m])),)), problem.replace(capacity=capacity)


def asked_in_turn(problem: PairingProblem, change: Change, small: int) -> tuple[WholePlan, WholePlan]:
    """The plan before, and the one with the change, from the first."""
    desk = WarmSeveralProblem(problem, SolveSettings(), small=small)
    before = desk.plan()
    return before, desk.what_if(change, before.pairs)


@pytest.mark.parametrize(
    ("mode", "share"), [("total", 0), ("fair", 0), ("full", 0), ("first", 0), ("total", 600), ("fair", 600)]
)
def test_what_is_proved_is_the_best_of_all_plans_and_no_plan_passes_the_bound(mode: str, share: int):
    rng = np.random.default_rng(11)
    proved = asked = 0
    for _ in range(25):
        cross = {"cross_column": "function", "cross_share": share} if share else {}
        problem = a_problem(rng, mode=mode, **cross)
        change, changed = a_change(rng, problem)

        for reply, its in zip(asked_in_turn(problem, change, small=0), (problem, changed), strict=True):
            merits = {plan: merit_of_several(its, plan) for plan in every_plan_of_several(its)}
            mine, best = merits[frozenset(reply.pairs)], min(merits.values())
            assert mine[:2] == best[:2]
            assert reply.total == -mine[-1] <= reply.bound
            assert reply.placed == len({e for e, _ in reply.pairs}) == problem.mentees - best[0][0]
            if mode != "first":
                assert not reply.proved or mine == best
                assert -best[-1] <= reply.bound
            proved, asked = proved + reply.proved, asked + 1
    assert proved > 0
    if (mode, share) == ("total", 0):
        assert proved == asked


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_what_is_small_is_proved(mode: str):
    rng = np.random.default_rng(5)
    for _ in range(8):
        problem = a_problem(rng, mode=mode)
        change, changed = a_change(rng, problem)

        _, reply = asked_in_turn(problem, change, small=60)

        best = min(merit_of_several(changed, plan) for plan in every_plan_of_several(changed))
        assert (merit_of_several(changed, frozenset(reply.pairs)), reply.proved) == (best, True)


def test_near_the_plan_at_hand_almost_always_the_levels_are_those_of_the_best():
    rng = np.random.default_rng(3)
    as_good = asked = 0
    for _ in range(50):
        problem = a_problem(rng, mode="fair")
        change, changed = a_change(rng, problem)

        _, reply = asked_in_turn(problem, change, small=0)

        best = min(merit_of_several(changed, plan) for plan in every_plan_of_several(changed))
        as_good += merit_of_several(changed, frozenset(reply.pairs))[:3] == best[:3]
        asked += 1
    assert as_good >= 0.9 * asked


def test_whoever_has_no_part_in_a_change_keeps_their_mentors():
    rng = np.random.default_rng(2)
    matrix = rng.integers(300, 1000, (40, 30))
    problem = a_matrix_problem(
        matrix, wanted=rng.integers(1, 4, 40), capacity=np.full(30, 3), line=1000, mode="fair"
    )
    desk = WarmSeveralProblem(problem, SolveSettings(), small=0)
    before = desk.plan()
    mentee, mentor = before.pairs[0]

    nothing = desk.what_if(Change(), before.pairs)
    banned = desk.what_if(Change(forbid=((mentee, mentor),)), before.pairs)

    assert nothing.pairs == before.pairs
    assert (mentee, mentor) not in banned.pairs
    assert len({e for e, _ in set(before.pairs) ^ set(banned.pairs)}) <= 6


def test_a_place_more_goes_to_somebody_who_gains_by_it():
    matrix = [[900, 100, 100], [890, 100, 100]]
    problem = a_matrix_problem(
        matrix, wanted=np.array([2, 1]), capacity=np.array([1, 2, 2]), line=1000, levels=10, mode="fair"
    )
    desk = WarmSeveralProblem(problem, SolveSettings(), small=0)
    before = desk.plan()

    more = desk.what_if(Change(places=((0, 2),)), before.pairs)

    assert (before.total, more.total) == (1090, 1890)
    assert {(0, 0), (1, 0)} <= set(more.pairs)


def test_a_pin_no_rule_allows_is_refused_and_more_pins_than_places_too():
    problem = a_matrix_problem([[3, -1], [3, 3]], wanted=np.array([2, 2]))
    desk = WarmSeveralProblem(problem, SolveSettings())

    with pytest.raises(PinError):
        desk.what_if(Change(pin=((0, 1),)))
    with pytest.raises(ValueError, match="pinned"):
        desk.what_if(Change(pin=((0, 0), (1, 0))))


def test_who_is_gone_has_no_mentor_and_gives_no_place():
    problem = a_matrix_problem(np.full((3, 3), 500), wanted=np.full(3, 2), capacity=np.full(3, 3))
    desk = WarmSeveralProblem(problem, SolveSettings(), small=0)

    reply = desk.what_if(Change(gone_mentees=(0,), gone_mentors=(2,)), desk.plan().pairs)

    assert reply.pairs == ((1, 0), (1, 1), (2, 0), (2, 1))
