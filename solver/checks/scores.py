"""Utilities computed a second way: every bit unpacked, every quotient in whole numbers, one rule after the
other.

Slower and plainer than the solver's scoring, and sharing nothing with it, so that the two can disagree.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Criterion, Ints, PairingProblem, Rule

Floats = NDArray[np.floating[Any]]


def utility_rows(problem: PairingProblem, start: int, stop: int) -> Ints:
    """(1.2, 1.3) Utility of mentees start..stop with every mentor (rows, M); -1 where forbidden."""
    return utility_of_mentees(problem, np.arange(start, stop))


def utility_of_mentees(problem: PairingProblem, rows: Ints) -> Ints:
    """The same for any ascending list of mentees."""
    if problem.matrix is not None:
        utility = problem.matrix[rows].astype(np.int64)
    else:
        utility = np.zeros((len(rows), problem.mentors), np.int64)
        for criterion in problem.criteria:
            utility += _points(problem, criterion, rows)
        for rule in problem.rules:
            utility[~_allowed(problem, rule, rows)] = -1
    listed = problem.excluded[np.isin(problem.excluded[:, 0], rows)]
    utility[np.searchsorted(rows, listed[:, 0]), listed[:, 1]] = -1
    utility[problem.mentee_people[rows][:, None] == problem.mentor_people[None, :]] = -1
    return utility


def rule_holds(problem: PairingProblem, rule: Rule, mentee: int, mentor: int) -> bool:
    """Whether one pair keeps one hard rule."""
    return bool(_allowed(problem, rule, np.array([mentee]))[0, mentor])


def _column(problem: PairingProblem, name: str, rows: Ints) -> tuple[Ints, Ints]:
    return problem.mentee_columns[name][rows][:, None], problem.mentor_columns[name][None, :]


def _bits(problem: PairingProblem, name: str, rows: Ints) -> tuple[Floats, Floats, Ints]:
    """Both sides as 0 and 1, one column a bit that somebody on each side has; and which bits these are."""
    mentees, mentors = problem.mentee_bits[name], problem.mentor_bits[name]
    common = np.bitwise_or.reduce(mentees, axis=0) & np.bitwise_or.reduce(mentors, axis=0)
    shifts = np.arange(64, dtype=np.uint64)
    place = np.flatnonzero((common[:, None] >> shifts) & np.uint64(1))
    word, shift = place // 64, (place % 64).astype(np.uint64)
    one, other = (
        ((side[:, word] >> shift) & np.uint64(1)).astype(np.float32) for side in (mentees[rows], mentors)
    )
    return one, other, place


def _shared(problem: PairingProblem, name: str, rows: Ints) -> Ints:
    one, other, _ = _bits(problem, name, rows)
    shared: Ints = (one @ other.T).astype(np.int64)
    return shared


def _equal(problem: PairingProblem, name: str, rows: Ints) -> NDArray[np.bool_]:
    mentee, mentor = _column(problem, name, rows)
    return np.logical_and(np.equal(mentee, mentor), np.greater_equal(mentor, 0))


def _allowed(problem: PairingProblem, rule: Rule, rows: Ints) -> NDArray[np.bool_]:
    if rule.kind == "same":
        return _equal(problem, rule.column, rows)
    if rule.kind == "differ":
        return np.logical_not(_equal(problem, rule.column, rows))
    if rule.kind == "overlap":
        return np.greater_equal(_shared(problem, rule.column, rows), rule.least)
    mentee, mentor = _column(problem, rule.column, rows)
    return np.logical_and(mentor >= mentee + rule.least, mentor <= mentee + rule.most)


def _points(problem: PairingProblem, criterion: Criterion, rows: Ints) -> Ints:
    if criterion.kind == "wish":
        return _wish_points(problem, criterion, rows)
    if criterion.kind == "coverage":
        return _coverage_points(problem, criterion, rows)
    if criterion.kind in ("any", "overlap"):
        return _overlap_points(criterion, _shared(problem, criterion.column, rows))
    if criterion.kind == "gap":
        return _gap_points(problem, criterion, rows)
    equal = _equal(problem, criterion.column, rows)
    return np.where(equal == (criterion.kind == "same"), criterion.points, 0)


def _overlap_points(criterion: Criterion, shared: Ints) -> Ints:
    if criterion.kind == "any":
        return np.where(shared >= 1, criterion.points, 0)
    beyond = np.minimum(np.maximum(shared - criterion.least, 0), criterion.most)
    points: Ints = np.floor_divide(criterion.points * beyond, criterion.most)
    return points


def _gap_points(problem: PairingProblem, criterion: Criterion, rows: Ints) -> Ints:
    mentee, mentor = _column(problem, criterion.column, rows)
    last = criterion.least + len(criterion.table) - 1
    place = np.minimum(np.maximum(mentor - mentee, criterion.least), last)
    points: Ints = np.array(criterion.table, np.int64)[place - criterion.least]
    return points


def _coverage_points(problem: PairingProblem, criterion: Criterion, rows: Ints) -> Ints:
    """Weights of shared bits added up in doubles, which hold them exactly."""
    one, other, place = _bits(problem, criterion.column, rows)
    weights = np.ones(problem.mentee_bits[criterion.column].shape[1] * 64, np.int64)
    known = min(len(criterion.weights), len(weights))
    weights[:known] = criterion.weights[:known]
    exact = np.float64 if weights.max() > 1 else np.float32
    covered = ((one * weights[place]).astype(exact) @ other.T.astype(exact)).astype(np.int64)
    words = problem.mentee_bits[criterion.column][rows]
    single = np.unpackbits(words.astype("<u8").view(np.uint8), axis=1, bitorder="little")
    wanted = np.maximum(single.astype(np.int64) @ weights, 1)[:, None]
    points: Ints = np.floor_divide(criterion.points * covered, wanted)
    return points


def _wish_points(problem: PairingProblem, criterion: Criterion, rows: Ints) -> Ints:
    wished = np.zeros((len(rows), problem.mentors), np.int64)
    listed = problem.wishes[np.isin(problem.wishes[:, 0], rows)]
    np.add.at(wished, (np.searchsorted(rows, listed[:, 0]), listed[:, 1]), listed[:, 2])
    points: Ints = np.floor_divide(criterion.points * wished, 1000)
    return points
