"""Who meets at which slot, and how many circles each slot holds: decided together by a small linear program.

If a slot's share of every class fits its number of circles, its circles can be mixed as evenly as the
counting bound asks; so the program minimises how far the shares lie outside, weighted like the classes.
A corner of the program seats all but a few people whole; those few go where most of them already is.
"""

from dataclasses import dataclass

import numpy as np
from ortools.linear_solver import pywraplp

from solver.circles.costs import CircleCosts
from solver.circles.problem import Flags, Ints
from solver.settings import Remaining, unhurried

CHUNK = 600
"""People planned at once; larger pools are dealt into such parts, which cost next to nothing in evenness."""

MOST_SLOTS = 24
"""Slots planned with, unless some person can make none of them. Each costs the program a row per class."""

CHOICES = 4
"""Slots to choose from that are enough for one person."""


@dataclass(frozen=True, eq=False)
class SlotPlan:
    """people (k,) that can make some slot, chosen (k,) the slot of each, held (slots,) circles per slot."""

    people: Ints
    chosen: Ints
    held: Ints


def plan_slots(
    costs: CircleCosts, circles: int, rng: np.random.Generator, remaining: Remaining = unhurried
) -> SlotPlan | None:
    """Slots for everybody who can make one; relaxed in parts of about CHUNK people, rounded together. None if
    the time is out before all are planned."""
    able = np.flatnonzero(costs.problem.available.any(1))
    slots = enough_slots(costs.problem.available)
    parts = [np.sort(part) for part in np.array_split(rng.permutation(able), -(-len(able) // CHUNK))]
    shares = [np.bincount(column[:-1]) // circles for column in costs.classes]
    chosen, held = np.zeros(costs.problem.n, np.int64), np.zeros(costs.problem.slots)
    for part in parts:
        numbers = (circles * len(part) / len(able), None)
        found = _relaxed(costs, part, slots, shares, numbers, rng=rng, remaining=remaining)
        if found is None:
            return None
        chosen[part] = slots[found[0].argmax(1)]
        held[slots] += found[1]
    whole = _whole(held, circles)
    if len(parts) == 1:
        found = _relaxed(costs, able, slots, shares, (circles, whole[slots]), rng=rng, remaining=remaining)
        if found is None:
            return None
        chosen[able] = slots[found[0].argmax(1)]
    return SlotPlan(able, chosen[able], whole)


def enough_slots(available: Flags) -> Ints:
    """Slots to plan with, ascending: all of them if they are few; else the one most wanted, again and again,
    until everybody has CHOICES or all of theirs, or there are MOST_SLOTS and everybody has one.

    What a slot is to a person falls with the square of those they have already.
    """
    people, slots = available.shape
    if slots <= MOST_SLOTS:
        return np.arange(slots)
    have, owned, taken = np.zeros(people, np.int64), available.sum(1), np.zeros(slots, bool)
    while not taken.all():
        short = have < np.minimum(owned, CHOICES if taken.sum() < MOST_SLOTS else 1)
        if not short.any():
            break
        wanted = (short / (1.0 + have) ** 2) @ available
        best = int(np.where(taken, -1.0, wanted).argmax())
        taken[best] = True
        have += available[:, best]
    return np.flatnonzero(taken)


def seats_of(plan: SlotPlan, hosts: Flags) -> tuple[list[list[int]], list[int]]:
    """Deal the people of each slot to its circles in turn, those who facilitate first; with their slots."""
    groups: list[list[int]] = []
    slots: list[int] = []
    for slot, circles in enumerate(map(int, plan.held)):
        here = plan.people[plan.chosen == slot]
        here = here[np.argsort(~hosts[here], kind="stable")]
        groups += [[int(person) for person in here[circle::circles]] for circle in range(circles)]
        slots += [slot] * circles
    return groups, slots


def _whole(held: np.ndarray, circles: int) -> Ints:
    """Whole numbers with the given sum, the largest remainders rounded up."""
    floor = np.floor(held + 1e-9).astype(np.int64)
    missing = circles - int(floor.sum())
    floor[np.argsort(floor - held, kind="stable")[: max(0, missing)]] += 1
    return floor


def _relaxed(
    costs: CircleCosts,
    people: Ints,
    slots: Ints,
    shares: list[Ints],
    numbers: tuple[float, Ints | None],
    *,
    rng: np.random.Generator,
    remaining: Remaining,
) -> tuple[np.ndarray, np.ndarray] | None:
    """Seats (k, slots) from 0 to 1 and circles (slots,), which may be fixed; chance among equals. None if it
    was not done in time."""
    circles, fixed = numbers
    program = pywraplp.Solver.CreateSolver("GLOP")
    program.Objective().SetMinimization()
    available = costs.problem.available[np.ix_(people, slots)]
    if fixed is None:
        held = [program.NumVar(0, circles, "") for _ in range(available.shape[1])]
        together = program.Constraint(circles, circles)
        for number in held:
            together.SetCoefficient(number, 1)
    else:
        held = [program.NumVar(int(number), int(number), "") for number in fixed]
    one = [program.Constraint(0, 1) for _ in people]
    seats = {}
    for slot in range(available.shape[1]):
        rows = _slot_rows(program, costs, held[slot], shares, len(people) / circles)
        for i in map(int, np.flatnonzero(available[:, slot])):
            seat = program.NumVar(0, 1, "")
            program.Objective().SetCoefficient(seat, -1000.0 + 1e-3 * float(rng.random()))
            one[i].SetCoefficient(seat, 1)
            for row in _rows_of(rows, costs, int(people[i])):
                row.SetCoefficient(seat, 1)
            seats[i, slot] = seat
    if not solved_within(program, remaining):
        return None
    found = np.zeros(available.shape)
    for (i, slot), seat in seats.items():
        found[i, slot] = seat.solution_value() + 1e-9
    return found, np.array([number.solution_value() for number in held])


def solved_within(program: "pywraplp.Solver", remaining: Remaining) -> bool:
    """Solve the program to its end, unless the time is out before."""
    left = remaining()
    if left <= 0:
        return False
    if np.isfinite(left):
        program.SetTimeLimit(max(1, int(1000 * left)))
    return bool(program.Solve() == program.OPTIMAL)


@dataclass(frozen=True)
class _SlotRows:
    everyone: "pywraplp.Constraint"
    hosts: "pywraplp.Constraint"
    classes: "dict[tuple[int, int], list[pywraplp.Constraint]]"


def _slot_rows(
    program: "pywraplp.Solver", costs: CircleCosts, held: "pywraplp.Variable", shares: list[Ints], each: float
) -> _SlotRows:
    """People as many as the circles hold; a facilitator each; every class between q and q + 1 per circle."""
    infinity = program.infinity()
    everyone = program.Constraint(-infinity, 0)
    everyone.SetCoefficient(held, -each)
    hosts = program.Constraint(0, infinity)
    hosts.SetCoefficient(held, -1)
    classes = {}
    for column, (share, weight) in enumerate(zip(shares, costs.weights, strict=True)):
        for number, even in enumerate(map(int, share)):
            outside = program.NumVar(0, infinity, "")
            program.Objective().SetCoefficient(outside, float(weight))
            high, low = program.Constraint(-infinity, 0), program.Constraint(0, infinity)
            for row, edge, sign in ((high, even + 1, -1), (low, even, 1)):
                row.SetCoefficient(held, -edge)
                row.SetCoefficient(outside, sign)
            classes[column, number] = [high, low]
    return _SlotRows(everyone, hosts, classes)


def _rows_of(rows: _SlotRows, costs: CircleCosts, person: int) -> "list[pywraplp.Constraint]":
    """The rows of a slot that count this person."""
    of_classes = [
        row for at, column in enumerate(costs.classes) for row in rows.classes[at, int(column[person])]
    ]
    return [rows.everyone, *([rows.hosts] if costs.hosts[person] else []), *of_classes]
