"""Questions: each answer is a solve of the changed problem, with its cost and whom it touches."""

from dataclasses import replace

import numpy as np
import pytest

from solver.pairing.market import PinError
from solver.pairing.problem import PairingProblem
from solver.pairing.questions import Change, WarmProblem
from tests.oracle import best_merit, merit
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd, a_random_matrix
from tests.solver.pairing.test_share import with_functions
from tests.solver.pairing.test_solve import QUICK, solved


def a_crowd(seed: int = 1) -> PairingProblem:
    rng = np.random.default_rng(seed)
    return a_random_crowd(rng, 60, 40, capacity=rng.integers(1, 3, 40), line=400, levels=10)


@pytest.mark.parametrize("seed", range(5))
def test_a_pin_a_ban_and_more_places_cost_what_a_new_solve_says(seed: int):
    problem = a_crowd(seed)
    desk, before = WarmProblem(problem, QUICK), solved(problem)
    first, second = before.pairs[0].tolist(), before.pairs[1].tolist()
    capacity = problem.capacity.copy()
    capacity[0] += 2
    changes = [
        (Change(pin=((first[0], first[1]),)), problem.replace(pinned=np.array([first]))),
        (
            Change(forbid=((second[0], second[1]),)),
            problem.replace(excluded=np.concatenate([problem.excluded, [second]])),
        ),
        (Change(places=((0, int(capacity[0])),)), problem.replace(capacity=capacity)),
    ]

    for change, changed in changes:
        effect, after = desk.what_if(change), solved(changed)

        assert effect.proved
        assert before.total + effect.total == after.total
        assert tuple(a + b for a, b in zip(before.levels, effect.levels, strict=True)) == after.levels
        assert before.placed + effect.placed == after.placed


def test_whoever_moves_is_named_with_before_and_after():
    desk = WarmProblem(a_matrix_problem([[9, 8], [9, 1]], line=10, levels=10), QUICK)

    effect = desk.what_if(Change(pin=((0, 0),)))

    assert desk.pairs.tolist() == [[0, 1], [1, 0]]
    assert effect.moved == ((0, 1, 0), (1, 0, 1))
    assert (effect.placed, effect.total) == (0, -7)


def test_nothing_changed_moves_nobody():
    desk = WarmProblem(a_crowd(), QUICK)

    effect = desk.what_if(Change())

    assert (effect.moved, effect.total, effect.placed) == ((), 0, 0)


def test_why_not_names_the_broken_rules():
    problem = a_crowd()
    desk = WarmProblem(problem, QUICK)
    answers = [desk.why_not(3, mentor) for mentor in range(problem.mentors)]

    assert any(answer.rules for answer in answers)
    for answer in answers:
        assert (answer.effect is None) == bool(answer.rules)


def test_why_not_gives_a_bound_that_the_exact_price_keeps():
    desk = WarmProblem(a_crowd().replace(mode="total"), QUICK)

    for mentee, mentor in [(e, m) for e in range(0, 60, 7) for m in range(0, 40, 5)]:
        answer = desk.why_not(mentee, mentor)

        if answer.effect is not None and answer.goal == "total" and answer.effect.placed == 0:
            assert answer.bound <= -answer.effect.total
        if answer.goal == "coverage":
            assert answer.effect is not None
            assert answer.bound <= -answer.effect.placed


def test_a_pair_in_the_plan_costs_nothing():
    desk = WarmProblem(a_crowd(), QUICK)
    mentee, mentor = desk.pairs[0].tolist()

    answer = desk.why_not(mentee, mentor)

    assert (answer.goal, answer.bound) == ("", 0)
    assert answer.effect is not None
    assert answer.effect.total == 0


def test_a_pin_no_rule_allows_is_refused():
    desk = WarmProblem(a_matrix_problem([[3, -1], [3, 3]]), QUICK)

    with pytest.raises(PinError):
        desk.what_if(Change(pin=((0, 1),)))


@pytest.mark.parametrize("seed", range(5))
def test_a_repair_that_touches_nobody_moves_only_those_who_lost_their_mentor(seed: int):
    desk = WarmProblem(a_crowd(seed), QUICK)
    mentor = int(desk.pairs[0, 1])
    orphans = set(desk.pairs[desk.pairs[:, 1] == mentor, 0].tolist())
    waiting = set(range(60)) - set(desk.pairs[:, 0].tolist())

    effect = desk.repair(Change(gone_mentors=(mentor,), stability=1000))

    assert {mentee for mentee, _, _ in effect.moved} <= orphans | waiting
    assert all(after != mentor for _, _, after in effect.moved)


@pytest.mark.parametrize("seed", range(3))
def test_less_stability_never_places_fewer_and_full_freedom_is_a_new_solve(seed: int):
    problem = a_crowd(seed)
    desk = WarmProblem(problem, QUICK)
    mentor = int(desk.pairs[0, 1])
    capacity = problem.capacity.copy()
    capacity[mentor] = 0

    effects = [desk.repair(Change(gone_mentors=(mentor,), stability=s)) for s in (1000, 900, 500, 0)]

    anew = solved(problem.replace(capacity=capacity))
    assert effects[-1].placed == anew.placed - len(desk.pairs)
    assert effects[0].placed <= effects[1].placed
    assert len(effects[0].moved) <= len(effects[1].moved) <= len(effects[3].moved)


def test_a_mentee_who_leaves_frees_a_place_for_who_waits():
    desk = WarmProblem(a_matrix_problem([[5], [4]]), QUICK)

    effect = desk.repair(Change(gone_mentees=(0,), stability=1000))

    assert effect.moved == ((0, 0, -1), (1, -1, 0))
    assert effect.pairs == ((1, 0),)


def test_other_points_are_a_new_solve_counted_by_the_new_points():
    problem = a_crowd()
    desk = WarmProblem(problem, QUICK)
    heavier = replace(problem.criteria[4], points=500)

    effect = desk.what_if(Change(points=((4, 500),)))

    anew = solved(problem.replace(criteria=(*problem.criteria[:4], heavier, *problem.criteria[5:])))
    assert effect.pairs == tuple(map(tuple, anew.pairs.tolist()))
    assert effect.proved


def test_points_of_no_criterion_are_refused():
    with pytest.raises(ValueError, match="no criterion 99"):
        WarmProblem(a_crowd(), QUICK).what_if(Change(points=((99, 5),)))


def test_a_mentor_who_takes_fewer_gives_up_as_few_as_they_must():
    desk = WarmProblem(a_matrix_problem([[9, 1], [8, 1], [7, 1]], capacity=[3, 3], line=5), QUICK)

    effect = desk.repair(Change(places=((0, 1),), stability=1000))

    assert len(effect.moved) == 2
    assert effect.placed == 0


def test_a_pin_during_a_repair_moves_the_pinned_mentee_only():
    desk = WarmProblem(a_matrix_problem([[9, 1], [1, 8]], capacity=[2, 2], line=5), QUICK)

    effect = desk.repair(Change(pin=((0, 1),), stability=1000))

    assert effect.moved == ((0, 0, 1),)


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_where_a_share_is_asked_for_the_price_is_that_of_a_new_solve(mode: str):
    problem = a_crowd(4).replace(mode=mode, cross_column="site", cross_share=900)
    desk, before = WarmProblem(problem, QUICK), solved(problem)
    first, second = before.pairs[0].tolist(), before.pairs[1].tolist()
    own, theirs = problem.mentee_columns["site"], problem.mentor_columns["site"]
    changes = [
        (Change(), problem),
        (Change(pin=((first[0], first[1]),)), problem.replace(pinned=np.array([first]))),
        (
            Change(forbid=((second[0], second[1]),)),
            problem.replace(excluded=np.concatenate([problem.excluded, [second]])),
        ),
    ]

    for change, changed in changes:
        effect, after = desk.what_if(change), solved(changed)

        across = [int((own[e] != theirs[m]).sum()) for e, m in (np.array(effect.pairs).T, after.pairs.T)]
        assert across[0] >= min(across[1], -(-9 * len(effect.pairs) // 10))
        assert before.placed + effect.placed == after.placed
        assert tuple(a + b for a, b in zip(before.levels, effect.levels, strict=True)) == after.levels
        assert effect.bound >= after.total >= 0
        assert before.total + effect.total <= after.bound
        assert not (effect.proved and after.proved) or before.total + effect.total == after.total


@pytest.mark.parametrize("mode", ["fair", "total"])
def test_where_a_share_is_asked_for_no_plan_is_better_than_the_bound(mode: str):
    rng, proved = np.random.default_rng(6), 0
    for _ in range(20):
        problem = with_functions(a_random_matrix(rng, mode=mode), rng, 600)
        e, m = int(rng.integers(problem.mentees)), int(rng.integers(problem.mentors))
        capacity = problem.capacity.copy()
        capacity[m] = 2
        for change, changed in (
            (Change(forbid=((e, m),)), problem.replace(excluded=np.array([[e, m]]))),
            (Change(places=((m, 2),)), problem.replace(capacity=capacity)),
        ):
            effect = WarmProblem(problem, QUICK).what_if(change)

            plan = tuple(dict(effect.pairs).get(mentee, -1) for mentee in range(problem.mentees))
            mine, best = merit(changed, plan), best_merit(changed)
            assert mine[:-2] == best[:-2]
            assert effect.bound >= -best[-2] >= -mine[-2]
            assert not effect.proved or mine[:-1] == best[:-1]
            proved += effect.proved
    assert proved > 30
