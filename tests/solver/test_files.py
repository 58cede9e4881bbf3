"""The problem and plan files: nothing is lost, the bytes are canonical, every fault is named."""

import json

import numpy as np
import pytest

from solver.files import (
    FormatError,
    MatchingPlan,
    MatchingProblem,
    dump_plan,
    dump_problem,
    load_plan,
    load_problem,
    problem_hash,
)
from solver.pairing.problem import (
    Certificate,
    Criterion,
    HallSet,
    LeftOver,
    PairingPlan,
    PairingProblem,
    Phase,
    Rule,
)
from solver.settings import SolveSettings


def a_problem() -> MatchingProblem:
    pairing = PairingProblem(
        mentee_people=np.array([0, 1]),
        mentor_people=np.array([2]),
        capacity=np.array([1]),
        mentee_columns={"function": np.array([3, 4])},
        mentor_columns={"function": np.array([4])},
        mentee_bits={"topics": np.array([[2**63], [5]], np.uint64)},
        mentor_bits={"topics": np.array([[7]], np.uint64)},
        rules=(Rule(kind="differ", column="function"),),
        criteria=(Criterion(kind="coverage", column="topics", points=100, weights=(1, 2, 3)),),
        credit=np.array([0, 2]),
        mode="total",
    )
    return MatchingProblem(
        people=np.array([7, 9, 2**62]), pairing=pairing, settings=SolveSettings(seed=5, effort=7, seconds=2.5)
    )


def a_plan() -> MatchingPlan:
    phase = Phase(goal="coverage", value=1, mentee_prices=np.array([1, 1]), mentor_prices=np.array([1]))
    pairing = PairingPlan(
        pairs=np.array([[1, 0]]),
        utility=np.array([40]),
        levels=(1, 1),
        total=40,
        bound=40,
        proved=True,
        waiting=(LeftOver(mentee=0, reason="shortage", hall_set=0),),
        certificate=Certificate(
            phases=(phase,),
            hall_sets=(HallSet(mentees=(0, 1), mentors=(0,), places=1),),
            ceilings=np.array([1, 1]),
        ),
        stats={"scored": 2},
    )
    return MatchingPlan(pairing=pairing)


def test_a_problem_survives_its_file():
    written = dump_problem(a_problem())

    read = load_problem(written)

    assert dump_problem(read) == written
    assert read.settings == SolveSettings(seed=5, effort=7, seconds=2.5)
    assert read.pairing is not None
    assert read.pairing.mentee_bits["topics"].tolist() == [[2**63], [5]]
    assert read.pairing.rules == (Rule(kind="differ", column="function"),)


def test_a_plan_survives_its_file():
    written = dump_plan(a_plan())

    assert dump_plan(load_plan(written)) == written
    assert written.endswith(b"}\n")


def test_equal_problems_have_equal_hashes_and_changed_ones_do_not():
    first, second = dump_problem(a_problem()), dump_problem(a_problem())
    other = dump_problem(MatchingProblem(people=np.array([7, 9, 2**62])))

    assert problem_hash(first) == problem_hash(second)
    assert problem_hash(first) != problem_hash(other)


def test_a_file_holds_numbers_and_neutral_keys_only():
    content = json.loads(dump_problem(a_problem()))

    assert content["people"] == [7, 9, 2**62]
    assert content["format"] == "evenhand-problem"
    assert content["version"] == 1


def test_every_fault_is_named_with_its_place():
    content = json.loads(dump_problem(a_problem()))
    content["version"] = 2
    content["pairing"]["capacity"] = [1.5]
    content["pairing"]["rules"][0]["kind"] = "friendly"
    content["pairing"]["colour"] = 1
    del content["people"]
    content["settings"]["seed"] = -1

    with pytest.raises(FormatError) as refused:
        load_problem(json.dumps(content).encode())

    assert [problem.split(":")[0] for problem in refused.value.problems] == [
        "/version",
        "/people",
        "/pairing/colour",
        "/pairing/capacity",
        "/pairing/rules/0/kind",
        "/settings",
    ]


@pytest.mark.parametrize(
    "wrong", [b"", b"[]", b"{", b"null", b'{"format": "evenhand-plan"}', b"[" * 100_000, b"\xff"]
)
def test_a_file_that_is_no_problem_is_refused(wrong: bytes):
    with pytest.raises(FormatError):
        load_problem(wrong)


def test_a_person_listed_twice_is_refused():
    with pytest.raises(ValueError, match="different numbers"):
        MatchingProblem(people=np.array([1, 1]))


def test_a_mentor_who_is_nobody_is_refused():
    pairing = PairingProblem(mentee_people=np.array([0]), mentor_people=np.array([9]), capacity=np.array([1]))

    with pytest.raises(ValueError, match="places from 0 to 1"):
        MatchingProblem(people=np.array([1, 2]), pairing=pairing)
