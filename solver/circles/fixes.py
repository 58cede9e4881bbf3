"""What would place somebody who is left over: the smallest change that seats them in a standing circle."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from solver.circles.problem import CirclesPlan, CirclesProblem

FixKind = Literal["seat", "size", "slot", "pair"]

PRICE = {"seat": 0, "size": 1, "slot": 2, "pair": 3}
"""From the easiest: a free seat is there; one more than the largest circle; one more weekly slot of theirs;
one hard pair lifted (a decision only people can take)."""


@dataclass(frozen=True, kw_only=True)
class Fix:
    """One change that suffices by itself. circle: its number in the plan; value: the slot to add, the other
    person of the hard pair, the size needed, or 0 for a seat that is free."""

    kind: FixKind
    circle: int
    value: int


def cheapest_fix(problem: CirclesProblem, plan: CirclesPlan, person: int) -> Fix | None:
    """The easiest single change that seats the person, or None if every circle needs two or more."""
    blocked = {
        int(other if one == person else one) for one, other in problem.hard.tolist() if person in (one, other)
    }
    found = (
        fix for circle in range(len(plan.groups)) for fix in _fixes(problem, plan, person, circle, blocked)
    )
    return min(found, key=lambda fix: (PRICE[fix.kind], fix.circle), default=None)


def _fixes(
    problem: CirclesProblem, plan: CirclesPlan, person: int, circle: int, blocked: set[int]
) -> Iterator[Fix]:
    members, slot = plan.groups[circle], plan.slot[circle]
    together = problem.available[list(members)].all(0) & problem.available[person]
    full = len(members) >= problem.largest
    rules = sorted(blocked & set(members))
    needed = full + (not together.any()) + len(rules)
    if needed == 0:
        yield Fix(kind="seat", circle=circle, value=0)
    elif needed == 1:
        if full:
            yield Fix(kind="size", circle=circle, value=len(members) + 1)
        elif rules:
            yield Fix(kind="pair", circle=circle, value=rules[0])
        else:
            yield Fix(kind="slot", circle=circle, value=slot)
