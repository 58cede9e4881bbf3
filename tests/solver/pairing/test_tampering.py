"""A plan or certificate that was changed after solving is refused, whatever was changed."""

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from solver.check import check
from solver.files import MatchingPlan, MatchingProblem, dump_plan, load_plan
from solver.pairing.solve import solve_pairing
from solver.settings import silent, unhurried
from tests.solver.pairing.cases import a_random_crowd
from tests.solver.pairing.test_solve import QUICK

Content = dict[str, Any]


def the_problem() -> MatchingProblem:
    """A crowd with a shortage, a pin, credits and all kinds of rules."""
    rng = np.random.default_rng(12)
    pairing = a_random_crowd(
        rng, 40, 16, capacity=rng.integers(0, 3, 16), line=400, levels=8, credit=rng.integers(0, 3, 40)
    )
    return MatchingProblem(
        people=np.arange(60), pairing=pairing.replace(pinned=np.array([[5, 3]]), even_load=True)
    )


@pytest.fixture(scope="module")
def problem() -> MatchingProblem:
    return the_problem()


@pytest.fixture(scope="module")
def content(problem: MatchingProblem) -> bytes:
    assert problem.pairing is not None
    return dump_plan(MatchingPlan(pairing=solve_pairing(problem.pairing, QUICK, unhurried, silent)))


def phase(plan: Content, goal: str) -> Content:
    return next(one for one in plan["certificate"]["phases"] if one["goal"] == goal)


def busiest(plan: Content) -> Content:
    """The level phase with prices that matter."""
    return max(plan["certificate"]["phases"], key=lambda one: one["goal"] == "levels" and abs(one["value"]))


def unmatched(plan: Content) -> int:
    return int(plan["waiting"][0]["mentee"])


TAMPERINGS: dict[str, Callable[[Content], Any]] = {
    "a pair is left out": lambda p: (p["pairs"].pop(), p["utility"].pop()),
    "a pair is listed twice": lambda p: (
        p["pairs"].insert(0, p["pairs"][0]),
        p["utility"].insert(0, p["utility"][0]),
    ),
    "a pair gets another mentor": lambda p: p["pairs"][0].__setitem__(1, (p["pairs"][0][1] + 1) % 16),
    "a pair gets another mentee": lambda p: p["pairs"][0].__setitem__(0, unmatched(p)),
    "a pair names nobody": lambda p: p["pairs"][-1].__setitem__(0, 400),
    "a mentor gets too many": lambda p: [pair.__setitem__(1, 3) for pair in p["pairs"]],
    "two pairs change places in the list": lambda p: p["pairs"].reverse(),
    "a utility is raised": lambda p: p["utility"].__setitem__(0, p["utility"][0] + 1),
    "the total is raised": lambda p: p.__setitem__("total", p["total"] + 1),
    "the bound is raised": lambda p: p.__setitem__("bound", p["bound"] + 5),
    "total and bound are raised together": lambda p: p.update(total=p["total"] + 1, bound=p["bound"] + 1),
    "a level count is moved up": lambda p: p.__setitem__(
        "levels", [p["levels"][0] - 1, *p["levels"][1:-1], p["levels"][-1] + 1]
    ),
    "a level is added": lambda p: p["levels"].append(0),
    "the certificate is gone": lambda p: p.__setitem__("certificate", None),
    "a phase is left out": lambda p: p["certificate"]["phases"].pop(1),
    "the last phase is left out": lambda p: p["certificate"]["phases"].pop(),
    "two phases change places": lambda p: p["certificate"]["phases"].insert(
        0, p["certificate"]["phases"].pop(1)
    ),
    "coverage claims a lower value": lambda p: phase(p, "coverage").__setitem__(
        "value", phase(p, "coverage")["value"] - 1
    ),
    "the total claims another value": lambda p: phase(p, "total").__setitem__(
        "value", phase(p, "total")["value"] - 7
    ),
    "a level's weight is changed": lambda p: busiest(p)["weights"].__setitem__(0, 2),
    "a level is renamed": lambda p: busiest(p)["levels"].__setitem__(0, 77),
    "a mentee price is raised": lambda p: phase(p, "total")["mentee_prices"].__setitem__(
        int(p["pairs"][0][0]), 10**6
    ),
    "a mentor price is raised": lambda p: phase(p, "total")["mentor_prices"].__setitem__(
        int(p["pairs"][0][1]), 10**6
    ),
    "a mentor price is lowered": lambda p: phase(p, "total")["mentor_prices"].__setitem__(
        int(p["pairs"][0][1]), -(10**6)
    ),
    "all prices are nought": lambda p: phase(p, "total").update(
        mentee_prices=[0] * 40, mentor_prices=[0] * 16
    ),
    "a price is too large to add up": lambda p: phase(p, "total")["mentee_prices"].__setitem__(0, 2**62),
    "a price vector is too short": lambda p: phase(p, "total")["mentor_prices"].pop(),
    "somebody waiting is not listed": lambda p: p["waiting"].pop(),
    "somebody placed is listed as waiting": lambda p: p["waiting"][0].__setitem__("mentee", p["pairs"][0][0]),
    "a reason is made up": lambda p: p["waiting"][0].__setitem__("reason", "bad luck"),
    "a reason is another": lambda p: p["waiting"][0].__setitem__("reason", "no_mentors"),
    "a change is made up": lambda p: p["waiting"][0].__setitem__("change", "try harder"),
    "a change names other rules": lambda p: p["waiting"][0].update(change="rule", rules=[0, 1]),
    "a blocking set loses a mentor": lambda p: p["certificate"]["hall_sets"][0]["mentors"].pop(),
    "a blocking set has more places": lambda p: p["certificate"]["hall_sets"][0].__setitem__("places", 99),
    "a blocking set loses its mentees": lambda p: p["certificate"]["hall_sets"][0].__setitem__("mentees", []),
    "a blocking set names nobody": lambda p: p["certificate"]["hall_sets"][0]["mentees"].append(400),
    "a ceiling is lowered": lambda p: p["certificate"]["ceilings"].__setitem__(0, 1),
    "a ceiling is missing": lambda p: p["certificate"]["ceilings"].pop(),
    "the pin is not kept": lambda p: [pair.__setitem__(1, 4) for pair in p["pairs"] if pair == [5, 3]],
}


def test_the_untouched_plan_is_good(problem: MatchingProblem, content: bytes):
    assert check(problem, load_plan(content)).breaches == ()


@pytest.mark.parametrize("change", TAMPERINGS)
def test_a_changed_plan_is_refused(change: str, problem: MatchingProblem, content: bytes):
    tampered = json.loads(content)
    TAMPERINGS[change](tampered["pairing"])
    assert json.dumps(tampered, sort_keys=True, separators=(",", ":")).encode() + b"\n" != content

    verdict = check(problem, load_plan(json.dumps(tampered).encode()))

    assert not verdict.good


def test_an_answer_to_a_part_nobody_asked_for_is_refused(problem: MatchingProblem, content: bytes):
    asked_nothing = MatchingProblem(people=problem.people)

    assert not check(asked_nothing, load_plan(content)).good
    assert not check(problem, MatchingPlan()).good
