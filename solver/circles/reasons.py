"""Why somebody is left over: the first cause that holds, found by counting companions slot by slot."""

from collections.abc import Iterable

import numpy as np

from solver.circles.costs import HARD, CircleCosts


def reasons(costs: CircleCosts, unplaced: Iterable[int]) -> tuple[tuple[int, str], ...]:
    """(person, code of problem.REASONS), ascending."""
    return tuple((person, _reason(costs, person)) for person in sorted(unplaced))


def _reason(costs: CircleCosts, person: int) -> str:
    problem = costs.problem
    if problem.n < problem.smallest:
        return "too_few"
    mine = problem.available[person]
    others = problem.available[:, mine].copy()
    others[person] = False
    needed = problem.smallest - 1
    if not mine.any() or others.sum(0).max() < needed:
        return "no_shared_slot"
    others[costs.ties[person, : problem.n] == HARD] = False
    enough = others.sum(0) >= needed
    if not enough.any():
        return "all_blocked"
    hosted = (others & costs.hosts[:-1, None]).any(0) | costs.hosts[person]
    if not (enough & hosted).any():
        return "no_facilitator"
    return "remainder" if _some_circle(costs, person, others[:, enough & hosted]) else "no_circle"


def _some_circle(costs: CircleCosts, person: int, companions: np.ndarray) -> bool:
    """Whether a smallest circle with this person exists at one of the slots (depth first, bounded)."""
    return any(_grow(costs, [person], np.flatnonzero(column), [20_000]) for column in companions.T)


def _grow(costs: CircleCosts, circle: list[int], rest: np.ndarray, budget: list[int]) -> bool:
    missing = costs.problem.smallest - len(circle)
    if missing == 0:
        return bool(costs.hosts[circle].any())
    budget[0] -= 1
    if budget[0] < 0 or len(rest) < missing:
        return budget[0] < 0
    hosted = bool(costs.hosts[circle].any())
    for at, person in enumerate(rest):
        later = rest[at + 1 :]
        free = later[costs.ties[person, later] != HARD]
        if (hosted or costs.hosts[person] or costs.hosts[free].any()) and _grow(
            costs, [*circle, int(person)], free, budget
        ):
            return True
    return False
