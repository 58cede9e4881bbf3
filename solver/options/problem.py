"""The question "who has how many options?" and its answer, with their file formats.

Only hard rules count here, no criteria: whom somebody could meet, not how good it would be.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from solver.codec import decode, encode
from solver.files import FormatError
from solver.pairing.problem import Ints, PairingProblem

QUESTION_FORMAT = "evenhand-options"
ANSWER_FORMAT = "evenhand-options-counted"
VERSION = 1
MOST_PAIRS = 120_000_000
"""Larger crowds are not looked at pair by pair."""


def _pairs() -> Ints:
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class OptionsProblem:
    """pairing: its rules, columns and capacities; criteria play no part.

    groups: pairs (k, 2) of mentee and mentor that a hard rule names one by one, a group a rule. confidential
    (k, 2): pairs that somebody's confidential answer rules out: they never change what is counted by person,
    only how many can be placed. each_rule: also leave each rule and each group out once. trials: further
    places, each a list of (mentor, places). Raises ValueError naming everything that is wrong.
    """

    pairing: PairingProblem
    groups: tuple[Ints, ...] = ()
    confidential: Ints = field(default_factory=_pairs)
    each_rule: bool = False
    trials: tuple[tuple[tuple[int, int], ...], ...] = ()

    def __post_init__(self) -> None:
        wrong = list(_faults(self))
        if wrong:
            raise ValueError("Options: " + " ".join(wrong))

    @property
    def rules(self) -> int:
        """How many rules and groups there are, rules first."""
        return len(self.pairing.rules) + len(self.groups)


@dataclass(frozen=True, kw_only=True)
class WithoutRule:
    """What leaving one rule out gives: people with more options, people with their first, people placed."""

    more: int
    first: int
    placed: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Options:
    """mentees (E,), mentors (M,): with how many mentors who have places, and mentees, each could be paired.
    broken (E, rules): how many mentors who have places each rule or group forbids to a mentee.

    placed: mentees who can have a mentor at the same time, the most there can be if `proved`. left: mentees
    with options for whom no place is left then; others could be left in their stead. without: per rule and
    group. trials: mentees placed with the places of each trial.
    """

    mentees: Ints
    mentors: Ints
    broken: Ints
    placed: int
    proved: bool
    left: tuple[int, ...] = ()
    without: tuple[WithoutRule, ...] = ()
    trials: tuple[int, ...] = ()


def dump_options(problem: OptionsProblem) -> bytes:
    """The question as a file; the same question gives the same bytes."""
    return _dump(QUESTION_FORMAT, problem)


def load_options(data: bytes) -> OptionsProblem:
    """The question in a file. Raises `FormatError` with everything that is wrong."""
    loaded: OptionsProblem = _load(QUESTION_FORMAT, OptionsProblem, data)
    return loaded


def dump_counted(options: Options) -> bytes:
    """The answer as a file."""
    return _dump(ANSWER_FORMAT, options)


def load_counted(data: bytes) -> Options:
    """The answer in a file. Raises `FormatError` with everything that is wrong."""
    loaded: Options = _load(ANSWER_FORMAT, Options, data)
    return loaded


def _faults(given: OptionsProblem) -> Iterator[str]:
    pairing = given.pairing
    if pairing.mentees * pairing.mentors > MOST_PAIRS:
        yield f"{pairing.mentees} × {pairing.mentors} pairs; expected {MOST_PAIRS:,} at most."
    if given.rules > 100:
        yield f"{given.rules} rules; expected 100 at most."
    for rows in (*given.groups, given.confidential):
        if rows.ndim != 2 or rows.shape[1:] != (2,):
            yield f"{rows.shape} pairs; expected rows of 2."
        elif len(rows) and (rows.min() < 0 or (rows.max(axis=0) >= (pairing.mentees, pairing.mentors)).any()):
            yield "a pair names somebody there is not."
    for mentor, places in (each for trial in given.trials for each in trial):
        if not 0 <= mentor < pairing.mentors or not 0 <= places <= 10_000:
            yield f"{places} places with mentor {mentor}; expected 0 to 10,000 with one there is."


def _dump(name: str, value: OptionsProblem | Options) -> bytes:
    content = {"format": name, "version": VERSION, **encode(value)}
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode() + b"\n"


def _load(name: str, kind: Any, data: bytes) -> Any:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as refused:
        raise FormatError((f"/: not JSON ({refused}).",)) from refused
    if not isinstance(content, dict):
        raise FormatError(("/: expected an object.",))
    faults: list[str] = []
    for key, expected in (("format", name), ("version", VERSION)):
        found = content.pop(key, None)
        if found != expected:
            faults.append(f"/{key}: {found!r}; expected {expected!r}.")
    value = decode(kind, content, "", faults)
    if faults:
        raise FormatError(tuple(faults))
    return value
