"""Pairs recounted one by one, in plain arithmetic: docs/model.md, section 1.

Feasibility, the numbers a plan states about itself, and what its certificate says about people and places.
That no plan is better is checked in `prices.py`.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.checks.prices import Undercut, claims_proof, price_breaches
from solver.checks.scores import rule_holds, utility_rows
from solver.checks.verdict import Breach
from solver.pairing.problem import Certificate, HallSet, Ints, LeftOver, PairingPlan, PairingProblem

Flags = NDArray[np.bool_]

CHANGES = ("rule", "place", "rule and place", "mentor")


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
    yield from levels(problem, plan)
    yield from totals(plan)
    yield from waiting(problem, plan)
    yield from _hall_sets(problem, plan)
    wrong = list(price_breaches(problem, plan))
    yield from wrong
    yield from _every_pair(problem, plan, prices=claims_proof(problem, plan) and not wrong)


def _every_pair(problem: PairingProblem, plan: PairingPlan, *, prices: bool) -> Iterator[Breach]:
    """All that needs the utilities of all pairs, which are computed once, block by block."""
    certificate = plan.certificate or Certificate(phases=())
    undercut = Undercut(problem, certificate.phases if prices else ())
    inside = _inside(problem, certificate.hall_sets)
    if len(certificate.ceilings) not in (0, problem.mentees):
        yield Breach("ceilings", 0, len(certificate.ceilings), problem.mentees)
        return
    step = max(1, 400_000 // max(1, problem.mentors))
    for start in range(0, problem.mentees, step):
        rows = utility_rows(problem, start, min(problem.mentees, start + step))
        yield from pairs_allowed(plan, start, rows)
        yield from _outside(inside, start, rows)
        if len(certificate.ceilings):
            yield from _ceilings(problem, certificate.ceilings, start, rows)
        yield from undercut.breaches(start, rows)


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


def pairs_allowed(plan: PairingPlan, start: int, rows: Ints) -> Iterator[Breach]:
    """(1.2, 1.3) No pair of these mentees breaks a hard rule, and each has the utility the plan states."""
    first, last = np.searchsorted(plan.pairs[:, 0], [start, start + len(rows)])
    pairs, stated = plan.pairs[first:last], plan.utility[first:last]
    utility = rows[pairs[:, 0] - start, pairs[:, 1]]
    for place in np.flatnonzero(utility < 0).tolist():
        yield Breach("hard_rule", int(pairs[place, 0]), 1, 0)
    for place in np.flatnonzero((utility != stated) & (utility >= 0)).tolist():
        yield Breach("utility", int(pairs[place, 0]), int(stated[place]), int(utility[place]))


def levels(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.1) The plan's level counts are those of its pairs."""
    sums = [-1] * problem.mentees
    for mentee, utility in zip(plan.pairs[:, 0].tolist(), plan.utility.tolist(), strict=True):
        sums[mentee] = max(sums[mentee], 0) + utility
    counts = [0] * (problem.levels + 2)
    for utility, asked in zip(sums, problem.asked.tolist(), strict=True):
        counts[_level(problem, utility, asked)] += 1
    stated = [*plan.levels, *[0] * (len(counts) - len(plan.levels))]
    for level, (found, expected) in enumerate(zip(stated, counts, strict=False)):
        if found != expected:
            yield Breach("level_count", level, found, expected)
    if len(plan.levels) > len(counts):
        yield Breach("level_count", len(counts), len(plan.levels), len(counts))


def _level(problem: PairingProblem, utility: int, asked: int = 1) -> int:
    if utility < 0:
        return 0
    line = asked * (problem.top + 1 if problem.mode == "full" else problem.line)
    return problem.levels + 1 if utility >= line else 1 + utility * problem.levels // line


def totals(plan: PairingPlan) -> Iterator[Breach]:
    """(1.9) The total is the sum of the utilities, no higher than its bound, and equal to it if proved."""
    if plan.total != int(plan.utility.sum()):
        yield Breach("total", 0, plan.total, int(plan.utility.sum()))
    if plan.total > plan.bound or (plan.proved and plan.total != plan.bound):
        yield Breach("bound", 0, plan.total, plan.bound)


def waiting(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.10) Exactly those without a mentor are listed, once each, with a reason and a change that hold."""
    unmatched = sorted(set(range(problem.mentees)) - set(plan.pairs[:, 0].tolist()))
    listed = [entry.mentee for entry in plan.waiting]
    if listed != unmatched:
        odd = sorted(set(listed) ^ set(unmatched)) or listed
        yield Breach("waiting", odd[0], len(listed), len(unmatched))
        return
    load = np.bincount(plan.pairs[:, 1], minlength=problem.mentors)
    sets = plan.certificate.hall_sets if plan.certificate is not None else ()
    for entry in plan.waiting:
        yield from _reason(problem, entry, sets)
        yield from _change(problem, entry, problem.capacity - load)


def _reason(problem: PairingProblem, entry: LeftOver, sets: Sequence[HallSet]) -> Iterator[Breach]:
    """The reason is the one that holds for the mentee's allowed mentors."""
    allowed = utility_rows(problem, entry.mentee, entry.mentee + 1)[0] >= 0
    places = problem.capacity - np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    if not problem.mentors:
        expected = "no_mentors"
    elif not allowed.any():
        expected = "blocked"
    else:
        expected = "shortage" if (places[allowed] > 0).any() else "no_places"
    if entry.reason != expected:
        yield Breach("waiting_reason", entry.mentee, 0, 1)
    if entry.hall_set >= 0 and (
        entry.hall_set >= len(sets) or entry.mentee not in sets[entry.hall_set].mentees
    ):
        yield Breach("waiting_hall_set", entry.mentee, entry.hall_set, len(sets))


def _change(problem: PairingProblem, entry: LeftOver, free: Ints) -> Iterator[Breach]:
    """The change makes one pair possible: the rules lifted are those it breaks, and there is a place for
    it.
    """
    if entry.change not in CHANGES or (entry.change != "mentor") != (0 <= entry.mentor < problem.mentors):
        yield Breach("waiting_change", entry.mentee, entry.mentor, problem.mentors)
        return
    if entry.change == "mentor":
        return
    broken = {
        place
        for place, rule in enumerate(problem.rules)
        if not rule_holds(problem, rule, entry.mentee, entry.mentor)
    }
    lifted = utility_rows(problem.replace(rules=()), entry.mentee, entry.mentee + 1)[0, entry.mentor] >= 0
    if not lifted or broken != set(entry.rules) or (entry.change == "place") != (not broken):
        yield Breach("waiting_rules", entry.mentee, len(entry.rules), len(broken))
    if entry.change == "rule" and free[entry.mentor] < 1:
        yield Breach("waiting_place", entry.mentee, 0, 1)


def _hall_sets(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """(1.10) Each blocking set has more mentees, none of them pinned, than places."""
    pinned = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    for number, one in enumerate(plan.certificate.hall_sets if plan.certificate is not None else ()):
        rows, columns = np.array(one.mentees, np.int64), np.array(one.mentors, np.int64)
        if not (_all_known(rows, problem.mentees) and _all_known(columns, problem.mentors)):
            yield Breach("hall_set", number, 0, 1)
            continue
        places = int((problem.capacity - pinned)[columns].sum())
        if places != one.places or len(rows) <= places or np.isin(rows, problem.pinned[:, 0]).any():
            yield Breach("hall_set_places", number, one.places, places)


def _all_known(places: Ints, most: int) -> bool:
    ascending = bool((np.diff(places) > 0).all())
    return ascending and bool(((places >= 0) & (places < most)).all())


def _inside(problem: PairingProblem, sets: Sequence[HallSet]) -> list[tuple[Ints, Flags]]:
    """Per blocking set: its mentees, and the mentors with places who are not in it."""
    open_ = problem.capacity > np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    found = []
    for one in sets:
        rows, columns = np.array(one.mentees, np.int64), np.array(one.mentors, np.int64)
        if _all_known(rows, problem.mentees) and _all_known(columns, problem.mentors):
            outside = open_.copy()
            outside[columns] = False
            found.append((rows, outside))
    return found


def _outside(inside: Sequence[tuple[Ints, Flags]], start: int, rows: Ints) -> Iterator[Breach]:
    """(1.10) No mentee of a blocking set may meet a mentor with places outside it."""
    for mentees, outside in inside:
        own = mentees[(mentees >= start) & (mentees < start + len(rows))]
        leaks = (rows[own - start][:, outside] >= 0).any(axis=1)
        for mentee in own[leaks].tolist():
            yield Breach("hall_set_outside", mentee, 1, 0)


def _ceilings(problem: PairingProblem, stated: Ints, start: int, rows: Ints) -> Iterator[Breach]:
    """(1.10) Each unpinned mentee's ceiling is the level of their best allowed mentor with a place."""
    open_ = problem.capacity > np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    pinned = set(problem.pinned[:, 0].tolist())
    best = rows[:, open_].max(axis=1, initial=-1).tolist()
    for mentee, utility in enumerate(best, start):
        expected = 0 if mentee in pinned else _level(problem, utility)
        if stated[mentee] != expected:
            yield Breach("ceiling", mentee, int(stated[mentee]), expected)
