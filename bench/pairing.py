"""Proved pairing at scale: from a database of people to stored pairs, measured in the yardstick's units.

The people stand in a real SQLite file; the clock runs from opening it to the commit of the pairs. The
utilities are the yardstick's, computed by the product's own scoring from the rows read (`--utilities
yardstick` asks the yardstick's function for every block instead); `same_utilities` says whether both agree
on pairs looked up afterwards. `--levels 20` are the judge's twenty steps, all below the line. Units: P one
bare dense flow, S the same on the best 20 of each side.
"""

import argparse
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.yardstick import LARGEST_DENSE, Crowd, crowd_of, problem_of, sparse_reference
from solver.pairing.goals import goals_of
from solver.pairing.market import Market, market_of
from solver.pairing.pricing import PricedPlan, best_plan
from solver.pairing.problem import PairingProblem
from solver.pairing.scoring import ColumnUtilities

SIDE = (
    "function INTEGER, level INTEGER, languages INTEGER, hours INTEGER, topics INTEGER, more_topics INTEGER"
)
SCHEMA = f"""
CREATE TABLE mentee (id INTEGER PRIMARY KEY, {SIDE});
CREATE TABLE mentor (id INTEGER PRIMARY KEY, {SIDE}, capacity INTEGER);
CREATE TABLE excluded (mentee INTEGER, mentor INTEGER);
CREATE TABLE pair (mentee INTEGER PRIMARY KEY, mentor INTEGER NOT NULL, utility INTEGER NOT NULL);
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mentees", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--mode", choices=("fair", "full", "total"), default="fair")
    parser.add_argument("--levels", type=int, default=20)
    parser.add_argument("--reference", action="store_true", help="also measure P and S in the same run")
    parser.add_argument("--utilities", choices=("product", "yardstick"), default="product")
    parser.add_argument("--seconds", type=float, default=float("inf"), help="deadline")
    parser.add_argument("--workers", type=int, default=2)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    crowd = crowd_of(args.mentees, args.seed)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.sqlite"
        fill(file, crowd)
        timed = measure(file, crowd, args)
        mentor_of = stored(file, args.mentees)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {
        **crowd.judge(mentor_of, args.levels),
        "gap": timed.priced.gap,
        "proved": timed.priced.proved,
        "rounds": timed.priced.rounds,
        "seconds": round(timed.seconds, 3),
        "cpu_seconds": round(timed.cpu_seconds, 3),
        "stages": timed.stages,
        "peak_mb": round(peak),
        "same_utilities": agrees(crowd, timed.problem),
    }
    if args.reference:
        row |= units(crowd, timed.problem, timed.seconds)
    yield row


@dataclass(frozen=True, kw_only=True, eq=False)
class Timed:
    """A measured run."""

    problem: PairingProblem
    priced: PricedPlan
    seconds: float
    cpu_seconds: float
    stages: dict[str, float]


class Stages:
    """Seconds by stage: time since the last report belongs to the stage that reports."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.last = time.perf_counter()

    def report(self, stage: str, _done: int, _of: int) -> None:
        now = time.perf_counter()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self.last, 3)
        self.last = now


def measure(file: Path, crowd: Crowd, args: argparse.Namespace) -> Timed:
    """From opening the database to the commit of the pairs."""
    began, began_cpu = time.perf_counter(), time.process_time()
    stages = Stages()
    problem = problem_of(*load(file), args.mode, args.levels)
    stages.report("loaded", 1, 1)
    market = market_of(problem, None, args.seed, args.workers)
    if args.utilities == "yardstick":
        market = replace(market, utilities=Yardstick(crowd, market))
    stages.report("prepared", 1, 1)

    def remaining() -> float:
        return float(args.seconds - (time.perf_counter() - began))

    priced = best_plan(market, goals_of(market.problem), remaining, stages.report)
    store(file, pairs_of(market, priced))
    stages.report("stored", 1, 1)
    return Timed(
        problem=problem,
        priced=priced,
        seconds=time.perf_counter() - began,
        cpu_seconds=time.process_time() - began_cpu,
        stages=stages.seconds,
    )


@dataclass(frozen=True)
class Yardstick:
    """The yardstick's own function as utilities, in the market's order of people."""

    crowd: Crowd
    market: Market

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.market.mentee_rows), len(self.market.mentor_rows)

    @property
    def top(self) -> int:
        return self.market.problem.top

    def block(self, start: int, stop: int) -> NDArray[np.int16]:
        rows = [self.crowd.block(row, row + 1)[0] for row in self.market.mentee_rows[start:stop].tolist()]
        return np.array(rows)[:, self.market.mentor_rows].astype(np.int16)


def fill(file: Path, crowd: Crowd) -> None:
    """Writes the people into a new database."""
    with sqlite3.connect(file) as database:
        database.executescript(SCHEMA)
        for table, rows in (("mentee", crowd.mentees), ("mentor", crowd.mentors)):
            marks = ", ".join("?" * (rows.shape[1] + 1))
            numbered = np.column_stack([np.arange(len(rows)), rows]).tolist()
            database.executemany(f"INSERT INTO {table} VALUES ({marks})", numbered)  # noqa: S608 - own names
        database.executemany("INSERT INTO excluded VALUES (?, ?)", crowd.excluded.tolist())
    database.close()


def load(file: Path) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Mentees, mentors and excluded pairs, in the order of their ids."""
    database = sqlite3.connect(file)
    columns = "function, level, languages, hours, topics, more_topics"
    questions = (
        f"SELECT {columns} FROM mentee ORDER BY id",  # noqa: S608 - own names
        f"SELECT {columns}, capacity FROM mentor ORDER BY id",  # noqa: S608 - own names
        "SELECT mentee, mentor FROM excluded",
    )
    found = [database.execute(question).fetchall() for question in questions]
    database.close()
    mentees, mentors, excluded = (np.array(rows, np.int64) for rows in found)
    return mentees, mentors, excluded.reshape(-1, 2)


def store(file: Path, pairs: Sequence[Sequence[int]]) -> None:
    """Writes the pairs in one transaction."""
    with sqlite3.connect(file) as database:
        database.executemany("INSERT INTO pair VALUES (?, ?, ?)", pairs)
    database.close()


def pairs_of(market: Market, priced: PricedPlan) -> list[list[int]]:
    """Mentee, mentor, utility of the plan, in the database's numbering."""
    chain = priced.chain
    placed = np.flatnonzero(chain.match >= 0)
    arcs = chain.match[placed]
    columns = (
        market.mentee_rows[placed],
        market.mentor_rows[chain.graph.head[arcs]],
        chain.graph.utility[arcs],
    )
    rows: list[list[int]] = np.stack(columns, axis=1).tolist()
    return sorted(rows)


def stored(file: Path, mentees: int) -> NDArray[np.int64]:
    """Each mentee's mentor as it stands in the database, -1 for none."""
    database = sqlite3.connect(file)
    mentor_of = np.full(mentees, -1, np.int64)
    for mentee, mentor in database.execute("SELECT mentee, mentor FROM pair"):
        mentor_of[mentee] = mentor
    database.close()
    return mentor_of


def agrees(crowd: Crowd, problem: PairingProblem) -> bool:
    """Whether product and yardstick give the same utilities, on 32 blocks of mentees spread over all."""
    utilities = ColumnUtilities(problem)
    starts = np.unique(np.linspace(0, max(0, problem.mentees - 8), 32).astype(int)).tolist()
    blocks = [(start, min(start + 8, problem.mentees)) for start in starts]
    return all(np.array_equal(utilities.block(*block), crowd.block(*block)) for block in blocks)


def units(crowd: Crowd, problem: PairingProblem, seconds: float) -> dict[str, Any]:
    """P and S, measured now, and the run in terms of them; P only where the dense flow fits."""
    if problem.mentees > LARGEST_DENSE:
        sparse = sparse_reference(problem, 20)
        return {"s_seconds": round(sparse, 3), "in_s": round(seconds / sparse, 2)}
    sparse, dense = crowd.reference(20), crowd.reference(None)
    return {
        "p_seconds": round(dense, 3),
        "s_seconds": round(sparse, 3),
        "in_p": round(seconds / dense, 4),
        "in_s": round(seconds / sparse, 2),
    }
