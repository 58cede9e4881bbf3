"""Pairs recounted one by one, in plain arithmetic: docs/model.md, section 1.

Feasibility, the numbers a plan states about itself, and what its certificate says about people and places.
That no plan is better is checked in `prices.py`.
"""

from collections.abc import Iterator

import numpy as np

from solver.checks.scores import utility_rows
from solver.checks.verdict import Breach
from solver.pairing.problem import Ints, PairingPlan, PairingProblem

REASONS = ("no_mentors", "blocked", "no_places", "shortage")


def pairing_breaches(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """Everything about the plan that is not as the problem asks or as the plan claims."""
    unknown = list(indices(problem, plan))
    yield from unknown
    if unknown:
        return
    yield from once(plan)
    yield from mentor_loads(problem, plan)
    yield from mentee_wants(problem, plan)
    yield from pins(problem, plan)
    yield from pairs_allowed(problem, plan)
    yield from levels(problem, plan)
    yield from totals(plan)
    yield from waiting(problem, plan)


def indices(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) Every pair names a mentee and a mentor of the problem, in ascending order."""
    for place, (mentee, mentor) in enumerate(plan.pairs.tolist()):
        if not 0 <= mentee < problem.mentees:
            yield Breach("pair_mentee", place, mentee, problem.mentees - 1)
        if not 0 <= mentor < problem.mentors:
            yield Breach("pair_mentor", place, mentor, problem.mentors - 1)
    if plan.pairs.tolist() != sorted(plan.pairs.tolist()):
        yield Breach("pair_order", 0, 0, 1)


def once(plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) No pair is listed twice."""
    seen, count = np.unique(plan.pairs, axis=0, return_counts=True)
    for mentee in seen[count > 1, 0].tolist():
        yield Breach("pair_twice", mentee, 2, 1)


def mentor_loads(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) No mentor has more mentees than places."""
    load = np.bincount(plan.pairs[:, 1], minlength=problem.mentors)
    for mentor in np.flatnonzero(load > problem.capacity).tolist():
        yield Breach("mentor_load", mentor, int(load[mentor]), int(problem.capacity[mentor]))


def mentee_wants(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) No mentee has more mentors than they asked for."""
    count = np.bincount(plan.pairs[:, 0], minlength=problem.mentees)
    for mentee in np.flatnonzero(count > problem.asked).tolist():
        yield Breach("mentee_wants", mentee, int(count[mentee]), int(problem.asked[mentee]))


def pins(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) Every pinned pair is in the plan."""
    paired = set(map(tuple, plan.pairs.tolist()))
    for mentee, mentor in problem.pinned.tolist():
        if (mentee, mentor) not in paired:
            yield Breach("pinned", mentee, 0, 1)


def pairs_allowed(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.2, 1.3) No pair breaks a hard rule, and each has the utility the plan states."""
    utility = utility_of(problem, plan.pairs)
    for place in np.flatnonzero(utility < 0).tolist():
        yield Breach("hard_rule", int(plan.pairs[place, 0]), 1, 0)
    for place in np.flatnonzero((utility != plan.utility) & (utility >= 0)).tolist():
        yield Breach("utility", int(plan.pairs[place, 0]), int(plan.utility[place]), int(utility[place]))


def utility_of(problem: PairingProblem, pairs: Ints) -> Ints:
    """Utility of each pair (k,), computed the checker's way."""
    found = np.zeros(len(pairs), np.int64)
    step = max(1, 400_000 // max(1, problem.mentors))
    for start in range(0, problem.mentees, step):
        stop = min(problem.mentees, start + step)
        own = np.flatnonzero((pairs[:, 0] >= start) & (pairs[:, 0] < stop))
        if len(own):
            found[own] = utility_rows(problem, start, stop)[pairs[own, 0] - start, pairs[own, 1]]
    return found


def levels(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.1) The plan's level counts are those of its pairs."""
    sums = [-1] * problem.mentees
    for mentee, utility in zip(plan.pairs[:, 0].tolist(), plan.utility.tolist(), strict=True):
        sums[mentee] = max(sums[mentee], 0) + utility
    counts = [0] * (problem.levels + 2)
    for utility in sums:
        counts[_level(problem, utility)] += 1
    stated = [*plan.levels, *[0] * (len(counts) - len(plan.levels))]
    for level, (found, expected) in enumerate(zip(stated, counts, strict=False)):
        if found != expected:
            yield Breach("level_count", level, found, expected)
    if len(plan.levels) > len(counts):
        yield Breach("level_count", len(counts), len(plan.levels), len(counts))


def _level(problem: PairingProblem, utility: int) -> int:
    if utility < 0:
        return 0
    line = problem.top + 1 if problem.mode == "full" else problem.line
    return problem.levels + 1 if utility >= line else 1 + utility * problem.levels // line


def totals(plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) The total is the sum of the utilities, no higher than its bound, and equal to it if proved."""
    if plan.total != int(plan.utility.sum()):
        yield Breach("total", 0, plan.total, int(plan.utility.sum()))
    if plan.total > plan.bound or (plan.proved and plan.total != plan.bound):
        yield Breach("bound", 0, plan.total, plan.bound)


def waiting(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.10) Whoever is listed as waiting has no mentor, is listed once, with a known reason."""
    placed = set(plan.pairs[:, 0].tolist())
    listed: set[int] = set()
    for entry in plan.waiting:
        if not 0 <= entry.mentee < problem.mentees or entry.mentee in placed or entry.mentee in listed:
            yield Breach("waiting", entry.mentee, 1, 0)
        if entry.reason not in REASONS:
            yield Breach("waiting_reason", entry.mentee, 0, 1)
        listed.add(entry.mentee)
