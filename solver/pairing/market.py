"""The problem as the flows see it: sorted by opaque ids, pins taken out, closed mentors left aside.

Everything here is a rearrangement; `PairingProblem` stays the only statement of what is asked.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from solver.lots import drawn
from solver.pairing.flow import Face, FlowCosts, Graph
from solver.pairing.goals import Goal, line_of, marginal
from solver.pairing.problem import Ints, PairingProblem
from solver.pairing.scoring import ColumnUtilities, MatrixUtilities, Utilities

CACHED_ENTRIES = 120_000_000
BLOCK_ENTRIES = 1_000_000

T = TypeVar("T")


class PinError(ValueError):
    """A pinned pair that a hard rule forbids."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Market:
    """The open part of a problem: unpinned mentees and mentors with places left, in the order of the draw.

    `mentee_rows` and `mentor_rows`: their places in the original problem. `base` (M,): pairs already pinned.
    """

    problem: PairingProblem
    utilities: Utilities
    mentee_rows: Ints
    mentor_rows: Ints
    base: Ints
    workers: int = 1

    @property
    def blocks(self) -> list[tuple[int, int]]:
        """Ranges of mentees whose utilities fit the nearest memory."""
        mentees, mentors = self.utilities.shape
        step = max(1, BLOCK_ENTRIES // max(1, mentors))
        return [(start, min(mentees, start + step)) for start in range(0, mentees, step)]

    def each_block(
        self, work: Callable[[int, NDArray[Any]], T], blocks: Sequence[tuple[int, int]] | None = None
    ) -> Iterator[T]:
        """`work(start, utilities)` of every block (or of those given), in order, by `workers` threads."""
        chosen = self.blocks if blocks is None else blocks
        yield from self.each_range(lambda start, stop: work(start, self.utilities.block(start, stop)), chosen)

    def each_range(self, work: Callable[[int, int], T], chosen: Sequence[tuple[int, int]]) -> Iterator[T]:
        """`work(start, stop)` of every range, in order, by `workers` threads."""

        def one(bounds: tuple[int, int]) -> T:
            return work(*bounds)

        if self.workers == 1 or len(chosen) == 1:
            yield from map(one, chosen)
            return
        with ThreadPoolExecutor(self.workers) as pool:
            yield from pool.map(one, chosen)

    def costs(self, graph: Graph, face: Face, goal: Goal) -> FlowCosts:
        """The goal's costs on a face."""
        tail, head, utility = graph.tail[face.arcs], graph.head[face.arcs], graph.utility[face.arcs]
        place = None
        if goal.places:
            mentor, unit = (
                np.arange(graph.mentors)[:, None],
                np.arange(1, int(face.high.max(initial=1)) + 1)[None, :],
            )
            place = marginal(goal, self.problem.lows, self.base, mentor, unit)
        return FlowCosts(
            arc=goal.of_pairs(self.problem.credits, tail, head, utility), waiting=goal.waiting, place=place
        )


def market_of(problem: PairingProblem, people: Ints | None, seed: int, workers: int) -> Market:
    """The market of a problem. `people`: opaque ids of all people, which with the seed decide every tie.

    Raises `PinError` if a pin breaks a hard rule.
    """
    ids = people if people is not None else np.arange(1 + _highest_place(problem))
    pinned = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    mentees = np.setdiff1d(np.arange(problem.mentees), problem.pinned[:, 0])
    mentors = np.flatnonzero(problem.capacity > pinned)
    mentees = mentees[np.argsort(drawn(ids[problem.mentee_people[mentees]], seed), kind="stable")]
    mentors = mentors[np.argsort(drawn(ids[problem.mentor_people[mentors]], seed), kind="stable")]
    part = restricted(problem, mentees, mentors)
    room = np.minimum(problem.capacity - pinned, max(1, problem.mentees))[mentors]
    return Market(
        problem=part.replace(capacity=room),
        utilities=utilities_of(part),
        mentee_rows=mentees,
        mentor_rows=mentors,
        base=pinned[mentors],
        workers=workers,
    )


def _highest_place(problem: PairingProblem) -> int:
    return int(max(problem.mentee_people.max(initial=0), problem.mentor_people.max(initial=0)))


def restricted(problem: PairingProblem, mentees: Ints, mentors: Ints) -> PairingProblem:
    """The problem of these mentees and mentors only, in this order, without pins."""
    own = {name: None if rows is None else rows[mentees] for name, rows in _per_mentee(problem).items()}
    theirs = {name: None if rows is None else rows[mentors] for name, rows in _per_mentor(problem).items()}
    return problem.replace(
        **own,
        **theirs,
        mentee_columns={name: values[mentees] for name, values in problem.mentee_columns.items()},
        mentor_columns={name: values[mentors] for name, values in problem.mentor_columns.items()},
        mentee_bits={name: values[mentees] for name, values in problem.mentee_bits.items()},
        mentor_bits={name: values[mentors] for name, values in problem.mentor_bits.items()},
        excluded=_renumbered(problem.excluded, problem, mentees, mentors),
        wishes=_renumbered(problem.wishes, problem, mentees, mentors),
        pinned=np.zeros((0, 2), np.int64),
        kept=_renumbered(problem.kept, problem, mentees, mentors),
        matrix=None if problem.matrix is None else problem.matrix[np.ix_(mentees, mentors)],
        # Whoever is left out must not move the line: under full fairness it lies above the highest utility.
        line=line_of(problem),
        mode="fair" if problem.mode == "full" else problem.mode,
    )


def _per_mentee(problem: PairingProblem) -> dict[str, Any]:
    return {"mentee_people": problem.mentee_people, "wanted": problem.wanted, "credit": problem.credit}


def _per_mentor(problem: PairingProblem) -> dict[str, Any]:
    return {"mentor_people": problem.mentor_people, "capacity": problem.capacity, "low": problem.low}


def _renumbered(pairs: Ints, problem: PairingProblem, mentees: Ints, mentors: Ints) -> Ints:
    mentee_place, mentor_place = np.full(problem.mentees, -1), np.full(problem.mentors, -1)
    mentee_place[mentees], mentor_place[mentors] = np.arange(len(mentees)), np.arange(len(mentors))
    moved = pairs.copy()
    moved[:, 0], moved[:, 1] = mentee_place[pairs[:, 0]], mentor_place[pairs[:, 1]]
    kept: Ints = moved[(moved[:, :2] >= 0).all(axis=1)]
    return kept


def utilities_of(problem: PairingProblem) -> Utilities:
    """The utilities a problem states: its matrix without excluded pairs and selves, or its criteria."""
    if problem.matrix is None:
        return ColumnUtilities(problem)
    matrix = problem.matrix.copy()
    matrix[problem.excluded[:, 0], problem.excluded[:, 1]] = -1
    _, mentee, mentor = np.intersect1d(problem.mentee_people, problem.mentor_people, return_indices=True)
    matrix[mentee, mentor] = -1
    return MatrixUtilities(matrix)


def cached(market: Market) -> Market:
    """The market with all utilities held as 16 bits when they fit, so that later scans need not score
    again.
    """
    mentees, mentors = market.utilities.shape
    if isinstance(market.utilities, MatrixUtilities) or mentees * mentors > CACHED_ENTRIES:
        return market
    whole = np.empty((mentees, mentors), np.int16)

    def keep(start: int, block: NDArray[Any]) -> None:
        whole[start : start + len(block)] = block

    for _ in market.each_block(keep):
        pass
    return Market(**{**market.__dict__, "utilities": MatrixUtilities(whole)})


def utility_of_pairs(utilities: Utilities, pairs: Sequence[tuple[int, int]] | Ints) -> Ints:
    """Utility of single pairs (k,), -1 where forbidden."""
    rows = np.asarray(pairs, np.int64).reshape(-1, 2)
    return np.array([int(utilities.block(e, e + 1)[0, m]) for e, m in rows.tolist()], np.int64)
