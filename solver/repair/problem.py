"""The question "what is the smallest change?" and its answer, with their file formats.

Whatever stands and may stand is no question: only free places, people without a partner, circles that broke
and duties nobody holds any more (docs/model.md, 4).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from solver.codec import decode, encode
from solver.files import FormatError, MatchingProblem
from solver.pairing.problem import PairingPlan
from solver.rota.problem import Duties, GroupRota, Ints

REPAIR_FORMAT = "evenhand-repair"
REPAIRED_FORMAT = "evenhand-repaired"
VERSION = 1

GONE = -2
"""Stands in duties of sessions held for somebody who has left."""


@dataclass(frozen=True, kw_only=True)
class CurrentCircle:
    """A circle as it stands. members: places in the list of people, those who left taken out; held: sessions
    that have begun; duties: of all sessions, by places, -1 for nobody."""

    members: tuple[int, ...]
    slot: int
    held: int
    duties: Duties = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class RepairProblem:
    """problem: the people there are now; its pairing holds only mentees still without a mentor and places
    still free. circles: those that stand. begun: sessions that a new circle comes too late for. shrunk: the
    fewest with whom a circle goes on rather than end. left (people,): how much more each may take on beside
    what they hold now; without a cap, more than anybody could.
    Raises ValueError naming everything that is wrong.
    """

    problem: MatchingProblem
    circles: tuple[CurrentCircle, ...] = ()
    begun: int = 0
    shrunk: int = 3
    left: Ints

    def __post_init__(self) -> None:
        wrong = list(_problems(self))
        if wrong:
            raise ValueError("Repair: " + " ".join(wrong))


@dataclass(frozen=True, kw_only=True)
class CircleNow:
    """A circle after the repair; stands: the number of the standing circle it continues, -1 for a new one.

    members, duties: by places in the list of people; sessions that were held are as they stood.
    """

    members: tuple[int, ...]
    slot: int
    stands: int
    duties: Duties = ()


@dataclass(frozen=True, kw_only=True)
class RepairPlan:
    """pairing: the new pairs alone. unplaced: peers left over, (place among the peers, code of
    `circles.problem.REASONS`). smallest: the size from which circles were allowed. turns: who leads the
    sessions of each new pair, where pairs have duties."""

    pairing: PairingPlan | None = None
    circles: tuple[CircleNow, ...] = ()
    unplaced: tuple[tuple[int, str], ...] = ()
    smallest: int = 0
    turns: tuple[GroupRota, ...] = ()


def fitted(duties: Duties, sessions: int, columns: int) -> Duties:
    """The table in another shape: what there is no room for is cut off, what is new is open."""
    rows = [(*row[:columns], *([-1] * (columns - len(row)))) for row in duties[:sessions]]
    return tuple(rows + [(-1,) * columns] * (sessions - len(rows)))


def dump_repair(problem: RepairProblem) -> bytes:
    """The question as a file; the same question gives the same bytes."""
    return _dump(REPAIR_FORMAT, problem)


def load_repair(data: bytes) -> RepairProblem:
    """The question in a file. Raises `FormatError` with everything that is wrong."""
    loaded: RepairProblem = _load(REPAIR_FORMAT, RepairProblem, data)
    return loaded


def dump_repaired(plan: RepairPlan) -> bytes:
    """The answer as a file; the same answer gives the same bytes."""
    return _dump(REPAIRED_FORMAT, plan)


def load_repaired(data: bytes) -> RepairPlan:
    """The answer in a file. Raises `FormatError` with everything that is wrong."""
    loaded: RepairPlan = _load(REPAIRED_FORMAT, RepairPlan, data)
    return loaded


def _problems(given: RepairProblem) -> Iterator[str]:
    problem = given.problem
    if given.left.shape != problem.people.shape:
        yield f"left: {given.left.shape} rows; expected {len(problem.people)}, one a person."
    if given.shrunk < 2 or given.begun < 0:
        yield f"shrunk {given.shrunk}, begun {given.begun}; expected 2 or more, and 0 or more."
    if given.circles and problem.circles is None:
        yield "circles stand, but nobody is asked about circles."
        return
    known = set() if problem.circles is None else set(problem.circles.people.tolist())
    seated = [person for circle in given.circles for person in circle.members]
    if len(set(seated)) < len(seated):
        yield "circles: somebody sits in two."
    if not set(seated) <= known:
        yield "circles: members that are no peers of the problem."
    for number, circle in enumerate(given.circles):
        if problem.circles is not None and not 0 <= circle.slot < problem.circles.slots:
            yield f"circle {number}: slot {circle.slot}; expected 0 to {problem.circles.slots - 1}."
        if circle.held < 0:
            yield f"circle {number}: {circle.held} sessions held; expected 0 or more."


def _dump(name: str, value: RepairProblem | RepairPlan) -> bytes:
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
