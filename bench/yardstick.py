"""Cases to measure on: those of the yardstick folder where there is one, otherwise people invented here.

The folder is `EVENHAND_BENCH`, or `shared/bench` beside the project. Either way a case is a dictionary of
arrays and the utilities follow from it; `problem_of` says the same in the solver's words.
"""

import importlib.util
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from solver.checks.scores import utility_rows
from solver.pairing.candidates import best_of_both
from solver.pairing.flow import Graph
from solver.pairing.market import market_of
from solver.pairing.problem import Criterion, PairingProblem, Rule

LARGEST_DENSE = 12_000
"""Up to so many mentees the yardstick's own reference fits into memory."""

SECOND = np.uint64(1)
GAP_POINTS = (60, 120, 150, 110, 70, 30)

RULES = (
    Rule(kind="overlap", column="languages", least=1),
    Rule(kind="overlap", column="hours", least=2),
    Rule(kind="gap", column="level", least=0, most=99),
)
CRITERIA = (
    Criterion(kind="coverage", column="topics", points=450),
    Criterion(kind="overlap", column="hours", points=200, most=8),
    Criterion(kind="gap", column="level", points=150, table=GAP_POINTS),
    Criterion(kind="differ", column="function", points=100),
    Criterion(kind="any", column="languages", points=40),
    Criterion(kind="any", column="second", points=60),
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Crowd:
    """Mentees and mentors as the tables of a database hold them: one row of integers each.

    Columns: function, level, languages, hours, topics (two words of 64 bits, as signed numbers); mentors
    also their capacity. `excluded` (k, 2). `judge(mentor_of, levels)`: violations, matched, total, levels;
    `block`: utilities.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    excluded: NDArray[np.int64]
    judge: Callable[[NDArray[np.int64], int], dict[str, Any]]
    block: Callable[[int, int], NDArray[Any]]
    reference: Callable[[int | None], float]


def crowd_of(mentees: int, seed: int) -> Crowd:
    """The yardstick's case, or one invented here."""
    folder = Path(os.environ.get("EVENHAND_BENCH") or Path(__file__).parents[2] / "shared" / "bench")
    file = folder / "pairing_case.py"
    return _measured(_module(file), mentees, seed) if file.is_file() else _invented(mentees, seed)


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _measured(yardstick: ModuleType, mentees: int, seed: int) -> Crowd:
    case = yardstick.make_case(mentees, seed)
    sides = []
    for prefix, topics, more in (("", "wants", ()), ("mentor_", "offers", ("capacity",))):
        columns = [case[prefix + name] for name in ("function", "level", "languages", "hours")]
        columns += [*_words(case[topics]).T, *(case[name] for name in more)]
        sides.append(np.stack([column.astype(np.int64) for column in columns], axis=1))

    def reference(per_side: int | None) -> float:
        return float(yardstick.reference(case, per_side)["seconds"])

    return Crowd(
        mentees=sides[0],
        mentors=sides[1],
        excluded=case["excluded"].astype(np.int64),
        judge=lambda mentor_of, levels: yardstick.judge(case, mentor_of, levels),
        block=lambda start, stop: yardstick.utility_block(case, start, stop),
        reference=reference,
    )


def _words(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Bits as two words of 64 (n, 2)."""
    wide = np.zeros((len(bits), 128), np.uint8)
    wide[:, : bits.shape[1]] = bits
    words: NDArray[np.uint64] = np.packbits(wide, axis=1, bitorder="little").view("<u8").astype(np.uint64)
    return words


def _invented(mentees: int, seed: int) -> Crowd:
    rng = np.random.default_rng(seed)

    def side(count: int, topics: tuple[int, int]) -> NDArray[np.int64]:
        chosen = np.argsort(rng.random((count, 100)) * np.arange(1, 101) ** 0.6, axis=1)
        bits = np.zeros((count, 120), bool)
        for place in range(topics[1]):
            kept = place < rng.integers(topics[0], topics[1] + 1, count)
            bits[np.flatnonzero(kept), chosen[kept, place]] = True
        start, length = rng.integers(0, 24, count), rng.integers(10, 17, count)
        hours = ((np.uint64(1) << length.astype(np.uint64)) - SECOND) << start.astype(np.uint64)
        languages = 1 + 2 * rng.integers(0, 4, count)
        columns = [rng.integers(0, 12, count), rng.integers(0, 6, count), languages, hours, *_words(bits).T]
        return np.stack([column.astype(np.int64) for column in columns], axis=1)

    own, theirs = side(mentees, (3, 5)), side(mentees // 2, (3, 8))
    theirs[:, 1] = np.minimum(theirs[:, 1] + 1, 5)
    theirs = np.concatenate([theirs, rng.integers(1, 4, (len(theirs), 1))], axis=1)
    excluded = np.unique(
        np.stack([rng.integers(0, mentees, mentees), rng.integers(0, len(theirs), mentees)], axis=1), axis=0
    )
    problem = problem_of(own, theirs, excluded, "fair", 20)
    return Crowd(
        mentees=own,
        mentors=theirs,
        excluded=excluded,
        judge=lambda mentor_of, levels: _judged(problem, mentor_of, levels),
        block=lambda start, stop: utility_rows(problem, start, stop),
        reference=lambda per_side: sparse_reference(problem, per_side or problem.mentors),
    )


def problem_of(
    mentees: NDArray[np.int64],
    mentors: NDArray[np.int64],
    excluded: NDArray[np.int64],
    mode: Any,
    levels: int,
) -> PairingProblem:
    """The rows of a crowd in the solver's words; all `levels` lie below the line."""

    def bits(rows: NDArray[np.int64]) -> dict[str, NDArray[np.uint64]]:
        unsigned = rows.astype(np.uint64)
        languages = unsigned[:, 2:3]
        return {
            "languages": languages,
            "second": languages >> SECOND,
            "hours": unsigned[:, 3:4],
            "topics": unsigned[:, 4:6],
        }

    return PairingProblem(
        mentee_people=np.arange(len(mentees)),
        mentor_people=np.arange(len(mentees), len(mentees) + len(mentors)),
        mentee_columns={"function": mentees[:, 0], "level": mentees[:, 1]},
        mentor_columns={"function": mentors[:, 0], "level": mentors[:, 1]},
        mentee_bits=bits(mentees),
        mentor_bits=bits(mentors),
        capacity=mentors[:, 6],
        rules=RULES,
        criteria=CRITERIA,
        excluded=excluded,
        mode=mode,
        line=1 + sum(criterion.points for criterion in CRITERIA),
        levels=levels,
    )


def _judged(problem: PairingProblem, mentor_of: NDArray[np.int64], levels: int) -> dict[str, Any]:
    """The same counts as the yardstick's judge."""
    got = np.full(problem.mentees, -1, np.int64)
    for mentee in np.flatnonzero(mentor_of >= 0).tolist():
        got[mentee] = utility_rows(problem, mentee, mentee + 1)[0, mentor_of[mentee]]
    matched = mentor_of >= 0
    load = np.bincount(mentor_of[matched], minlength=problem.mentors)
    level = np.where(matched, 1 + np.minimum(got * levels // problem.line, levels - 1), 0)
    return {
        "violations": int((got[matched] < 0).sum() + (load > problem.capacity).sum()),
        "matched": int(matched.sum()),
        "total": int(got[matched].sum()),
        "levels": np.bincount(level, minlength=levels + 1).tolist(),
    }


def sparse_reference(problem: PairingProblem, per_side: int, workers: int = 2) -> float:
    """Seconds of one bare flow (most matches, then most utility) on the best `per_side` of each side."""
    graph = best_of_both(market_of(problem, None, 0, workers), per_side)
    return bare_flow(graph)


def bare_flow(graph: Graph) -> float:
    """Seconds from arcs to matches of one `SimpleMinCostFlow`, as the yardstick's reference draws it."""
    mentees, mentors = graph.mentees, graph.mentors
    began = time.perf_counter()
    flow, sink = min_cost_flow.SimpleMinCostFlow(), mentees + mentors
    add = flow.add_arcs_with_capacity_and_unit_cost
    everybody = np.arange(mentees, dtype=np.int32)
    places = np.arange(mentees, sink, dtype=np.int32)
    tails, heads = graph.tail.astype(np.int32), (graph.head + mentees).astype(np.int32)
    used = add(tails, heads, np.ones(len(tails), np.int64), -graph.utility)
    add(places, np.full(mentors, sink, np.int32), graph.capacity, np.zeros(mentors, np.int64))
    dear = np.full(mentees, 1000 * (mentees + 1), np.int64)
    add(everybody, np.full(mentees, sink, np.int32), np.ones(mentees, np.int64), dear)
    supply = np.zeros(sink + 1, np.int64)
    supply[:mentees], supply[sink] = 1, -mentees
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("The reference flow found no optimum.")
    flow.flows(used)
    return time.perf_counter() - began
