"""Circles recounted one by one, in plain arithmetic: docs/model.md, section 2."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

from solver.checks.verdict import Breach
from solver.circles.problem import REASONS, CirclesPlan, CirclesProblem


def circles_breaches(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """Everything about the plan that is not as the problem asks or as the plan claims."""
    yield from everyone_once(problem, plan)
    known = all(0 <= person < problem.n for members in plan.groups for person in members)
    if not known:
        return
    yield from sizes(problem, plan)
    yield from hard_pairs(problem, plan)
    yield from shared_slots(problem, plan)
    yield from facilitators(problem, plan)
    yield from claims(problem, plan)


def everyone_once(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.1) Everybody sits in exactly one circle or is left over with a reason."""
    seats = Counter(person for members in plan.groups for person in members)
    seats.update(person for person, _ in plan.unplaced)
    for person in sorted(set(seats) | set(range(problem.n))):
        expected = 1 if 0 <= person < problem.n else 0
        if seats[person] != expected:
            yield Breach("circle_everyone_once", person, seats[person], expected)
    for person, reason in plan.unplaced:
        if reason not in REASONS:
            yield Breach("circle_reason", person, 0, 1)


def sizes(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.2) smallest <= members <= largest."""
    for circle, members in enumerate(plan.groups):
        if len(members) < problem.smallest:
            yield Breach("circle_smallest", circle, len(members), problem.smallest)
        if len(members) > problem.largest:
            yield Breach("circle_largest", circle, len(members), problem.largest)


def hard_pairs(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.3) No two people of a hard pair in one circle."""
    forbidden = _unordered(problem.hard.tolist())
    for circle, members in enumerate(plan.groups):
        together = len(_unordered(combinations(members, 2)) & forbidden)
        if together:
            yield Breach("circle_hard_pairs", circle, together, 0)


def shared_slots(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.4) Everybody can make the slot of their circle."""
    for circle, (members, slot) in enumerate(zip(plan.groups, plan.slot, strict=True)):
        there = 0 <= slot < problem.slots
        able = sum(bool(problem.available[person, slot]) for person in members) if there else 0
        if able < len(members):
            yield Breach("circle_shared_slot", circle, able, len(members))


def facilitators(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.5) Somebody in each circle facilitates; pairs and trios need nobody."""
    if problem.kind == "pair":
        return
    for circle, members in enumerate(plan.groups):
        if not any(problem.facilitates[person] for person in members):
            yield Breach("circle_facilitator", circle, 0, 1)


def claims(problem: CirclesProblem, plan: CirclesPlan) -> Iterator[Breach]:
    """(2.6) The cost is what the plan says, the bound no higher, and proved only when they are equal."""
    cost = recount(problem, plan)
    if cost != plan.objective:
        yield Breach("circle_objective", 0, plan.objective, cost)
    if plan.bound > cost:
        yield Breach("circle_bound", 0, plan.bound, cost)
    if plan.proved != (plan.bound == plan.objective):
        yield Breach("circle_proved", 0, plan.bound, plan.objective)


def recount(problem: CirclesProblem, plan: CirclesPlan) -> int:
    """Classes, reunions, sizes and people left over, added up pair by pair."""
    met = _unordered(problem.reunions.tolist()) - _unordered(problem.hard.tolist())
    cost = problem.unplaced_weight * len(plan.unplaced)
    for members in plan.groups:
        cost += problem.size_weight * abs(len(members) - problem.target)
        for one, other in combinations(members, 2):
            cost += sum(
                problem.class_weights[name]
                for name, column in problem.classes.items()
                if column[one] == column[other]
            )
            cost += problem.reunion_weight * ((min(one, other), max(one, other)) in met)
    return cost


def _unordered(pairs: Iterable[Iterable[int]]) -> set[tuple[int, int]]:
    return {(min(one, other), max(one, other)) for one, other in pairs}
