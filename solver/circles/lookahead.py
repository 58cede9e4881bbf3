"""Which of equally good plans leaves the most cycles in which nobody need meet again: for small pools.

Choosing cycle by cycle uses up the pairs that are hard to avoid. So the coming cycles are planned with this
one, as many as can be without a reunion, each cooled in turn while the others stand.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from solver.circles.construct import first_circles
from solver.circles.cooling import plan_cost
from solver.circles.costs import CircleCosts, costs_of
from solver.circles.problem import CirclesPlan, CirclesProblem, Ints
from solver.circles.shaking import Groups, shaken
from solver.circles.solve import plan_of, solve_circles
from solver.settings import Remaining, Report, SolveSettings

AHEAD_BELOW = 60
"""People from which on chance meetings are rare enough to choose cycle by cycle."""

MOST_CYCLES = 6
"""Cycles planned together at most, this one included."""

MOST_COOLINGS = 100
"""Coolings over all cycles planned; effort may allow fewer."""

SWEEPS = 15
"""How often every cycle is cooled anew before one cycle more is held to be too many."""

STEPS = 80
"""Steps of one such cooling."""

ABSENT = 30
"""What a person without a seat counts, in reunions."""

Pairs = set[tuple[int, int]]


def solve_looking_ahead(
    problem: CirclesProblem, settings: SolveSettings, remaining: Remaining, report: Report
) -> CirclesPlan:
    """The best plan of this cycle, and of those that cost the same one that leaves as many repeat-free cycles
    as were found. Pools of 60 and more, and pools nobody of which has met before, are solved as they are.
    """
    best = solve_circles(problem, settings, remaining, report)
    history = len(problem.hard) + len(problem.reunions) > 0
    coolings = min(MOST_COOLINGS, settings.effort // 3)
    if problem.n >= AHEAD_BELOW or not history or not best.groups or problem.kind != "circle" or not coolings:
        return best
    ahead = plan_ahead(problem, best.groups, np.random.default_rng(settings.seed), coolings, remaining)
    report("circles", 3, 3)
    return plan_of(costs_of(problem), ahead[0], best.bound)


def plan_ahead(
    problem: CirclesProblem,
    groups: Sequence[Sequence[int]],
    rng: np.random.Generator,
    coolings: int,
    remaining: Remaining,
) -> list[Groups]:
    """This cycle's circles, which never cost more than those given, and the coming ones in which as many
    people are placed and nobody meets anybody again, as many as so many coolings find."""
    years = _Years(problem, [tuple(sorted(members)) for members in groups], rng, coolings, remaining)
    good = [years.first]
    while len(good) < min(MOST_CYCLES, 1 + most_left(problem, good[0])) and years.goes_on():
        plans = years.joined([*good, years.begun(good)])
        if years.faults(plans):
            break
        good = plans
    return good


def most_left(problem: CirclesProblem, groups: Sequence[Sequence[int]]) -> int:
    """No more cycles than this can follow without a reunion: everybody seated now needs each time
    `smallest - 1` others they share a slot with and have not met."""
    meets = np.asarray((problem.available[:, None] & problem.available[None]).any(2))
    np.fill_diagonal(meets, False)
    for first, second in (problem.hard.T, problem.reunions.T, _rows(_together(groups)).T):
        meets[first, second] = meets[second, first] = False
    seated = [person for members in groups for person in members]
    return int(meets[seated].sum(1).min(initial=problem.n)) // (problem.smallest - 1)


@dataclass
class _Years:
    """This cycle and those after it, for the same people; earlier meetings count as met in all of them."""

    problem: CirclesProblem
    first: Groups
    rng: np.random.Generator
    coolings: int
    remaining: Remaining

    def __post_init__(self) -> None:
        met = self.problem.hard.tolist() + self.problem.reunions.tolist()
        self.met: Pairs = {(min(one, other), max(one, other)) for one, other in met}
        self.costs = costs_of(self.problem)
        self.dearest = plan_cost(self.costs, self.first)
        self.placed = sum(len(members) for members in self.first)

    def goes_on(self) -> bool:
        return self.coolings > 0 and self.remaining() > 0

    def begun(self, plans: Sequence[Groups]) -> Groups:
        """One cycle more."""
        costs = self._costs(plans, {})
        return self._cooled(costs, first_circles(costs, self.rng)[0])

    def joined(self, plans: list[Groups]) -> list[Groups]:
        """The same cycles with fewer reunions between them."""
        faults = self.faults(plans)
        for _ in range(SWEEPS):
            for at in self.rng.permutation(len(plans)).tolist():
                if not faults or not self.goes_on():
                    return plans
                others = [*plans[:at], *plans[at + 1 :]]
                costs = self._costs(others, {} if at else self.problem.classes)
                found = [*plans[:at], self._cooled(costs, plans[at]), *plans[at + 1 :]]
                fair = at > 0 or plan_cost(self.costs, found[0]) <= self.dearest
                if fair and self.faults(found) <= faults:
                    plans, faults = found, self.faults(found)
        return plans

    def faults(self, plans: Sequence[Groups]) -> int:
        """Reunions in the coming cycles, and people they place fewer."""
        seen, faults = self.met | _together(plans[0]), 0
        for groups in plans[1:]:
            pairs = _together(groups)
            faults += len(pairs & seen) + ABSENT * max(0, self.placed - sum(map(len, groups)))
            seen |= pairs
        return faults

    def _costs(self, others: Iterable[Groups], classes: Mapping[str, Ints]) -> CircleCosts:
        pairs = self.met.union(*(_together(groups) for groups in others))
        return costs_of(replace(self.problem, reunions=_rows(pairs), classes=classes))

    def _cooled(self, costs: CircleCosts, groups: Sequence[Sequence[int]]) -> Groups:
        self.coolings -= 1
        return shaken(costs, groups, self.rng, self.remaining, steps=STEPS)


def _together(groups: Sequence[Sequence[int]]) -> Pairs:
    return {(one, other) for members in groups for one, other in combinations(sorted(map(int, members)), 2)}


def _rows(pairs: Pairs) -> Ints:
    return np.array(sorted(pairs), np.int64).reshape(-1, 2)
