"""Why somebody has no mentor, and what would give them one (docs/model.md, 1.10).

Everything here reads a solved plan. Each proposed change leaves all pairs as they are and adds one: the plan
with the change made covers one mentee more, so solving again with the pair kept for the mentee costs nobody
their place.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.goals import level_of, line_of
from solver.pairing.leximin import Chain
from solver.pairing.market import CACHED_ENTRIES, Market
from solver.pairing.problem import HallSet, Ints, LeftOver, PairingProblem
from solver.pairing.scoring import Utilities, broken_rules

SPLIT_ENTRIES = 4_000_000
"""Larger blocking sets are given whole, not in their separate parts."""


def hall_sets(market: Market, chain: Chain) -> tuple[HallSet, ...]:
    """Mentees whose coverage price is 1 have allowed mentors only among those whose price is 1; fewer places
    than
    mentees. Split into parts that share no allowed pair; only parts with somebody left over are given."""
    left = np.flatnonzero(chain.match < 0)
    if not len(left) or not chain.steps or chain.steps[0].goal.name != "coverage":
        return ()
    prices = chain.steps[0].prices
    mentees, mentors = np.flatnonzero(prices.mentee > 0), np.flatnonzero(prices.mentor > 0)
    if not len(mentors):
        return ()
    if len(mentees) * len(mentors) <= SPLIT_ENTRIES:
        parts = _parts(market, mentees, mentors)
    else:
        parts = [(mentees, mentors)]
    waiting = set(left.tolist())
    found = [
        HallSet(
            mentees=tuple(sorted(market.mentee_rows[some].tolist())),
            mentors=tuple(sorted(market.mentor_rows[others].tolist())),
            places=int(market.problem.capacity[others].sum()),
        )
        for some, others in parts
        if waiting & set(some.tolist()) and len(others)
    ]
    return tuple(sorted(found, key=lambda one: one.mentees))


def _parts(market: Market, mentees: Ints, mentors: Ints) -> list[tuple[Ints, Ints]]:
    """The connected parts of the allowed pairs between these mentees and mentors."""
    allowed = np.array([market.utilities.block(e, e + 1)[0, mentors] >= 0 for e in mentees.tolist()])
    open_, parts = np.ones(len(mentees), bool), []
    while open_.any():
        inside = np.zeros(len(mentees), bool)
        inside[np.argmax(open_)] = True
        while True:
            touched = allowed[inside].any(axis=0)
            wider = inside | (allowed[:, touched].any(axis=1) & open_)
            if (wider == inside).all():
                break
            inside = wider
        parts.append((mentees[inside], mentors[touched]))
        open_ &= ~inside
    return parts


def ceilings(problem: PairingProblem, market: Market) -> Ints:
    """(E,): the level of each unpinned mentee's best allowed mentor with a place left, 0 when there is none;
    empty
    where the pairs are too many to look at all of them once more."""
    if market.utilities.shape[0] * market.utilities.shape[1] > CACHED_ENTRIES:
        return np.zeros(0, np.int64)
    best = np.full(problem.mentees, -1, np.int64)

    def highest(start: int, block: NDArray[Any]) -> None:
        best[market.mentee_rows[start : start + len(block)]] = block.max(axis=1, initial=-1)

    for _ in market.each_block(highest):
        pass
    return level_of(best, line_of(problem), problem.levels)


def waiting_list(
    problem: PairingProblem, utilities: Utilities, pairs: Ints, sets: tuple[HallSet, ...]
) -> tuple[LeftOver, ...]:
    """Every mentee without a mentor, with reason and cheapest change, by place."""
    left = np.setdiff1d(np.arange(problem.mentees), pairs[:, 0]).tolist()
    of_set = {mentee: number for number, one in enumerate(sets) for mentee in one.mentees}
    places = problem.capacity - np.bincount(problem.pinned[:, 1], minlength=problem.mentors)
    free = problem.capacity - np.bincount(pairs[:, 1], minlength=problem.mentors)
    return tuple(_waiting(problem, utilities, mentee, of_set, (places, free)) for mentee in left)


def _waiting(
    problem: PairingProblem,
    utilities: Utilities,
    mentee: int,
    of_set: dict[int, int],
    room: tuple[Ints, Ints],
) -> LeftOver:
    """The reason, and the first of the changes that would place the mentee."""
    if not problem.mentors:
        return LeftOver(mentee=mentee, reason="no_mentors", change="mentor")
    places, free = room
    allowed = utilities.block(mentee, mentee + 1)[0] >= 0
    if not allowed.any():
        waiting = LeftOver(mentee=mentee, reason="blocked")
    elif not places[allowed].any():
        waiting = LeftOver(mentee=mentee, reason="no_places")
    else:
        waiting = LeftOver(mentee=mentee, reason="shortage", hall_set=of_set.get(mentee, -1))
    return next(_changes(problem, utilities, waiting, free > 0), replace(waiting, change="mentor"))


def _changes(
    problem: PairingProblem, utilities: Utilities, waiting: LeftOver, free: NDArray[np.bool_]
) -> Iterator[LeftOver]:
    """Changes that place the mentee and move nobody, cheapest first: one rule less for a mentor with a free
    place, one more place with the best allowed mentor, several rules less, rules less and one more place.
    """
    row, broken = (
        utilities.block(waiting.mentee, waiting.mentee + 1)[0],
        broken_rules(problem, waiting.mentee),
    )
    rules, closed = broken[:-1].sum(axis=0), broken[-1] | ((row < 0) & ~broken.any(axis=0))
    order = np.lexsort((np.arange(problem.mentors), rules))
    liftable = order[(rules[order] >= 1) & ~closed[order]]
    at_once = liftable[free[liftable]]
    if len(at_once) and rules[at_once[0]] == 1:
        yield _lifting(waiting, "rule", int(at_once[0]), broken)
    if (row >= 0).any():
        yield replace(waiting, change="place", mentor=int(np.argmax(row)))
    if len(at_once):
        yield _lifting(waiting, "rule", int(at_once[0]), broken)
    if len(liftable):
        yield _lifting(waiting, "rule and place", int(liftable[0]), broken)


def _lifting(waiting: LeftOver, change: str, mentor: int, broken: NDArray[np.bool_]) -> LeftOver:
    lifted = tuple(np.flatnonzero(broken[:-1, mentor]).tolist())
    return replace(waiting, change=change, mentor=mentor, rules=lifted)
