"""Set-partition neighbourhoods: some circles and people left over are taken apart and put together anew,
as well as can be, over every feasible circle among them."""

from collections.abc import Sequence

import numpy as np

from solver.circles.bound import excess
from solver.circles.columns import all_circles
from solver.circles.costs import REUNION, CircleCosts
from solver.circles.partition import choose
from solver.settings import Remaining

Groups = list[tuple[int, ...]]

TOGETHER = 30
"""People taken apart at once: 25 to 30 is best, 40 is slower, 50 finds nothing more."""

MOST_COLUMNS = 150_000
"""Neighbourhoods with more circles than this are made smaller."""

PATIENCE = 30
"""Neighbourhoods in a row, and two for each circle, that improve nothing before the search ends."""

OTHER_SLOTS = 0.35
"""Share of the neighbours taken at random instead of by shared slots."""


def polish(
    costs: CircleCosts,
    groups: Groups,
    rng: np.random.Generator,
    *,
    rounds: int,
    bound: int,
    remaining: Remaining,
) -> Groups:
    """Improve for so many neighbourhoods, until the bound is met or time is out; never worse."""
    groups = list(groups)
    left = _left_over(costs, groups)
    total = costs.total(groups, len(left))
    size, fruitless = TOGETHER, 0
    for _ in range(rounds):
        tired = fruitless > PATIENCE + 2 * len(groups)
        if tired or total <= bound or remaining() <= 0 or len(groups) + len(left) < 2:
            break
        fruitless += 1
        taken, spare = _neighbourhood(costs, groups, left, rng, size)
        people = np.array(sorted([p for at in taken for p in groups[at]] + spare), np.int64)
        columns = all_circles(costs, people, MOST_COLUMNS, remaining)
        if columns is None:
            size = max(2 * costs.problem.smallest, size - costs.problem.smallest)
            continue
        known = costs.total([groups[at] for at in taken], len(spare))
        found = choose(costs, columns, known, remaining)
        if found.rows is not None:
            fresh = [columns.circle(row) for row in found.rows]
            groups = [group for at, group in enumerate(groups) if at not in taken] + fresh
            left = _left_over(costs, groups)
            fruitless = 0
            total += found.cost - known
    return groups


def _left_over(costs: CircleCosts, groups: Sequence[Sequence[int]]) -> list[int]:
    seated = {person for members in groups for person in members}
    return [person for person in range(costs.problem.n) if person not in seated]


def _neighbourhood(
    costs: CircleCosts, groups: Groups, left: list[int], rng: np.random.Generator, size: int
) -> tuple[list[int], list[int]]:
    """Circles around one that costs too much, or around somebody left over, by shared slots."""
    spare = [int(person) for person in rng.permutation(left)[: costs.problem.smallest]] if left else []
    available = costs.problem.available
    if spare and (not groups or rng.random() < 0.5):
        wanted, taken = available[spare].any(0), []
    else:
        dear = excess(costs.problem, groups) + _reunions(costs, groups) + 0.05
        first = int(rng.choice(len(groups), p=dear / dear.sum()))
        wanted, taken = available[list(groups[first])].all(0), [first]
    near = np.array([available[list(members)][:, wanted].sum() for members in groups], float)
    near *= rng.random(len(groups)) ** 0.5
    near += (rng.random(len(groups)) < OTHER_SLOTS) * near.max(initial=0)
    many = len(spare) + sum(len(groups[at]) for at in taken)
    for at in map(int, np.argsort(-near, kind="stable")):
        if many >= size:
            break
        if at not in taken:
            taken.append(at)
            many += len(groups[at])
    return taken, spare


def _reunions(costs: CircleCosts, groups: Groups) -> np.ndarray:
    """(circles,): what reunions and sizes cost each."""
    met = [np.array(members) for members in groups]
    return np.array(
        [
            costs.problem.reunion_weight * int((costs.ties[m[:, None], m] == REUNION).sum()) // 2
            + costs.size(len(m))
            for m in met
        ]
    )
