"""The versioned problem and plan files: canonical JSON of integers and opaque numbers.

Canonical means: the same value is always the same bytes (sorted keys, no spaces, one newline at the end), so
that a hash identifies a problem and a replayed run can be compared byte by byte.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.caps import cap_faults
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.codec import decode, encode
from solver.pairing.problem import PairingPlan, PairingProblem
from solver.rota.problem import RotaPlan, RotaTerms
from solver.settings import SolveSettings

PROBLEM_FORMAT = "evenhand-problem"
PLAN_FORMAT = "evenhand-plan"
VERSION = 1


class FormatError(ValueError):
    """A file that is not a problem or a plan; `problems` lists everything wrong, each with its JSON
    pointer.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, kw_only=True, eq=False)
class MatchingProblem:
    """Everything one run decides. `people`: opaque numbers 0..2^63 - 1, unique; other indices are places in
    it. `caps`: the most each person takes on in all, from 1, or -1 for no cap (`solver/caps.py`).
    """

    people: NDArray[np.int64]
    pairing: PairingProblem | None = None
    circles: CirclesProblem | None = None
    rota: RotaTerms | None = None
    caps: NDArray[np.int64] | None = None
    settings: SolveSettings = field(default_factory=SolveSettings)

    def __post_init__(self) -> None:
        faults = list(_people_faults(self)) or list(cap_faults(self))
        if faults:
            raise ValueError(" ".join(faults))


@dataclass(frozen=True, kw_only=True, eq=False)
class MatchingPlan:
    """The answer to a `MatchingProblem`, part by part; None where nothing was asked."""

    pairing: PairingPlan | None = None
    circles: CirclesPlan | None = None
    rota: RotaPlan | None = None


def _people_faults(problem: MatchingProblem) -> Iterator[str]:
    people = problem.people
    if people.ndim != 1 or (people < 0).any() or len(np.unique(people)) != len(people):
        yield "people: expected a list of different numbers, 0 or more."
    places = {}
    if problem.pairing is not None:
        places["pairing/mentee_people"] = problem.pairing.mentee_people
        places["pairing/mentor_people"] = problem.pairing.mentor_people
    if problem.circles is not None:
        places["circles/people"] = problem.circles.people
    for name, rows in places.items():
        if rows.ndim != 1 or len(np.unique(rows)) != len(rows):
            yield f"{name}: somebody is listed twice."
        elif len(rows) and (rows.min() < 0 or rows.max() >= len(people)):
            yield f"{name}: expected places from 0 to {len(people) - 1}."
    if problem.rota is not None and len(problem.rota.willing) != len(people):
        yield f"rota/willing: {len(problem.rota.willing)} rows; expected {len(people)}, one a person."


def dump_problem(problem: MatchingProblem) -> bytes:
    """The problem as a file; the same problem gives the same bytes."""
    return _dump(PROBLEM_FORMAT, problem, left_out=("caps",) if problem.caps is None else ())


def dump_plan(plan: MatchingPlan) -> bytes:
    """The plan as a file; the same plan gives the same bytes."""
    return _dump(PLAN_FORMAT, plan)


def load_problem(data: bytes) -> MatchingProblem:
    """The problem in a file. Raises `FormatError` with everything that is wrong."""
    loaded: MatchingProblem = _load(PROBLEM_FORMAT, MatchingProblem, data)
    return loaded


def load_plan(data: bytes) -> MatchingPlan:
    """The plan in a file. Raises `FormatError` with everything that is wrong."""
    loaded: MatchingPlan = _load(PLAN_FORMAT, MatchingPlan, data)
    return loaded


def problem_hash(data: bytes) -> str:
    """SHA-256 of a file's bytes, in hexadecimal: what a run is identified by."""
    return hashlib.sha256(data).hexdigest()


def _dump(name: str, value: MatchingProblem | MatchingPlan, left_out: tuple[str, ...] = ()) -> bytes:
    content = {"format": name, "version": VERSION, **encode(value)}
    # What came to the format later is not written when unused, so that older files keep their hash.
    content = {key: entry for key, entry in content.items() if key not in left_out}
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
