"""What can be wrong with a pairing problem, one sentence each: who, what is, what was expected."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from solver.pairing.criteria import (
    BIT_CRITERIA,
    COLUMN_RULES,
    HIGHEST_UTILITY,
    MOST_CREDIT,
    MOST_WANTED,
    Ints,
    Mode,
)

if TYPE_CHECKING:
    from solver.pairing.problem import PairingProblem


def faults_of(problem: "PairingProblem") -> Iterator[str]:
    """Everything that is wrong with the problem, one sentence each."""
    mentees, mentors = problem.mentees, problem.mentors
    per_mentee: dict[str, Ints | None] = {"wanted": problem.wanted, "credit": problem.credit}
    per_mentor: dict[str, Ints | None] = {"capacity": problem.capacity, "low": problem.low}
    yield from _lengths({**per_mentee, **problem.mentee_columns, **problem.mentee_bits}, mentees, "mentees")
    yield from _lengths({**per_mentor, **problem.mentor_columns, **problem.mentor_bits}, mentors, "mentors")
    yield from _ranges("capacity", problem.capacity, 0, 1_000_000)
    yield from _ranges("low", problem.lows, 0, 1_000_000)
    yield from _ranges("wanted", problem.asked, 1, MOST_WANTED)
    yield from _ranges("credit", problem.credits, 0, MOST_CREDIT)
    for name, rows, width in (
        ("excluded", problem.excluded, 2),
        ("pinned", problem.pinned, 2),
        ("wishes", problem.wishes, 3),
    ):
        yield from _index_rows(name, rows, width, mentees, mentors)
    yield from _index_rows("kept", problem.kept, 2, mentees, mentors)
    yield from _pin_faults(problem)
    if problem.mode not in get_args(Mode):
        yield f"Mode {problem.mode!r}; expected one of {get_args(Mode)}."
    if not 1 <= problem.line <= HIGHEST_UTILITY + 1:
        yield f"Line {problem.line}; expected 1 to {HIGHEST_UTILITY + 1}."
    if not 1 <= problem.levels <= 1000:
        yield f"{problem.levels} levels; expected 1 to 1000."
    if not 0 <= problem.stability <= 1000:
        yield f"Stability {problem.stability}; expected 0 to 1000 thousandths."
    if not 0 <= problem.cross_share <= 1000:
        yield f"Cross share {problem.cross_share}; expected 0 to 1000 thousandths."
    yield from _unknown_columns(problem)
    yield from _utility_range(problem)


def _pin_faults(problem: "PairingProblem") -> Iterator[str]:
    """Pins that cannot all hold."""
    if problem.pinned.ndim != 2 or problem.pinned.shape[1] != 2 or problem.pinned.min(initial=0) < 0:
        return
    per_mentee = np.bincount(problem.pinned[:, 0], minlength=problem.mentees)[: problem.mentees]
    per_mentor = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)[: problem.mentors]
    for mentee in np.flatnonzero(per_mentee > problem.asked)[:5]:
        yield f"Mentee {mentee} is pinned {per_mentee[mentee]} times; at most {problem.asked[mentee]}."
    for mentor in np.flatnonzero(per_mentor > problem.capacity)[:5]:
        yield f"Mentor {mentor} is pinned {per_mentor[mentor]} times; at most {problem.capacity[mentor]}."


def _lengths(arrays: Mapping[str, Any], expected: int, whose: str) -> Iterator[str]:
    for name, values in arrays.items():
        if values is not None and len(values) != expected:
            yield f"{name} has {len(values)} rows; expected one for each of the {expected} {whose}."


def _ranges(name: str, values: Ints, least: int, most: int) -> Iterator[str]:
    for row in np.flatnonzero((values < least) | (values > most))[:5]:
        yield f"{name} of row {row} is {values[row]}; expected {least} to {most}."


def _index_rows(name: str, rows: Ints, width: int, mentees: int, mentors: int) -> Iterator[str]:
    if rows.ndim != 2 or rows.shape[1] != width:
        yield f"{name} has shape {rows.shape}; expected rows of {width}."
        return
    wrong = (rows < 0).any(axis=1) | (rows[:, 0] >= mentees) | (rows[:, 1] >= mentors)
    if width == 3:
        wrong |= rows[:, 2] > 1000
    for row in np.flatnonzero(wrong)[:5]:
        yield f"{name} row {row} is {rows[row].tolist()}; expected a mentee, a mentor and values in range."


def _unknown_columns(problem: "PairingProblem") -> Iterator[str]:
    columns = set(problem.mentee_columns) & set(problem.mentor_columns)
    bits = set(problem.mentee_bits) & set(problem.mentor_bits)
    for rule in problem.rules:
        if rule.column not in (columns if rule.kind in COLUMN_RULES else bits):
            yield f"Rule {rule.kind} asks for column {rule.column!r}, which not both sides have."
    for criterion in problem.criteria:
        known: Iterable[str] = bits if criterion.kind in BIT_CRITERIA else columns
        if criterion.kind != "wish" and criterion.column not in known:
            yield f"Criterion {criterion.kind} asks for {criterion.column!r}, which not both sides have."
    if problem.cross_share and problem.cross_column not in columns:
        yield f"The cross share asks for {problem.cross_column!r}, which not both sides have."


def _utility_range(problem: "PairingProblem") -> Iterator[str]:
    matrix = problem.matrix
    if matrix is not None and matrix.shape != (problem.mentees, problem.mentors):
        yield f"The matrix has shape {matrix.shape}; expected {(problem.mentees, problem.mentors)}."
    elif matrix is not None and matrix.min(initial=0) < -1:
        yield "The matrix has values below -1; expected -1 for forbidden, or a utility."
    if problem.top > HIGHEST_UTILITY:
        yield f"The utilities can reach {problem.top}; expected at most {HIGHEST_UTILITY}."
