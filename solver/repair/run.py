"""The recipe of a repair: place who is free, mend the circles, hand on the duties; docs/model.md, 4."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.caps import pairing_within, pairs_of
from solver.circles.problem import CirclesProblem, Flags, Ints
from solver.circles.repair import CirclesRepair, repair_circles
from solver.pairing.problem import PairingPlan
from solver.pairing.solve import solve_pairing
from solver.repair.problem import CircleNow, CurrentCircle, RepairPlan, RepairProblem, fitted
from solver.rota.problem import Duties, GroupRota, RotaTerms
from solver.rota.repair import repair_rota
from solver.settings import Remaining, Report

AROUND = (30, 20, 12)
"""People near the change that are looked at; where all could sit with all, so many that no list holds their
circles, fewer are."""

Members = tuple[int, ...]


def repair(given: RepairProblem, remaining: Remaining, report: Report) -> RepairPlan:
    """The smallest change: no standing pair moves, then as few seats as possible, then as few duties."""
    problem = given.problem
    pairing, left = pairing_within(problem), given.left.copy()
    pairs = None
    if pairing is not None:
        pairs = solve_pairing(pairing, problem.settings, remaining, report, people=problem.people)
        left -= pairs_of(problem, pairs.pairs)
    report("pairs", 1, 1)
    mended = _Mended(CirclesRepair(groups=(), slot=(), stands=(), moved=(), unplaced=()), 0)
    if problem.circles is not None:
        mended = _circles(given, problem.circles, left, remaining)
    report("circles", 1, 1)
    circles = _with_duties(given, mended.repair, left, remaining)
    return RepairPlan(
        pairing=pairs,
        circles=circles,
        unplaced=mended.repair.unplaced,
        smallest=mended.smallest,
        turns=_turns(given, pairs, left, circles, remaining),
    )


@dataclass(frozen=True)
class _Mended:
    repair: CirclesRepair
    smallest: int


def _circles(given: RepairProblem, problem: CirclesProblem, left: Ints, remaining: Remaining) -> _Mended:
    """The best of a few tries: fewest who lose their seat, then fewest left over, then fewest moved.

    First by the sizes of the policy; only if somebody would lose their seat, a circle may go on with fewer.
    """
    place = {int(person): at for at, person in enumerate(problem.people)}
    standing = [tuple(sorted(place[person] for person in circle.members)) for circle in given.circles]
    slots = [circle.slot for circle in given.circles]
    seated = {person for members in standing for person in members}
    full = left[problem.people] < 1
    nobody_new: Flags = full | ~np.isin(np.arange(problem.n), sorted(seated))
    best: tuple[tuple[int, int, int], _Mended] | None = None
    for smallest in sorted({problem.smallest, min(problem.smallest, given.shrunk)}, reverse=True):
        sized = replace(problem, smallest=smallest)
        for around, barred in [*((around, full) for around in AROUND), (AROUND[-1], nobody_new)]:
            found = repair_circles(sized, standing, slots, remaining, around=around, full=barred)
            lost = sum(person in seated for person, _ in found.unplaced)
            order = (lost, len(found.unplaced), len(found.moved))
            if best is None or order < best[0]:
                best = (order, _Mended(found, smallest))
            if order == (0, 0, 0) or (lost == 0 and around == AROUND[0] and not _could_join(found, full)):
                return best[1]
        if best is not None and best[0][0] == 0:
            break
    assert best is not None
    return best[1]


def _could_join(found: CirclesRepair, full: Flags) -> bool:
    """Whether somebody is left over for whom there would be circles; a smaller list may find them."""
    return any(reason == "remainder" and not full[person] for person, reason in found.unplaced)


def _with_duties(
    given: RepairProblem, repaired: CirclesRepair, left: Ints, remaining: Remaining
) -> tuple[CircleNow, ...]:
    """Every circle with its duties: handed on where its members or their duties changed, else as they are."""
    circles, terms = given.problem.circles, given.problem.rota
    if circles is None:
        return ()
    seats = {person for circle in given.circles for person in circle.members}
    found = []
    for group, slot, stands in zip(repaired.groups, repaired.slot, repaired.stands, strict=True):
        members = tuple(sorted(int(circles.people[at]) for at in group))
        before = (
            given.circles[stands] if stands >= 0 else CurrentCircle(members=(), slot=slot, held=given.begun)
        )
        duties = before.duties
        if terms is not None and (set(members) != set(before.members) or _open(before)):
            joined = np.array([person not in seats for person in members], np.int64)
            most = left[list(members)] - joined
            duties = _handed_on(terms, before, members, most, remaining)
        found.append(CircleNow(members=members, slot=int(slot), stands=stands, duties=duties))
    return tuple(found)


def _open(circle: CurrentCircle) -> bool:
    """Whether a duty to come is held by nobody there."""
    return any(person not in circle.members for row in circle.duties[circle.held :] for person in row)


def _handed_on(
    terms: RotaTerms, before: CurrentCircle, members: Members, most: Ints, remaining: Remaining
) -> Duties:
    """most (members,): the duties each may hold beside those they hold in this circle."""
    columns = terms.duties_of(len(members))
    duties = fitted(before.duties, terms.sessions, columns)
    held = min(before.held, terms.sessions)
    own = Counter(person for row in duties[held:] for person in row)
    limit = np.maximum(0, most + np.array([own[person] for person in members], np.int64))
    rota = GroupRota(members=before.members or members, duties=duties)
    ahead = (terms.sessions - held) * columns
    tight = None if (limit >= ahead).all() else limit
    return repair_rota(terms, rota, members, held, remaining, most=tight).rota.duties


def _turns(
    given: RepairProblem,
    pairs: PairingPlan | None,
    left: Ints,
    circles: Sequence[CircleNow],
    remaining: Remaining,
) -> tuple[GroupRota, ...]:
    """Who leads the sessions of each new pair, where pairs take turns."""
    problem, terms = given.problem, given.problem.rota
    if pairs is None or problem.pairing is None or terms is None or not terms.pairs:
        return ()
    spare = left - _gained(given, circles)
    found = []
    for e, m in pairs.pairs.tolist():
        both = (int(problem.pairing.mentee_people[e]), int(problem.pairing.mentor_people[m]))
        blank = CurrentCircle(members=both, slot=0, held=0)
        duties = _handed_on(terms, blank, both, spare[list(both)], remaining)
        for row in duties:
            for person in row:
                if person >= 0:
                    spare[person] -= 1
        found.append(GroupRota(members=both, duties=duties))
    return tuple(found)


def _gained(given: RepairProblem, circles: Sequence[CircleNow]) -> Ints:
    """(people,) seats and duties each has now beyond those before."""
    gained = np.zeros(len(given.left), np.int64)
    for now in circles:
        before = given.circles[now.stands] if now.stands >= 0 else None
        held = given.begun if before is None else before.held
        for row in now.duties[held:]:
            for person in row:
                gained[person] += person >= 0
    for before in given.circles:
        for row in before.duties[before.held :]:
            for person in row:
                gained[person] -= person >= 0
    seats = Counter(person for now in circles for person in now.members)
    seats.subtract(Counter(person for before in given.circles for person in before.members))
    for person, count in seats.items():
        gained[person] += count
    return gained
