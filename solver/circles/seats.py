"""The circles of those who can still take a seat, whatever the order in which people stand in the file."""

from dataclasses import replace

import numpy as np

from solver.circles.cooling import part_of
from solver.circles.lookahead import solve_looking_ahead
from solver.circles.problem import FULL, CirclesPlan, CirclesProblem, Flags, Ints
from solver.peers.solve import for_peers, solve_peers
from solver.settings import Remaining, Report, SolveSettings


def seat(
    problem: CirclesProblem,
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    *,
    ids: Ints,
    full: Flags,
) -> CirclesPlan:
    """The circles of all who are not `full` (n,); those are left over, at their cost. ids (n,): the opaque
    numbers that decide the order in which people are looked at. Small pools look ahead. Never fails."""
    order = np.argsort(ids, kind="stable")
    pool = order[~full[order]]
    if np.array_equal(pool, np.arange(problem.n)):
        return _solved(problem, settings, remaining, report)
    plan = _solved(part_of(problem, pool), settings, remaining, report)
    return _returned(plan, pool, np.flatnonzero(full).tolist(), problem.unplaced_weight)


def _solved(
    problem: CirclesProblem, settings: SolveSettings, remaining: Remaining, report: Report
) -> CirclesPlan:
    """Pairs and trios by matching, anything larger by the methods for circles."""
    solve = solve_peers if for_peers(problem) else solve_looking_ahead
    return solve(problem, settings, remaining, report)


def _returned(plan: CirclesPlan, pool: Ints, full: list[int], weight: int) -> CirclesPlan:
    """The plan with everybody back in their own place, and those without a seat added to it."""
    there = [
        (tuple(sorted(pool[list(members)].tolist())), slot)
        for members, slot in zip(plan.groups, plan.slot, strict=True)
    ]
    left = [(int(pool[person]), reason) for person, reason in plan.unplaced]
    ordered = sorted(there)
    return replace(
        plan,
        groups=tuple(members for members, _ in ordered),
        slot=tuple(slot for _, slot in ordered),
        unplaced=tuple(sorted(left + [(person, FULL) for person in full])),
        objective=plan.objective + weight * len(full),
        bound=plan.bound + weight * len(full),
    )
