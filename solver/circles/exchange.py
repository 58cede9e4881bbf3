"""Two people who sit together and should not: the cheapest exchange of seats that parts them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.circles.costs import costs_of
from solver.circles.problem import CirclesProblem

Group = tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """`mover` goes from circle `source` to circle `target`; `other` comes back, -1: to a free seat there.

    cost: by how much the plan costs more, negative for less.
    """

    mover: int
    source: int
    target: int
    other: int
    cost: int


def cheapest_exchange(
    problem: CirclesProblem, groups: Sequence[Group], first: int, second: int
) -> Exchange | None:
    """The single exchange that parts two members of one circle at the least cost and leaves nobody over; None
    where no single one does. The two are a hard pair of the problem. Raises ValueError if they sit apart."""
    source = next((at for at, group in enumerate(groups) if {first, second} <= set(group)), None)
    if source is None:
        raise ValueError("They do not sit together.")
    costs = costs_of(problem)
    before = [costs.circle(group) for group in groups]
    found = []
    for mover, target, other in _tries(problem, groups, source, (first, second)):
        back = [other] if other >= 0 else []
        here = [*(one for one in groups[source] if one != mover), *back]
        there = [*(one for one in groups[target] if one != other), mover]
        if costs.allows(here) and costs.allows(there):
            cost = costs.circle(here) + costs.circle(there) - before[source] - before[target]
            found.append(Exchange(mover=mover, source=source, target=target, other=other, cost=cost))
    return min(found, key=lambda one: (one.cost, one.target, one.mover, one.other), default=None)


def _tries(
    problem: CirclesProblem, groups: Sequence[Group], source: int, movers: tuple[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Who could go where, and who back, as far as the slots of the circle they go to allow it."""
    free = problem.available
    for target, group in enumerate(groups):
        if target == source:
            continue
        for mover in movers:
            for other in (-1, *group):
                stays = [one for one in group if one != other]
                if not stays or (free[stays].all(0) & free[mover]).any():
                    yield mover, target, other
