"""The smallest change of what stands: nobody moves who need not, no held session is rewritten, caps hold."""

import subprocess
import sys
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from solver.checks.repair import repair_breaches
from solver.circles.costs import costs_of
from solver.files import MatchingProblem
from solver.repair.problem import (
    CircleNow,
    CurrentCircle,
    RepairPlan,
    RepairProblem,
    dump_repair,
    dump_repaired,
    load_repair,
    load_repaired,
)
from solver.repair.run import repair
from solver.settings import silent, unhurried
from tests.solver.circles.builders import a_circles_problem, a_realistic_problem
from tests.solver.pairing.cases import a_matrix_problem
from tests.solver.rota.builders import assigned, terms

MANY = 1 << 40


def a_repair(
    people: int, stand: tuple[CurrentCircle, ...] = (), left: Any = None, **parts: Any
) -> RepairProblem:
    begun = parts.pop("begun", 0)
    return RepairProblem(
        problem=MatchingProblem(people=np.arange(people) + 100, **parts),
        circles=stand,
        begun=begun,
        left=np.full(people, MANY) if left is None else np.array(left, np.int64),
    )


def standing(
    members: tuple[int, ...], gone: tuple[int, ...] = (), *, people: int, held: int = 2
) -> CurrentCircle:
    """A circle with the rota it was published with; duties of those gone are open from now on."""
    before = assigned(terms(people), tuple(sorted((*members, *gone)))).groups[0].duties
    duties = tuple(tuple(-2 if person in gone else person for person in row) for row in before)
    return CurrentCircle(members=members, slot=0, held=held, duties=duties)


def repaired(given: RepairProblem) -> RepairPlan:
    """The plan, after the independent check found nothing to object to."""
    plan = repair(given, unhurried, silent)
    assert list(repair_breaches(given, plan)) == []
    return plan


def test_who_leaves_hands_on_their_duties_and_nothing_else_changes() -> None:
    # Person 9 left: nobody is asked about them any more.
    circles = (standing((0, 1, 2, 3), (9,), people=10), standing((4, 5, 6, 7, 8), people=10))
    problem = a_circles_problem(9)
    given = a_repair(10, circles, circles=problem, rota=terms(10))

    plan = repaired(given)

    assert [(now.members, now.slot, now.stands) for now in plan.circles] == [
        ((0, 1, 2, 3), 0, 0),
        ((4, 5, 6, 7, 8), 0, 1),
    ]
    assert plan.circles[1].duties == circles[1].duties
    before, after = circles[0].duties, plan.circles[0].duties
    assert after[:2] == before[:2]
    changed = {
        old
        for olds, news in zip(before, after, strict=True)
        for old, new in zip(olds, news, strict=True)
        if old != new
    }
    assert changed == {-2}
    assert all(-2 not in row and -1 not in row for row in after[2:])


def test_a_circle_goes_on_with_three_rather_than_end() -> None:
    circles = (standing((0, 1, 2), (3,), people=4),)

    plan = repaired(a_repair(4, circles, circles=a_circles_problem(3), rota=terms(4)))

    assert (plan.circles[0].members, plan.smallest, plan.unplaced) == ((0, 1, 2), 3, ())


def test_two_who_are_left_are_told_that_their_circle_ends() -> None:
    circles = (standing((0, 1), (2, 3), people=4),)

    plan = repaired(a_repair(4, circles, circles=a_circles_problem(2), rota=terms(4)))

    assert (plan.circles, plan.unplaced) == ((), ((0, "too_few"), (1, "too_few")))


def test_late_joiners_form_a_circle_that_begins_with_the_next_session() -> None:
    circles = (standing((0, 1, 2, 3, 4), people=10),)
    problem = a_circles_problem(10, largest=5)

    plan = repaired(a_repair(10, circles, circles=problem, rota=terms(10), begun=2))

    first, second = plan.circles
    assert (first.members, first.duties) == (circles[0].members, circles[0].duties)
    assert (second.members, second.stands) == ((5, 6, 7, 8, 9), -1)
    assert [row == (-1, -1, -1) for row in second.duties] == [True, True, False, False, False, False]
    held = Counter(person for row in second.duties[2:] for person in row)
    assert set(held) == set(second.members)
    assert max(held.values()) - min(held.values()) <= 1


def test_caps_bar_a_seat_and_further_duties() -> None:
    circles = (standing((0, 1, 2, 3), (9,), people=10),)
    own = Counter(person for row in circles[0].duties[2:] for person in row)
    left = [0, 0, MANY, MANY, 0, MANY, MANY, MANY, MANY, MANY]

    plan = repaired(a_repair(10, circles, left, circles=a_circles_problem(5), rota=terms(10)))

    now = Counter(person for row in plan.circles[0].duties[2:] for person in row)
    assert plan.circles[0].members == (0, 1, 2, 3)
    assert plan.unplaced == ((4, "full"),)
    assert [now[person] <= own[person] for person in (0, 1)] == [True, True]
    assert sum(now[person] for person in (2, 3)) > own[2] + own[3]


def test_crowds_too_large_to_list_are_repaired_all_the_same() -> None:
    circles = tuple(
        CurrentCircle(members=tuple(range(5 * number, 5 * number + 5)), slot=0, held=0)
        for number in range(12)
    )
    short = replace(circles[0], members=circles[0].members[:3])
    given = a_repair(
        60, (short, *circles[1:]), circles=a_circles_problem(60, available=np.ones((60, 40), bool))
    )

    plan = repaired(given)

    # The two whose seats are open join again, whatever the list leaves out.
    assert plan.unplaced == ()
    assert (
        sum(
            set(one.members) <= set(now.members) for one, now in zip(given.circles, plan.circles, strict=True)
        )
        == 12
    )


def all_partitions(
    allowed: frozenset[tuple[int, ...]], people: tuple[int, ...]
) -> list[tuple[tuple[int, ...], ...]]:
    """Every way to seat these people in allowed circles, some of them in none."""

    @cache
    def ways(rest: tuple[int, ...]) -> list[tuple[tuple[int, ...], ...]]:
        if not rest:
            return [()]
        first, others = rest[0], rest[1:]
        found = list(ways(others))
        for members in allowed:
            if members[0] == first and set(members) <= set(rest):
                remaining = tuple(person for person in rest if person not in members)
                found += [(members, *more) for more in ways(remaining)]
        return found

    return ways(people)


def price(groups: tuple[tuple[int, ...], ...], before: list[tuple[int, ...]], n: int) -> tuple[int, int]:
    """People left over, and people who change their circle: a group goes on with one circle at most, the one
    of which it has more than half."""
    moved = 0
    for now in groups:
        shares = [(len(set(members) & set(now)), len(members)) for members in before]
        stays = max((here for here, size in shares if 2 * here > size), default=0)
        moved += sum(here for here, _ in shares) - stays
    return n - sum(map(len, groups)), moved


@pytest.mark.parametrize("seed", range(12))
def test_no_smaller_change_of_circles_exists(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 9
    problem = a_realistic_problem(
        n, seed, smallest=3, target=3, largest=4, available=rng.random((n, 3)) < 0.8
    )
    costs = costs_of(problem)
    allowed = frozenset(
        members for size in (3, 4) for members in combinations(range(n), size) if costs.allows(members)
    )
    plans = all_partitions(allowed, tuple(range(n)))
    best = max(plans, key=lambda groups: sum(map(len, groups)))
    gone = int(rng.integers(0, n))
    old = [tuple(person for person in members if person != gone) for members in best]
    number = {person: at for at, person in enumerate(person for person in range(n) if person != gone)}
    stands = [tuple(number[person] for person in members) for members in old]
    keep = np.array([person for person in range(n) if person != gone])
    smaller = a_circles_problem(
        n - 1,
        available=problem.available[keep],
        facilitates=problem.facilitates[keep],
        hard=np.array(
            [(number[a], number[b]) for a, b in problem.hard.tolist() if gone not in (a, b)], np.int64
        ).reshape(-1, 2),
        smallest=3,
        target=3,
        largest=4,
    )
    slots = [int(smaller.available[list(members)].all(0).argmax()) for members in stands]
    circles = tuple(
        CurrentCircle(members=members, slot=slot, held=0) for members, slot in zip(stands, slots, strict=True)
    )

    plan = repaired(a_repair(n - 1, circles, circles=smaller))

    now = costs_of(smaller)
    allowed = frozenset(
        members for size in (3, 4) for members in combinations(range(n - 1), size) if now.allows(members)
    )
    least = min(price(groups, stands, n - 1) for groups in all_partitions(allowed, tuple(range(n - 1))))
    assert price(tuple(one.members for one in plan.circles), stands, n - 1) == least


def a_question() -> RepairProblem:
    circles = (standing((0, 1, 2, 3), (9,), people=10), standing((4, 5, 6, 7, 8), people=10))
    return a_repair(10, circles, circles=a_circles_problem(9), rota=terms(10))


def test_question_and_answer_go_through_their_files() -> None:
    given = a_question()
    plan = repaired(given)

    assert dump_repair(load_repair(dump_repair(given))) == dump_repair(given)
    assert load_repaired(dump_repaired(plan)) == plan


def test_a_child_process_gives_the_same_bytes() -> None:
    given = a_question()
    command = [sys.executable, "-m", "solver", "--repair", "--seconds", "30"]

    child = subprocess.run(command, input=dump_repair(given), capture_output=True, timeout=60, check=False)
    refused = subprocess.run(command, input=b"{}", capture_output=True, timeout=60, check=False)

    assert (child.returncode, child.stdout) == (0, dump_repaired(repaired(given)))
    assert (refused.returncode, refused.stdout) == (2, b"")


def with_circle(plan: RepairPlan, number: int, **changes: Any) -> RepairPlan:
    circles = list(plan.circles)
    circles[number] = replace(circles[number], **changes)
    return replace(plan, circles=tuple(circles))


def rewritten(plan: RepairPlan) -> RepairPlan:
    first: CircleNow = plan.circles[0]
    return with_circle(plan, 0, duties=(first.duties[1], *first.duties[1:]))


TAMPERED = {
    "repair_held": rewritten,
    "repair_slot": lambda plan: with_circle(plan, 1, slot=1),
    "repair_continues": lambda plan: with_circle(plan, 1, stands=0),
    "circle_everyone_once": lambda plan: with_circle(plan, 1, members=(4, 5, 6, 7)),
    "repair_stranger": lambda plan: with_circle(plan, 1, members=(4, 5, 6, 7, 9)),
    "rota_two_duties": lambda plan: with_circle(plan, 0, duties=(*plan.circles[0].duties[:5], (0, 0, 1))),
    "repair_smallest": lambda plan: replace(plan, smallest=2),
}


@pytest.mark.parametrize("rule", TAMPERED)
def test_the_checker_names_what_was_tampered_with(rule: str) -> None:
    given = a_question()
    plan = repaired(given)

    assert rule in {breach.rule for breach in repair_breaches(given, TAMPERED[rule](plan))}


def test_new_pairs_take_turns_within_their_caps() -> None:
    pairing = a_matrix_problem(np.array([[50, 20], [30, 60]]))
    given = a_repair(4, left=[2, MANY, MANY, MANY], pairing=pairing, rota=terms(4, duties=1, pairs=True))

    plan = repaired(given)

    assert plan.pairing is not None
    assert plan.pairing.pairs.tolist() == [[0, 0], [1, 1]]
    counts = [Counter(person for row in turns.duties for person in row) for turns in plan.turns]
    assert counts[0][0] <= 1
    assert counts[1] == {int(person): 3 for person in plan.turns[1].members}
