"""What "best" means, as a list of goals to be minimised one after the other (docs/model.md, 1.4).

A goal gives every pair, every mentee left without a mentor and every place an integer cost. Earlier goals are
infinitely more important than later ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import MOST_CREDIT, Ints, PairingProblem


@dataclass(frozen=True, kw_only=True, eq=False)
class Goal:
    """One integer cost to be minimised.

    `table` (3, top + 1): cost of a pair by the mentee's credit and the pair's utility. `waiting` (E,): cost
    of leaving a mentee without a mentor. `cross`: a pair costs one less if the two columns differ. `places`:
    "" costs nothing, "low" rewards each of a mentor's first `low` places, "load" makes each further place
    dearer.
    """

    name: str
    levels: tuple[int, ...] = ()
    weights: tuple[int, ...] = ()
    table: Ints
    waiting: Ints
    cross: tuple[Ints, Ints] | None = None
    cross_weight: int = 1
    kept: Ints | None = None
    places: str = ""

    @property
    def by_pair(self) -> bool:
        """Whether a pair's cost depends on who they are, not on credit and utility alone."""
        return self.cross is not None or self.kept is not None

    def of_pairs(self, credit: Ints, mentee: Any, mentor: Any, utility: NDArray[Any]) -> Ints:
        """Cost of pairs given by index arrays that broadcast together."""
        cost: Ints = self.table[credit[mentee], utility]
        if self.cross is not None:
            cost = cost - self.cross_weight * (self.cross[0][mentee] != self.cross[1][mentor])
        if self.kept is not None:
            cost = cost - (self.kept[mentee] == mentor)
        return cost


def level_of(utility: NDArray[Any], line: int | Ints, levels: int) -> Ints:
    """(1.1) Level 1..`levels` of a utility below the line, `levels` + 1 from the line up; 0 for -1
    (unmatched).
    """
    step = 1 + np.minimum(np.maximum(utility, 0).astype(np.int64) * levels // line, levels)
    return np.where(utility < 0, 0, step)


def line_of(problem: PairingProblem) -> int:
    """The utility from which levels no longer matter: the policy's, or none under full fairness."""
    return problem.top + 1 if problem.mode == "full" else problem.line


def perceived(problem: PairingProblem) -> Ints:
    """(3, top + 1): level by credit and utility; a credit lowers it below the line, never under 1."""
    level = level_of(np.arange(problem.top + 1), line_of(problem), problem.levels)
    credit = np.arange(MOST_CREDIT + 1)[:, None]
    lowered = np.maximum(level[None, :] - credit, 1)
    return np.where(level[None, :] > problem.levels, level[None, :], lowered)


def goals_of(problem: PairingProblem) -> list[Goal]:
    """The goals of the policy's mode in their order, one level each, unpacked (docs/model.md, 1.4)."""
    zeros, none = np.zeros((MOST_CREDIT + 1, problem.top + 1), np.int64), np.zeros(problem.mentees, np.int64)
    goals = [Goal(name="coverage", table=zeros, waiting=np.ones(problem.mentees, np.int64))]
    low = [Goal(name="low", table=zeros, waiting=none, places="low")] if problem.lows.any() else []
    if problem.mode in ("fair", "full") and problem.credits.any():
        goals.append(Goal(name="credit", table=zeros, waiting=problem.credits))
    goals += low if problem.low_first else []
    goals += _levels(problem, none)
    goals += [] if problem.low_first else low
    utility = np.broadcast_to(np.arange(problem.top + 1), zeros.shape)
    goals.append(Goal(name="total", table=-utility, waiting=none))
    if problem.even_load:
        goals.append(Goal(name="load", table=zeros, waiting=none, places="load"))
    return _with_kept(problem, goals, zeros, none)


def _with_kept(problem: PairingProblem, goals: list[Goal], zeros: Ints, none: Ints) -> list[Goal]:
    """(1.11) Keeping published pairs comes the earlier the higher the stability: 1000 first of all, 0 not at
    all.
    """
    if not len(problem.kept) or problem.stability == 0:
        return goals
    kept = np.full(problem.mentees, -1, np.int64)
    kept[problem.kept[:, 0]] = problem.kept[:, 1]
    place = round((1000 - problem.stability) / 1000 * len(goals))
    return [*goals[:place], Goal(name="kept", table=zeros, waiting=none, kept=kept), *goals[place:]]


def _levels(problem: PairingProblem, none: Ints) -> list[Goal]:
    level = perceived(problem)
    if problem.mode == "first":
        raw = np.broadcast_to(level[0], level.shape)
        steps = range(problem.levels + 1, 1, -1)
        return [
            Goal(name="levels", levels=(b,), weights=(-1,), table=-(raw == b).astype(np.int64), waiting=none)
            for b in steps
        ]
    if problem.mode == "total":
        return []
    return [
        Goal(name="levels", levels=(b,), weights=(1,), table=(level == b).astype(np.int64), waiting=none)
        for b in range(1, problem.levels + 1)
    ]


def packed(goals: Sequence[Goal], ratio: int) -> Goal:
    """(1.5) Several level goals as one: each weighs `ratio` times the next, which is exact for ratio >
    mentees.
    """
    factors = [ratio**power for power in range(len(goals) - 1, -1, -1)]
    weighed = list(zip(goals, factors, strict=True))
    return Goal(
        name=goals[0].name,
        levels=tuple(b for goal in goals for b in goal.levels),
        weights=tuple(w * factor for goal, factor in weighed for w in goal.weights),
        table=sum((goal.table * factor for goal, factor in weighed), np.zeros(1, np.int64)),
        waiting=sum((goal.waiting * factor for goal, factor in weighed), np.zeros(1, np.int64)),
    )


def marginal(goal: Goal, low: Ints, base: Ints, mentor: Ints, unit: Ints) -> Ints:
    """Cost of a mentor's `unit`-th place (1, 2 …) beyond the `base` already pinned."""
    if goal.places == "low":
        return -(unit + base[mentor] <= low[mentor]).astype(np.int64)
    if goal.places == "load":
        return 2 * (unit + base[mentor]) - 1
    return np.zeros(np.broadcast(mentor, unit).shape, np.int64)
