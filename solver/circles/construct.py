"""A first set of circles: slot by slot, those with the fewest options first."""

import numpy as np

from solver.circles.costs import HARD, CircleCosts
from solver.circles.problem import Flags, Ints


def first_circles(costs: CircleCosts, rng: np.random.Generator) -> tuple[list[list[int]], list[int]]:
    """Circles that keep every rule, with their slots: each round takes the slot most free people can make,
    a facilitator there and companions with the fewest other slots, up to the target size. Knows no deadline:
    it is what there is when the time is out (5,000 people: a fifth of a second)."""
    problem = costs.problem
    free = np.ones(problem.n, bool)
    scarce = problem.available.sum(1) + rng.random(problem.n)
    count = problem.available.sum(0)
    alone = np.zeros((problem.slots, problem.n), bool)
    groups: list[list[int]] = []
    slots: list[int] = []
    while (found := _next_circle(costs, free, scarce, count, alone)) is not None:
        members, slot = found
        free[members] = False
        count -= problem.available[members].sum(0)
        groups.append(members)
        slots.append(slot)
    _fill(costs, free, groups, slots)
    return groups, slots


def _next_circle(
    costs: CircleCosts, free: Flags, scarce: np.ndarray, count: Ints, alone: Flags
) -> tuple[list[int], int] | None:
    """count (slots,): the free people at each slot; alone (slots, n): who found no company there, and is not
    asked again."""
    problem = costs.problem
    for slot in np.argsort(-count, kind="stable"):
        if count[slot] < problem.smallest:
            return None
        here = np.flatnonzero(problem.available[:, slot] & free)
        here = here[np.argsort(scarce[here], kind="stable")]
        for host in here[costs.hosts[here] & ~alone[slot, here]]:
            members = _company(costs, int(host), here)
            if len(members) >= problem.smallest:
                return members, int(slot)
            alone[slot, host] = True
    return None


def _company(costs: CircleCosts, host: int, here: Ints) -> list[int]:
    members, joins = [host], here[here != host]
    while True:
        joins = joins[costs.ties[members[-1], joins] != HARD]
        if len(members) == costs.problem.target or not len(joins):
            return members
        members.append(int(joins[0]))
        joins = joins[1:]


def _fill(costs: CircleCosts, free: Flags, groups: list[list[int]], slots: list[int]) -> None:
    """Give whoever is still free an empty seat where the rules allow it, at the least cost."""
    problem = costs.problem
    for person in np.flatnonzero(free):
        seats = [
            members
            for members, slot in zip(groups, slots, strict=True)
            if len(members) < problem.largest
            and problem.available[person, slot]
            and not (costs.ties[person, members] == HARD).any()
        ]
        if seats:
            min(
                seats, key=lambda members: costs.circle([*members, int(person)]) - costs.circle(members)
            ).append(int(person))
            free[person] = False
