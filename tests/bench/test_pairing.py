"""The bench's own arithmetic, on few people: what it prints is what stands in its database."""

import argparse
from pathlib import Path

import numpy as np
import pytest

from bench.pairing import add_arguments, fill, load, run, store, stored
from bench.yardstick import bare_flow, crowd_of, problem_of
from solver.pairing.candidates import all_pairs
from solver.pairing.market import market_of
from solver.pairing.scoring import ColumnUtilities


def arguments(*given: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser.parse_args(["--mentees", "240", *given])


@pytest.mark.parametrize("mode", ["fair", "full", "total"])
def test_stored_pairs_are_proved_and_keep_every_rule(mode: str) -> None:
    (row,) = run(arguments("--mode", mode))
    assert (row["violations"], row["gap"], row["proved"]) == (0, 0, True)
    assert row["same_utilities"]
    assert row["levels"][0] == 240 - row["matched"]
    assert sum(row["levels"]) == 240


def test_the_yardsticks_own_function_gives_the_same_plan() -> None:
    (own,), (theirs,) = run(arguments()), run(arguments("--utilities", "yardstick"))
    assert own["levels"] == theirs["levels"]
    assert own["total"] == theirs["total"]


def test_people_come_back_from_the_database_as_they_went_in(tmp_path: Path) -> None:
    crowd = crowd_of(60, 3)
    fill(tmp_path / "people.sqlite", crowd)
    mentees, mentors, excluded = load(tmp_path / "people.sqlite")
    assert np.array_equal(mentees, crowd.mentees)
    assert np.array_equal(mentors, crowd.mentors)
    assert np.array_equal(excluded, crowd.excluded)
    store(tmp_path / "people.sqlite", [[0, 2, 10], [5, 1, 20]])
    assert np.flatnonzero(stored(tmp_path / "people.sqlite", 60) >= 0).tolist() == [0, 5]


def test_the_crowd_in_the_solvers_words_has_the_same_utilities() -> None:
    crowd = crowd_of(120, 4)
    problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, "fair", 20)
    assert np.array_equal(ColumnUtilities(problem).block(0, 120), crowd.block(0, 120))
    assert bare_flow(all_pairs(market_of(problem, None, 0, 1))) > 0
