"""The first plan: as many first, then second, then third mentors as can be, by min-cost flows.

Which numbers of mentees stay without their first, second, third mentor is decided here exactly: the numbers
of mentors found form a polymatroid, so serving first mentors first never costs a place.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import MOST_RANKS, Case, Flags
from solver.settings import Remaining
from solver.status import SolveFailedError, require_optimal

SAFE_COST = 2**60
ROUNDS = 60
PUSH = 0.5
HEAVIEST = 50.0


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
    chosen = _dearest(case, found, firm, case.utility)
    return First(chosen=chosen, missing=case.missing(chosen), open_places=case.open_places(chosen))


def fairer_choice(case: Case, low_first: bool, chosen: Flags, remaining: Remaining) -> Flags:
    """The fairest found by flows that count the pairs of whoever stands low for more, round after round.

    Same coverage and minimum loads as `chosen`; a quick start for the search, without any proof.
    """
    dearest = _reward(case, int(case.utility.max(initial=0)) * int(HEAVIEST))
    if not is_safe(case, dearest):
        return chosen
    found = np.bincount(case.mentee[chosen], minlength=case.mentees)
    load = np.bincount(case.mentor[chosen], minlength=case.mentors)
    firm = np.minimum(load, case.low) if low_first else np.zeros(case.mentors, np.int64)
    asked = np.maximum(case.had + case.wanted, 1)
    best, standing, weight = chosen, np.sort(case.levels_of(chosen)), np.ones(case.mentees)
    for _ in range(ROUNDS):
        if remaining() <= 0:
            break
        now = (case.base + case.per_mentee(chosen, case.utility)) / asked
        middle = max(1.0, float(np.median(now)))
        weight = np.clip(weight * np.exp(PUSH * np.clip(1 - now / middle, -1, 1)), 1, HEAVIEST)
        scaled = np.round(case.utility * weight[case.mentee]).astype(np.int64)
        chosen = _dearest(case, found, firm, scaled)
        levels = np.sort(case.levels_of(chosen))
        if tuple(levels) > tuple(standing):
            best, standing = chosen, levels
    return best


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
    return flow_of(case, np.zeros(len(case.mentee), np.int64), case.wanted, arcs)


def _dearest(case: Case, found: Ints, firm: Ints, worth: Ints) -> Flags:
    """The highest sum of `worth` (n,): `found` mentors for each mentee, `firm` mentees for each mentor."""
    return flow_of(case, -worth, found, _places(case, firm, -_reward(case, int(worth.max(initial=0)))))


def _reward(case: Case, highest: int) -> int:
    """More than any detour through other mentors can gain."""
    return (highest + 1) * (case.mentors + 2)


def is_safe(case: Case, dearest: int) -> bool:
    """Whether costs up to this stay in the range of a flow."""
    return dearest * (case.mentees + case.mentors + 2) < SAFE_COST


def _places(case: Case, low: Ints, reward: int) -> list[Any]:
    """Arcs from mentors to the sink: the first `low` places rewarded, the others free."""
    mentor, sink = case.mentees + np.arange(case.mentors), case.mentees + case.mentors
    to = np.full(case.mentors, sink)
    low = np.minimum(low, case.capacity)
    return [(mentor, to, low, reward), (mentor, to, case.capacity - low, 0)]


def flow_of(case: Case, cost: Ints, supply: Ints, arcs: list[Any]) -> Flags:
    """One min-cost flow over pairs and further arcs (tails, heads, capacities, cost or costs of each)."""
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - loaded only by who needs it

    dearest = max(int(np.abs(some).max(initial=0)) for some in (cost, *(arc[3] for arc in arcs)))
    if not is_safe(case, dearest):
        raise SolveFailedError(f"Costs of {dearest} over {case.mentees} mentees leave the range of a flow.")
    flow = min_cost_flow.SimpleMinCostFlow()
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        case.mentee, case.mentees + case.mentor, np.ones(len(cost), np.int64), cost
    )
    for tail, head, capacity, each in arcs:
        flow.add_arcs_with_capacity_and_unit_cost(
            tail,
            head,
            capacity.astype(np.int64),
            np.broadcast_to(np.asarray(each, np.int64), len(tail)).copy(),
        )
    nodes = np.append(np.arange(case.mentees), case.mentees + case.mentors)
    flow.set_nodes_supplies(nodes, np.append(supply, -supply.sum()))
    require_optimal(flow.solve().name, "The first plan")
    chosen: Flags = flow.flows(pairs) > 0
    return chosen
