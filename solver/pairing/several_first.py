"""The first plan: as many first, then second, then third mentors as can be, by min-cost flows.

Which numbers of mentees stay without their first, second, third mentor is decided here exactly: the numbers
of mentors found form a polymatroid, so serving first mentors first never costs a place.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several_case import MOST_RANKS, Case, Flags
from solver.status import SolveFailedError, require_optimal

SAFE_COST = 2**60


@dataclass(frozen=True, kw_only=True, eq=False)
class First:
    """A choice of best coverage, with (if asked) the fewest open places of minimum loads after it."""

    chosen: Flags
    missing: tuple[int, int, int]
    open_places: int


def first_choice(case: Case, low_first: bool) -> First:
    """Coverage, then minimum loads (`low_first`), then the highest total with as many mentors for each."""
    served = _covered(case, low_first)
    found = np.bincount(case.mentee[served], minlength=case.mentees)
    load = np.bincount(case.mentor[served], minlength=case.mentors)
    firm = np.minimum(load, case.low) if low_first else np.zeros(case.mentors, np.int64)
    chosen = _dearest(case, found, firm)
    return First(chosen=chosen, missing=case.missing(chosen), open_places=case.open_places(chosen))


def _covered(case: Case, low_first: bool) -> Flags:
    """A choice that serves as many as possible, ranks in their order, minimum loads after all ranks."""
    low = case.low if low_first else np.zeros(case.mentors, np.int64)
    step = int(low.sum()) + 1
    waits = [step * (case.mentees + 1) ** (MOST_RANKS - rank) for rank in range(1, MOST_RANKS + 1)]
    asked, arcs = case.had + case.wanted, []
    for rank, wait in enumerate(waits, start=1):
        who = np.flatnonzero((case.had < rank) & (asked >= rank))
        arcs.append((who, np.full(len(who), case.mentees + case.mentors), np.ones(len(who)), wait))
    arcs += _places(case, low, -1)
    return _flow(case, np.zeros(len(case.mentee), np.int64), case.wanted, arcs)


def _dearest(case: Case, found: Ints, firm: Ints) -> Flags:
    """The highest total that gives each mentee `found` mentors and each mentor at least `firm` mentees."""
    highest = int(case.utility.max(initial=0))
    reward = -(highest + 1) * (case.mentors + 2)
    return _flow(case, -case.utility, found, _places(case, firm, reward))


def _places(case: Case, low: Ints, reward: int) -> list[Any]:
    """Arcs from mentors to the sink: the first `low` places rewarded, the others free."""
    mentor, sink = case.mentees + np.arange(case.mentors), case.mentees + case.mentors
    to = np.full(case.mentors, sink)
    low = np.minimum(low, case.capacity)
    return [(mentor, to, low, reward), (mentor, to, case.capacity - low, 0)]


def _flow(case: Case, cost: Ints, supply: Ints, arcs: list[Any]) -> Flags:
    """One min-cost flow over pairs and further arcs (tails, heads, capacities, cost of each)."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - loaded only by who needs it

    dearest = max([int(np.abs(cost).max(initial=0)), *(abs(arc[3]) for arc in arcs)])
    if dearest * (case.mentees + case.mentors + 2) >= SAFE_COST:
        raise SolveFailedError(f"Costs of {dearest} over {case.mentees} mentees leave the range of a flow.")
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        case.mentee, case.mentees + case.mentor, np.ones(len(cost), np.int64), cost
    )
    for tail, head, capacity, each in arcs:
        flow.add_arcs_with_capacity_and_unit_cost(
            tail, head, capacity.astype(np.int64), np.full(len(tail), each, np.int64)
        )
    nodes = np.append(np.arange(case.mentees), case.mentees + case.mentors)
    flow.set_nodes_supplies(nodes, np.append(supply, -supply.sum()))
    require_optimal(flow.solve().name, "The first plan")
    chosen: Flags = flow.flows(pairs) > 0
    return chosen
