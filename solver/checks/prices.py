"""No plan is better: the chain of prices of a certificate, verified pair by pair (docs/model.md, 1.6 and
1.7).

For each goal in its order, prices that no allowed pair undercuts give a bound no plan can fall below; the
plan must reach it exactly. Only pairs, places and mentees that are tight for the goals before take part in
the next.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from solver.checks.verdict import Breach
from solver.pairing.problem import Ints, PairingPlan, PairingProblem, Phase

LARGEST = 2**58
"""Prices and weights beyond this could overflow what is added up here, and no honest one is."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Open:
    """What the phases before left open: `waits` (E,), loads `low` and `high` (M,); pinned mentees are left
    aside.
    """

    waits: Flags
    low: Ints
    high: Ints


def price_breaches(problem: PairingProblem, plan: PairingPlan) -> Iterator[Breach]:
    """What keeps the certificate's numbers from proving the plan, before its prices are held against every
    pair.

    A plan that claims no proof is left alone, and one for several mentors proves itself by other means.
    """
    if not claims_proof(problem, plan):
        return
    if plan.certificate is None:
        yield Breach("certificate_missing", 0, 0, 1)
        return
    phases = plan.certificate.phases
    wrong = list(_shapes(problem, phases)) or list(_order(problem, phases))
    yield from wrong
    if not wrong:
        yield from _share(problem, plan, phases)
        yield from _values(problem, plan, phases)


def claims_proof(problem: PairingProblem, plan: PairingPlan) -> bool:
    """Whether prices have to prove the plan."""
    return plan.proved and not (problem.asked > 1).any()


# -- the phases are the policy's goals in the policy's order ----------------------------------------


def _shapes(problem: PairingProblem, phases: tuple[Phase, ...]) -> Iterator[Breach]:
    for number, phase in enumerate(phases):
        sizes = (len(phase.mentee_prices), len(phase.mentor_prices), len(phase.weights))
        weights = 2 if phase.goal == "share" else len(phase.levels)
        if sizes != (problem.mentees, problem.mentors, weights):
            yield Breach("phase_shape", number, sizes[0], problem.mentees)
            continue
        every = [
            *phase.weights,
            *(int(abs(p).max(initial=0)) for p in (phase.mentee_prices, phase.mentor_prices)),
        ]
        if max(map(abs, every), default=0) > LARGEST:
            yield Breach("phase_range", number, 0, 1)


def expected_goals(problem: PairingProblem) -> list[tuple[str, int]]:
    """(1.4) Name and level of every goal, in order; level 0 where the goal is no level."""
    goals = [("coverage", 0)]
    free = _free(problem)
    places = problem.capacity > np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    low = [("low", 0)] if int(problem.lows[places].sum()) else []
    fair = problem.mode in ("fair", "full")
    if fair and int(problem.credits[free].sum()):
        goals.append(("credit", 0))
    if problem.low_first:
        goals += low
    if fair:
        goals += [("levels", level) for level in range(1, problem.levels + 1)]
    if problem.mode == "first":
        goals += [("levels", level) for level in range(problem.levels + 1, 1, -1)]
    if not problem.low_first:
        goals += low
    goals.append(("total", 0))
    goals += [("load", 0)] if problem.even_load else []
    kept = problem.kept
    if (free[kept[:, 0]] & places[kept[:, 1]]).any() and problem.stability:
        goals.insert(round((1000 - problem.stability) / 1000 * len(goals)), ("kept", 0))
    return goals


def _free(problem: PairingProblem) -> Flags:
    """(E,): not pinned."""
    free = np.ones(problem.mentees, bool)
    free[problem.pinned[:, 0]] = False
    return free


def _order(problem: PairingProblem, phases: tuple[Phase, ...]) -> Iterator[Breach]:
    """Every goal is there, in its place; packed levels weigh enough to count one after the other."""
    left = expected_goals(problem)
    for number, phase in enumerate(phases):
        if phase.goal == "cross" and problem.cross_share and left[:1] == [("total", 0)]:
            continue
        if phase.goal == "share" and left[:1] == [("total", 0)] and _share_weighs(phase):
            left = []
            continue
        own = [(phase.goal, level) for level in phase.levels or (0,)]
        if own != left[: len(own)] or not _weighed(problem, phase):
            yield Breach("phase_order", number, len(left), 0)
            return
        left = left[len(own) :]
    if left:
        yield Breach("phase_missing", len(phases), 0, len(left))


def _share_weighs(phase: Phase) -> bool:
    """A share phase has no levels and two weights: of a utility point, and of a pair across."""
    return len(phase.weights) == 2 and phase.weights[0] >= 1 and phase.weights[1] >= 0


def _weighed(problem: PairingProblem, phase: Phase) -> bool:
    """Levels packed together: each weighs more than all later ones can add up to, or nobody is at any of
    them.
    """
    sign = -1 if problem.mode == "first" else 1
    weights = [sign * weight for weight in phase.weights]
    if any(weight < 1 for weight in weights):
        return False
    if all(high > problem.mentees * low for high, low in pairwise(weights)):
        return True
    return phase.value == 0


# -- each phase's plan cost, stated value and bound are one number ----------------------------------


def _values(problem: PairingProblem, plan: PairingPlan, phases: tuple[Phase, ...]) -> Iterator[Breach]:
    free = _free(problem)
    pairs = plan.pairs[free[plan.pairs[:, 0]]]
    utility = plan.utility[free[plan.pairs[:, 0]]]
    load = np.bincount(pairs[:, 1], minlength=problem.mentors)
    unmatched = free.copy()
    unmatched[pairs[:, 0]] = False
    state = _opening(problem, free)
    for number, phase in enumerate(phases):
        cost, places = _waiting_cost(problem, phase), _place_costs(problem, phase, state)
        table = _level_cost(problem, phase)
        paid = sum(_pair_cost(problem, phase, table, (pairs[:, 0], pairs[:, 1], utility)).tolist())
        paid += sum(cost[unmatched].tolist())
        paid += int((places * (np.arange(places.shape[1])[None, :] < load[:, None])).sum())
        bound = _bound(phase, free, state, places)
        if not paid == phase.value == bound:
            yield Breach("phase_value", number, paid, bound)
        cheap = np.flatnonzero(state.waits & (phase.mentee_prices > cost))
        if len(cheap):
            yield Breach("waiting_price", int(cheap[0]), number, 0)
        state = _narrowed(phase, state, cost, places)


def _opening(problem: PairingProblem, free: Flags) -> _Open:
    pinned = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    most = np.minimum(problem.capacity - pinned, max(1, problem.mentees))
    return _Open(waits=free.copy(), low=np.zeros_like(most), high=most)


def _waiting_cost(problem: PairingProblem, phase: Phase) -> Ints:
    if phase.goal == "coverage":
        return np.ones(problem.mentees, np.int64)
    return problem.credits if phase.goal == "credit" else np.zeros(problem.mentees, np.int64)


def _place_costs(problem: PairingProblem, phase: Phase, state: _Open) -> Ints:
    """(M, most places): cost of each place beyond the pinned ones."""
    if phase.goal not in ("low", "load"):
        return np.zeros((problem.mentors, 1), np.int64)
    pinned = np.bincount(problem.pinned[:, 1], minlength=problem.mentors)[:, None]
    unit = np.arange(1, int(state.high.max(initial=1)) + 1)[None, :] + pinned
    if phase.goal == "load":
        return 2 * unit - 1
    return np.where(unit <= problem.lows[:, None], -1, 0)


def _bound(phase: Phase, free: Flags, state: _Open, places: Ints) -> int:
    """(1.6) What no plan of the face can fall below."""
    total = int(sum(phase.mentee_prices[free].tolist()))
    price = phase.mentor_prices
    if phase.goal not in ("low", "load"):
        filled = [low if z < 0 else high for z, low, high in zip(price, state.low, state.high, strict=True)]
        return total - sum(int(z) * int(k) for z, k in zip(price, filled, strict=True))
    unit = np.arange(places.shape[1])[None, :]
    gain = price[:, None] - places
    must = np.where(unit < state.low[:, None], gain, 0)
    may = np.where((unit >= state.low[:, None]) & (unit < state.high[:, None]), np.maximum(gain, 0), 0)
    return total - int(must.sum()) - int(may.sum())


def _narrowed(phase: Phase, state: _Open, cost: Ints, places: Ints) -> _Open:
    """(1.7) What stays open: a place dearer than its price is closed, a cheaper one must be filled."""
    price = phase.mentor_prices[:, None]
    if phase.goal in ("low", "load"):
        unit = np.arange(places.shape[1])[None, :] < state.high[:, None]
        below, upto = ((places < price) & unit).sum(axis=1), ((places <= price) & unit).sum(axis=1)
    else:
        below = np.where(price[:, 0] > 0, state.high, 0)
        upto = np.where(price[:, 0] >= 0, state.high, 0)
    low = np.maximum(state.low, below)
    high = np.maximum(low, np.minimum(state.high, upto))
    return _Open(waits=state.waits & (phase.mentee_prices == cost), low=low, high=high)


# -- no allowed pair undercuts the prices -----------------------------------------------------------


def _pair_cost(problem: PairingProblem, phase: Phase, table: Ints, pairs: tuple[Ints, Ints, Ints]) -> Ints:
    """What each of some pairs costs in a phase's goal; `table`: of `_level_cost`."""
    mentee, mentor, utility = pairs
    if phase.goal == "total":
        return np.negative(utility)
    if phase.goal == "levels":
        return np.take(table, problem.credits[mentee] * (problem.top + 1) + utility)
    if phase.goal == "cross":
        return np.where(_across(problem, mentee, mentor), -1, 0)
    if phase.goal == "share":
        return -phase.weights[0] * utility - np.where(_across(problem, mentee, mentor), phase.weights[1], 0)
    if phase.goal == "kept":
        keeps = np.full(problem.mentees, -1, np.int64)
        keeps[problem.kept[:, 0]] = problem.kept[:, 1]
        return np.where(keeps[mentee] == mentor, -1, 0)
    return np.zeros(len(mentee), np.int64)


def _across(problem: PairingProblem, mentee: Ints, mentor: Ints) -> Flags:
    """Which pairs cross the column the policy wants crossed."""
    if problem.cross_column is None:
        return np.zeros(len(mentee), bool)
    column = problem.cross_column
    return np.not_equal(problem.mentee_columns[column][mentee], problem.mentor_columns[column][mentor])


def _share(problem: PairingProblem, plan: PairingPlan, phases: tuple[Phase, ...]) -> Iterator[Breach]:
    """(1.4) The share is reached, or a phase proves the most that can be; and no total was given away beyond
    it.
    """
    if not problem.cross_share:
        return
    across = int(_across(problem, plan.pairs[:, 0], plan.pairs[:, 1]).sum())
    wanted = -(-problem.cross_share * len(plan.pairs) // 1000)
    if across < wanted and not any(phase.goal == "cross" for phase in phases):
        yield Breach("cross_share", 0, across, wanted)
    # Totals are whole numbers: less than one point given away is nothing given away.
    dear = [
        phase.weights[1] * (across - wanted) // phase.weights[0] for phase in phases if phase.goal == "share"
    ]
    if any(lost > 0 for lost in dear):
        yield Breach("cross_share_bound", 0, across, wanted)


def _level_cost(problem: PairingProblem, phase: Phase) -> Ints:
    """(3, top + 1): weight of the level at which a mentee with so much credit sees so much utility."""
    if phase.goal != "levels":
        return np.zeros((3, problem.top + 1), np.int64)
    weight = dict(zip(phase.levels, phase.weights, strict=True))
    line = problem.top + 1 if problem.mode == "full" else problem.line
    rows = []
    for credit in range(3):
        row = []
        for utility in range(problem.top + 1):
            level = problem.levels + 1 if utility >= line else 1 + utility * problem.levels // line
            lowered = level <= problem.levels and problem.mode != "first"
            row.append(weight.get(max(1, level - credit) if lowered else level, 0))
        rows.append(row)
    return np.array(rows, np.int64)


class Undercut:
    """(1.6) Holds every allowed pair against the prices, phase by phase, until one prices it out."""

    def __init__(self, problem: PairingProblem, phases: tuple[Phase, ...]) -> None:
        self.problem, self.phases = problem, phases
        self.tables = [_level_cost(problem, phase) for phase in phases]
        self.free = _free(problem)
        self.places = problem.capacity > np.bincount(problem.pinned[:, 1], minlength=problem.mentors)

    def breaches(self, start: int, rows: Ints) -> Iterator[Breach]:
        """Pairs of a block of mentees that undercut the prices."""
        stop = start + len(rows)
        mentee, mentor = ((rows >= 0) & self.free[start:stop, None] & self.places[None, :]).nonzero()
        utility, mentee = rows[mentee, mentor], mentee + start
        for number, phase in enumerate(self.phases):
            cost = _pair_cost(self.problem, phase, self.tables[number], (mentee, mentor, utility))
            reduced = cost + phase.mentor_prices[mentor] - phase.mentee_prices[mentee]
            if (reduced < 0).any():
                yield Breach("pair_price", int(mentee[np.argmin(reduced)]), number, 0)
                return
            tight = reduced == 0
            mentee, mentor, utility = mentee[tight], mentor[tight], utility[tight]
