"""One flow for several mentors each: coverage, then credits, then the highest worth, then the nearest plan.

Without levels to lift, several mentors per mentee are no harder than one: a min-cost flow. Its total is a
bound for every plan that places as many, whatever else such a plan keeps (docs/model.md, 1.13).
"""

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import MOST_RANKS, Case, Flags
from solver.pairing.several.first import flow_of, is_safe
from solver.status import SolveFailedError

Arcs = tuple[Ints, Ints, Ints, Ints]
"""Tails, heads, capacities and costs."""


def best_flow(case: Case, worth: Ints, near: Flags, credit: Ints | None) -> Flags:
    """(n,) the choice that leaves the fewest without their first, then second, then third mentor, then those
    with the least credit (E,), then of the highest sum of `worth` (n,) >= 0, then with the most of `near`.

    Raises SolveFailedError where the numbers leave the range of a flow.
    """
    most_near = int(case.wanted.sum()) + 1
    cost = -(worth * most_near + near)
    # A cycle that would better a flow passes each person once, and the sink once: by two waits at most.
    pair = (-int(cost.min(initial=0)) + 1) * (2 * min(case.mentees, case.mentors) + 4)
    owed = np.zeros(case.mentees, np.int64) if credit is None else credit
    rank_unit = pair * (2 * int(owed.max(initial=0)) + 2)
    if not is_safe(case, MOST_RANKS * rank_unit + pair * int(owed.max(initial=0))):
        raise SolveFailedError(f"{case.mentees} mentees with such utilities leave the range of a flow.")
    return flow_of(case, cost, case.wanted, [*_waits(case, rank_unit, pair * owed), *_places(case)])


def _waits(case: Case, rank_unit: int, owed: Ints) -> list[Arcs]:
    """Arcs for mentors that stay missing; numbers of mentors found form a polymatroid, so that weights which
    fall from rank to rank serve the first ranks first."""
    asked, sink, arcs = case.had + case.wanted, case.mentees + case.mentors, []
    for rank in range(1, MOST_RANKS + 1):
        who = np.flatnonzero((case.had < rank) & (asked >= rank))
        cost = np.full(len(who), (MOST_RANKS + 1 - rank) * rank_unit, np.int64)
        cost += owed[who] if rank == 1 else 0
        arcs.append((who, np.full(len(who), sink), np.ones(len(who), np.int64), cost))
    return arcs


def _places(case: Case) -> list[Arcs]:
    mentor, sink = case.mentees + np.arange(case.mentors), case.mentees + case.mentors
    zeros = np.zeros(case.mentors, np.int64)
    return [(mentor, np.full(case.mentors, sink), case.capacity, zeros)]
