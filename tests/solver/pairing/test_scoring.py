"""Scoring: what explains a pair is what the solver adds up, and a second way of computing it agrees."""

import numpy as np
import pytest

from solver.checks.scores import utility_rows
from solver.pairing.problem import Criterion, PairingProblem, Rule
from solver.pairing.scoring import ColumnUtilities, broken_rules, terms
from tests.solver.pairing.cases import a_random_crowd


@pytest.mark.parametrize("seed", range(8))
def test_the_sum_of_the_terms_is_the_utility_of_every_allowed_pair(seed: int):
    problem = a_random_crowd(np.random.default_rng(seed), 12, 9)

    utility = ColumnUtilities(problem).block(0, 12)

    for mentee, mentor in np.argwhere(utility >= 0).tolist():
        assert sum(terms(problem, mentee, mentor)) == utility[mentee, mentor]


@pytest.mark.parametrize(("seed", "mentees", "mentors"), [(0, 30, 20), (1, 400, 90), (2, 90, 400), (3, 1, 1)])
def test_the_checker_computes_the_same_utilities_its_own_way(seed: int, mentees: int, mentors: int):
    problem = a_random_crowd(np.random.default_rng(seed), mentees, mentors)

    assert np.array_equal(ColumnUtilities(problem).block(0, mentees), utility_rows(problem, 0, mentees))


def test_blocks_are_parts_of_the_whole():
    problem = a_random_crowd(np.random.default_rng(5), 50, 30)
    utilities = ColumnUtilities(problem)

    parts = [utilities.block(start, min(50, start + 7)) for start in range(0, 50, 7)]

    assert np.array_equal(np.concatenate(parts), utilities.block(0, 50))


@pytest.mark.parametrize("seed", range(4))
def test_a_pair_is_forbidden_exactly_when_it_breaks_a_rule(seed: int):
    problem = a_random_crowd(np.random.default_rng(seed), 15, 12)

    utility = ColumnUtilities(problem).block(0, 15)

    broken = np.array([broken_rules(problem, mentee).any(axis=0) for mentee in range(15)])
    assert np.array_equal(utility < 0, broken)


def one_pair(rule: Rule, mentee: int, mentor: int) -> bool:
    """Whether the rule lets this pair of column values meet."""
    problem = PairingProblem(
        mentee_people=np.array([0]),
        mentor_people=np.array([1]),
        capacity=np.array([1]),
        mentee_columns={"value": np.array([mentee])},
        mentor_columns={"value": np.array([mentor])},
        mentee_bits={"set": np.array([[mentee & 255]], np.uint64)},
        mentor_bits={"set": np.array([[mentor & 255]], np.uint64)},
        rules=(rule,),
    )
    return bool(ColumnUtilities(problem).block(0, 1)[0, 0] >= 0)


@pytest.mark.parametrize(
    ("rule", "allowed", "forbidden"),
    [
        (Rule(kind="same", column="value"), (3, 3), (3, 4)),
        (Rule(kind="same", column="value"), (0, 0), (-1, -1)),
        (Rule(kind="differ", column="value"), (3, 4), (3, 3)),
        (Rule(kind="differ", column="value"), (-1, -1), (0, 0)),
        (Rule(kind="gap", column="value", least=1, most=2), (3, 5), (3, 6)),
        (Rule(kind="gap", column="value", least=-1, most=0), (3, 2), (3, 4)),
        (Rule(kind="overlap", column="set", least=2), (0b111, 0b011), (0b101, 0b011)),
    ],
)
def test_a_rule_allows_what_it_should_and_forbids_what_it_should(rule, allowed, forbidden):
    assert one_pair(rule, *allowed)
    assert not one_pair(rule, *forbidden)


def test_coverage_rounds_down_and_counts_rare_topics_more():
    problem = PairingProblem(
        mentee_people=np.array([0, 1]),
        mentor_people=np.array([2, 3]),
        capacity=np.array([1, 1]),
        mentee_bits={"topics": np.array([[0b111], [0]], np.uint64)},
        mentor_bits={"topics": np.array([[0b001], [0b100]], np.uint64)},
        criteria=(
            Criterion(kind="coverage", column="topics", points=100, weights=(1, 1, 5)),
            Criterion(kind="coverage", column="topics", points=100),
        ),
    )

    assert terms(problem, 0, 0) == (14, 33)
    assert terms(problem, 0, 1) == (71, 33)
    assert terms(problem, 1, 0) == (0, 0)


def test_nobody_is_paired_with_themselves():
    problem = PairingProblem(
        mentee_people=np.array([4, 5]), mentor_people=np.array([5, 6]), capacity=np.array([1, 1])
    )

    assert ColumnUtilities(problem).block(0, 2).tolist() == [[0, 0], [-1, 0]]


def test_three_groups_of_rules_over_many_values_do_not_cancel_out():
    rng = np.random.default_rng(9)
    mentees, mentors = 4_000, 3
    names = ("a", "b", "c", "d")
    problem = PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        capacity=np.ones(mentors, np.int64),
        mentee_columns={name: rng.integers(0, 1500, mentees) for name in names},
        mentor_columns={name: np.full(mentors, 5000) for name in names},
        rules=tuple(Rule(kind="same", column=name) for name in names),
        criteria=(Criterion(kind="differ", column="a", points=10_000),),
    )

    assert (ColumnUtilities(problem).block(0, mentees) == -1).all()
