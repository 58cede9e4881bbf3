"""Counting: one pass over all pairs, then how many can be placed, with every rule and without each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.options.cover import Cover, counts, most_placed
from solver.options.problem import Options, OptionsProblem, WithoutRule
from solver.pairing.problem import Ints
from solver.pairing.scoring import breaks, sides_of
from solver.settings import Remaining, Report

BLOCK_PAIRS = 1_000_000
NEVER = -1
"""Stands where more than one rule forbids a pair, or what no rule's absence opens."""


@dataclass(frozen=True, kw_only=True, eq=False)
class RuleVerdicts:
    """single (E, M): 0 where all rules allow the pair, k where rule k - 1 alone forbids it, else NEVER.
    wide (E, M): the same before anything said in confidence. broken (E, rules): mentors with places whom
    each rule forbids."""

    single: NDArray[np.int8]
    wide: NDArray[np.int8]
    broken: Ints


def options(problem: OptionsProblem, remaining: Remaining, report: Report) -> Options:
    """Who has how many options, and how many can be placed at once."""
    pairing = problem.pairing
    seen = look(problem, report)
    open_ = pairing.capacity > 0
    free = seen.wide == 0
    mentees = counts(free & open_)
    cover = most_placed(seen.single == 0, pairing.capacity, remaining)
    report("placed", cover.placed, pairing.mentees)
    return Options(
        mentees=mentees,
        mentors=np.where(open_, counts(free, axis=0), 0),
        broken=seen.broken,
        placed=cover.placed,
        proved=cover.proved,
        left=tuple(np.flatnonzero((cover.mentor < 0) & (mentees > 0)).tolist()),
        without=tuple(_without(problem, seen, cover, remaining)) if problem.each_rule else (),
        trials=tuple(
            most_placed(
                seen.single == 0, _with_places(pairing.capacity, trial), remaining, cover.mentor
            ).placed
            for trial in problem.trials
        ),
    )


def look(problem: OptionsProblem, report: Report) -> RuleVerdicts:
    """Every pair against every rule, block by block."""
    pairing = problem.pairing
    shape = pairing.mentees, pairing.mentors
    wide = np.zeros(shape, np.int8)
    closed = np.zeros(shape, bool)
    closed[pairing.mentee_people[:, None] == pairing.mentor_people[None, :]] = True
    closed[pairing.excluded[:, 0], pairing.excluded[:, 1]] = True
    broken, open_ = np.zeros((pairing.mentees, problem.rules), np.int64), pairing.capacity > 0
    sides, step = sides_of(pairing), max(1, BLOCK_PAIRS // max(1, pairing.mentors))
    for start in range(0, pairing.mentees, step):
        stop = min(pairing.mentees, start + step)
        own = sides.of_mentees(slice(start, stop))
        for number, rule in enumerate(pairing.rules, start=1):
            forbids = breaks(own, rule)
            broken[start:stop, number - 1] = counts(forbids & open_)
            _mark(wide[start:stop], forbids, number)
        report("counted", stop, pairing.mentees)
    for number, rows in enumerate(problem.groups, start=1 + len(pairing.rules)):
        named = np.zeros(shape, bool)
        named[rows[:, 0], rows[:, 1]] = True
        broken[:, number - 1] = counts(named & open_)
        _mark(wide, named, number)
    wide[closed] = NEVER
    single = wide.copy()
    single[problem.confidential[:, 0], problem.confidential[:, 1]] = NEVER
    return RuleVerdicts(single=single, wide=wide, broken=broken)


def _mark(marks: NDArray[np.int8], broken: NDArray[np.bool_], number: int) -> None:
    first = broken & (marks == 0)
    np.copyto(marks, np.int8(NEVER), where=broken)
    np.copyto(marks, np.int8(number), where=first)


def _without(
    problem: OptionsProblem, seen: RuleVerdicts, cover: Cover, remaining: Remaining
) -> list[WithoutRule]:
    """What each rule alone costs."""
    pairing = problem.pairing
    open_ = pairing.capacity > 0
    most = min(pairing.mentees, int(pairing.capacity.sum()))
    before = ((seen.wide == 0) & open_).any(axis=1)
    found = []
    for number in range(1, problem.rules + 1):
        more = ((seen.wide == number) & open_).any(axis=1)
        placed = cover.placed
        if more.any() and placed < most:
            allowed = (seen.single == 0) | (seen.single == number)
            placed = most_placed(allowed, pairing.capacity, remaining, cover.mentor).placed
        found.append(WithoutRule(more=int(more.sum()), first=int((more & ~before).sum()), placed=placed))
    return found


def _with_places(capacity: Ints, trial: tuple[tuple[int, int], ...]) -> Ints:
    larger = capacity.copy()
    for mentor, places in trial:
        larger[mentor] = places
    return larger
