"""One cap on all that a person takes on: kept over pairs, circles and duties, and no further than needed."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.caps import full_of
from solver.check import check
from solver.checks.verdict import Breach
from solver.circles.problem import CirclesProblem
from solver.files import MatchingPlan, MatchingProblem, dump_plan, dump_problem, load_problem
from solver.pairing.problem import PairingProblem
from solver.run import run, solve
from solver.serve import answers
from solver.settings import SolveSettings, silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd
from tests.solver.rota.builders import terms

SETTINGS = SolveSettings(seed=3, workers=1, effort=30)


def solved(problem: MatchingProblem) -> MatchingPlan:
    """The plan, after the independent check found nothing to object to."""
    plan = solve(problem, unhurried, silent)
    assert check(problem, plan).breaches == ()
    return plan


def numbers(*caps: int) -> Any:
    return np.array(caps, np.int64)


def places(*people: int) -> Any:
    return np.array(people, np.int64)


def a_mentor_with_three_mentees(**changes: Any) -> PairingProblem:
    """People 0, 1 and 2 each ask for a mentor; person 3 has three places."""
    return a_matrix_problem([[5], [6], [7]], capacity=[3], **changes)


def everybody_in_a_circle(people: int) -> CirclesProblem:
    return a_circles_problem(people, smallest=3, target=people, largest=people)


def loads(problem: MatchingProblem, plan: MatchingPlan) -> list[int]:
    """What each person takes on in all, counted plainly."""
    load = [0] * len(problem.people)
    if problem.pairing is not None and plan.pairing is not None:
        for mentee, mentor in plan.pairing.pairs.tolist():
            load[problem.pairing.mentee_people[mentee]] += 1
            load[problem.pairing.mentor_people[mentor]] += 1
    if problem.circles is not None and plan.circles is not None:
        for member in [member for members in plan.circles.groups for member in members]:
            load[problem.circles.people[member]] += 1
    for group in plan.rota.groups if plan.rota else ():
        for holder in [holder for row in group.duties for holder in row if holder >= 0]:
            load[holder] += 1
    return load


def a_mixed_problem(seed: int) -> MatchingProblem:
    """Up to 20 people, many of them in several formats, half of them with a cap."""
    rng = np.random.default_rng(seed)
    mentees, mentors = int(rng.integers(4, 10)), int(rng.integers(3, 8))
    count = mentees + mentors + 4
    pairing = a_random_crowd(rng, mentees, mentors, wanted=rng.integers(1, 3, mentees))
    people = np.sort(rng.permutation(count)[: int(rng.integers(6, min(count, 15)))])
    circles = a_realistic_problem(len(people), seed, people=people, smallest=3)
    caps = np.where(rng.random(count) < 0.5, -1, rng.integers(1, 6, count))
    willing = rng.random((count, 2)) < 0.8
    return MatchingProblem(
        people=rng.integers(0, 2**62, count),
        pairing=pairing,
        circles=circles,
        rota=terms(count, sessions=3, duties=2, willing=willing, pairs=bool(rng.integers(2))),
        caps=caps.astype(np.int64),
        settings=SETTINGS,
    )


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000))
def test_nobody_is_ever_above_their_cap(seed):
    nobody_is_above(seed)


@pytest.mark.torture
def test_nobody_is_above_their_cap_in_two_hundred_cases():
    for seed in range(200):
        nobody_is_above(seed)


def nobody_is_above(seed: int) -> None:
    problem = a_mixed_problem(seed)

    plan = solved(problem)

    assert problem.caps is not None
    over = [
        (load, cap) for load, cap in zip(loads(problem, plan), problem.caps, strict=True) if load > cap >= 0
    ]
    assert over == []


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10_000))
def test_caps_nobody_reaches_change_no_byte_of_the_plan(seed):
    caps_change_nothing(seed)


@pytest.mark.torture
def test_caps_nobody_reaches_change_no_byte_in_fifty_cases():
    for seed in range(50):
        caps_change_nothing(seed)


def caps_change_nothing(seed: int) -> None:
    problem = a_mixed_problem(seed)
    without = replace(problem, caps=None)
    high, none = np.full(len(problem.people), 500), np.full(len(problem.people), -1)

    plans = {
        dump_plan(solved(one)) for one in (without, replace(problem, caps=high), replace(problem, caps=none))
    }

    assert len(plans) == 1


def test_a_mentor_takes_fewer_mentees_than_they_have_places_for():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4), pairing=a_mentor_with_three_mentees(), caps=numbers(-1, -1, -1, 2)
    )

    assert loads(problem, solved(problem)) == [0, 1, 1, 2]


def test_answers_about_a_pairing_keep_to_the_cap():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4), pairing=a_mentor_with_three_mentees(), caps=numbers(-1, -1, -1, 2)
    )

    plan, *_ = answers(problem, ['{"ask": "plan"}'])

    assert json.loads(plan)["pairs"] == [[1, 0], [2, 0]]


def test_asking_for_more_places_goes_no_further_than_the_cap():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4), pairing=a_mentor_with_three_mentees(), caps=numbers(-1, -1, -1, 2)
    )
    raised, cut = answers(
        problem, ['{"ask": "what_if", "places": [[0, 3]]}', '{"ask": "what_if", "places": [[0, 1]]}']
    )

    assert json.loads(raised)["placed"] == 0
    assert json.loads(cut)["placed"] == -1


def test_without_a_cap_more_places_take_more_mentees():
    pairing = a_mentor_with_three_mentees().replace(capacity=numbers(1))
    (raised,) = answers(
        MatchingProblem(people=places(1, 2, 3, 4), pairing=pairing),
        ['{"ask": "what_if", "places": [[0, 3]]}'],
    )

    assert json.loads(raised)["placed"] == 2


def test_who_is_full_for_a_circle_is_told_by_what_they_take_on_already():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4), circles=everybody_in_a_circle(4), caps=numbers(1, 2, -1, 3)
    )

    assert full_of(problem, numbers(1, 1, 9, 4)).tolist() == [True, False, False, True]


def test_a_mentor_who_wants_a_seat_keeps_room_for_it():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4),
        pairing=a_mentor_with_three_mentees(),
        circles=everybody_in_a_circle(4),
        caps=numbers(-1, -1, -1, 3),
    )

    plan = solved(problem)

    assert plan.circles is not None
    assert plan.circles.groups == ((0, 1, 2, 3),)
    assert loads(problem, plan) == [1, 2, 2, 3]


def test_a_mentee_with_room_for_one_gets_the_mentor_and_no_seat():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4),
        pairing=a_mentor_with_three_mentees(),
        circles=everybody_in_a_circle(4),
        caps=numbers(-1, 1, -1, -1),
    )

    plan = solved(problem)

    assert plan.circles is not None
    assert plan.circles.groups == ((0, 2, 3),)
    assert plan.circles.unplaced == ((1, "full"),)


def test_a_mentee_without_a_mentor_has_room_for_the_seat():
    nobody_fits = a_matrix_problem([[5], [-1], [7]], capacity=[3])
    problem = MatchingProblem(
        people=places(1, 2, 3, 4),
        pairing=nobody_fits,
        circles=everybody_in_a_circle(4),
        caps=numbers(-1, 1, -1, -1),
    )

    plan = solved(problem)

    assert plan.circles is not None
    assert plan.circles.unplaced == ()


def test_duties_end_where_the_cap_does():
    problem = MatchingProblem(
        people=places(1, 2, 3),
        circles=everybody_in_a_circle(3),
        rota=terms(3, sessions=4, duties=2),
        caps=numbers(2, 2, -1),
    )

    assert loads(problem, solved(problem)) == [2, 2, 5]


def test_a_mentee_asks_for_no_more_mentors_than_their_cap():
    pairing = a_matrix_problem([[5, 6, 7]], wanted=[3])
    problem = MatchingProblem(people=places(1, 2, 3, 4), pairing=pairing, caps=numbers(2, -1, -1, -1))

    assert loads(problem, solved(problem)) == [2, 0, 1, 1]


def test_a_pin_comes_before_what_else_a_person_wished_for():
    """Person 1 is pinned as the mentor of 0, wants a mentor as well, and has room for one."""
    pairing = PairingProblem(
        mentee_people=places(0, 1),
        mentor_people=places(1, 2),
        capacity=numbers(1, 1),
        matrix=np.array([[4, 4], [-1, 9]], np.int16),
        pinned=np.array([[0, 0]]),
    )
    problem = MatchingProblem(people=places(5, 6, 7), pairing=pairing, caps=numbers(-1, 1, -1))

    plan = solved(problem)

    assert plan.pairing is not None
    assert plan.pairing.pairs.tolist() == [[0, 0]]


def test_pins_above_a_cap_are_refused():
    pinned = a_mentor_with_three_mentees(pinned=np.array([[0, 0], [1, 0]]))

    with pytest.raises(ValueError, match="person 3 is pinned 2 times; their cap is 1"):
        MatchingProblem(people=places(1, 2, 3, 4), pairing=pinned, caps=numbers(-1, -1, -1, 1))


@pytest.mark.parametrize("caps", [numbers(1, 2), numbers(0, 1, 1, 1), numbers(-2, 1, 1, 1)])
def test_caps_that_are_none_are_refused(caps):
    with pytest.raises(ValueError, match="caps"):
        MatchingProblem(people=places(1, 2, 3, 4), caps=caps)


def test_caps_survive_their_file_and_files_without_them_load():
    problem = MatchingProblem(people=places(1, 2), caps=numbers(-1, 4))
    written = dump_problem(problem)

    read = load_problem(written).caps

    assert read is not None
    assert read.tolist() == [-1, 4]
    assert b"caps" not in dump_problem(replace(problem, caps=None))
    assert load_problem(dump_problem(replace(problem, caps=None))).caps is None


def test_a_plan_made_without_the_cap_is_named_by_the_check():
    free = MatchingProblem(
        people=places(1, 2, 3, 4),
        pairing=a_mentor_with_three_mentees(),
        circles=everybody_in_a_circle(4),
        rota=terms(4, sessions=4, duties=2),
    )
    plan = solve(free, unhurried, silent)
    held = loads(free, plan)

    found = check(replace(free, caps=numbers(-1, held[1], held[2] - 1, -1)), plan).breaches

    assert [breach for breach in found if breach.rule.startswith("load")] == [
        Breach("load_cap", 2, held[2], held[2] - 1)
    ]


def test_nobody_is_called_full_who_has_room():
    problem = MatchingProblem(
        people=places(1, 2, 3, 4), circles=everybody_in_a_circle(4), caps=numbers(1, 1, 1, 1)
    )
    plan = solved(problem)
    assert plan.circles is not None
    left_out = replace(plan.circles, groups=((1, 2, 3),), unplaced=((0, "full"),))

    found = check(problem, replace(plan, circles=left_out)).breaches

    assert Breach("load_full", 0, 0, 1) in found
    assert check(replace(problem, caps=None), replace(plan, circles=left_out)).breaches != ()


def test_a_checked_run_keeps_the_caps():
    outcome = run(a_mixed_problem(7), unhurried, silent)

    assert (outcome.fault, outcome.sentence) == ("", "")
    assert outcome.plan is not None


@settings(max_examples=4, deadline=None)
@given(st.integers(0, 10_000))
def test_circles_do_not_depend_on_the_order_of_the_people(seed):
    order_does_not_matter(13, seed)


@pytest.mark.torture
def test_circles_of_sixteen_do_not_depend_on_the_order_in_forty_cases():
    for seed in range(40):
        order_does_not_matter(16, seed)


def order_does_not_matter(people: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    ids, turn = rng.permutation(1000)[:people], rng.permutation(people)
    circles = a_realistic_problem(people, seed)
    back = np.argsort(turn)
    turned = replace(
        circles,
        available=circles.available[turn],
        classes={name: column[turn] for name, column in circles.classes.items()},
        hard=back[circles.hard],
        reunions=back[circles.reunions],
        facilitates=circles.facilitates[turn],
    )

    one = solved(MatchingProblem(people=ids, circles=circles, settings=SETTINGS)).circles
    other = solved(MatchingProblem(people=ids[turn], circles=turned, settings=SETTINGS)).circles

    assert one is not None
    assert other is not None
    assert {frozenset(ids[list(members)].tolist()) for members in one.groups} == {
        frozenset(ids[turn][list(members)].tolist()) for members in other.groups
    }
    assert {(int(ids[place]), why) for place, why in one.unplaced} == {
        (int(ids[turn][place]), why) for place, why in other.unplaced
    }
