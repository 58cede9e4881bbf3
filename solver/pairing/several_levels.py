"""The worst off first, with several mentors each: lift the lowest level as far as it goes, pin, go on.

For mentees with several mentors this is NP-hard, so every step is a question with three answers (yes with a
choice, no, no answer in time), and what was settled is only what was answered. A mentee's ceiling, the level
of their best mentors, is a bound nobody needs to search for: where all lowest ceilings are reached at once,
nothing is left to prove.
"""

from dataclasses import dataclass, replace

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several_case import Case, Flags, Group, Promise
from solver.pairing.several_search import Answer, best_choice
from solver.pairing.several_sheet import sheet_of
from solver.settings import Remaining, Report
from solver.status import SolveStatus

MOST_ASKED_ALONE = 3


@dataclass(frozen=True, kw_only=True, eq=False)
class Lifted:
    """`promise`: floors that keep what was reached; `chosen` keeps it. `settled`: so many of the lowest
    places are proved best; `proved`: as many as were asked for.
    """

    promise: Promise
    chosen: Flags
    settled: int
    proved: bool


def lifted(
    case: Case, promise: Promise, chosen: Flags, *, depth: int, remaining: Remaining, report: Report
) -> Lifted:
    """Makes the `depth` lowest levels, in order, as high as can be, none beyond the ladder's top.

    `promise` holds coverage and rows, `chosen` keeps it. Never worse than `chosen`.
    """
    return _Lift(case, depth, remaining, report).run(_State(promise, chosen, np.zeros(case.mentees, bool)))


@dataclass(frozen=True)
class _State:
    """How far the lifting is: what is promised, a choice that keeps it, whose level is final."""

    promise: Promise
    chosen: Flags
    final: Flags

    @property
    def settled(self) -> int:
        """Lowest places that are final; of those without a mentor only the number is."""
        exceptions = sum(group.count for group in self.promise.groups)
        return int((self.final & (self.promise.levels > 0)).sum()) + exceptions + self.promise.missing[0]


@dataclass(frozen=True)
class _Lift:
    case: Case
    depth: int
    remaining: Remaining
    report: Report

    def run(self, state: _State) -> Lifted:
        """Level after level until the depth is reached, nobody is left, or an answer stays out."""
        depth = min(self.depth, self.case.mentees)
        state = replace(state, final=state.final | (self.case.ceilings == 0))
        certain = True
        while certain:
            self.report("fair", min(state.settled, depth), depth)
            goal = self._goal(state, depth)
            if goal is None:
                break
            state, level, refused, certain = self._highest(state, goal)
            state = self._at_ceiling(state, level)
            if certain and refused and state.settled < depth:
                state, certain = self._exceptions(state, level)
        return Lifted(promise=state.promise, chosen=state.chosen, settled=state.settled, proved=certain)

    def _caps(self, state: _State) -> Ints:
        """(E,) what may be asked of each at most: their ceiling, unless they may be somebody's exception;
        then who is the exception is part of the question, and ceilings may not answer it.
        """
        caps = np.minimum(self.case.ceilings, self.case.ladder.top)
        top = self.case.ladder.top
        if state.promise.missing[0]:
            return np.where(self.case.had == 0, top, caps)
        return np.where(self._in_groups(state), top, caps)

    def _goal(self, state: _State, depth: int) -> int | None:
        """The level which, reached by all still open (or their cap), settles all that is asked."""
        caps = np.sort(self._caps(state)[~state.final])
        left = depth - state.settled
        if left <= 0 or not len(caps):
            return None
        if int(state.promise.levels[~state.final].min()) >= self.case.ladder.top:
            return None
        return int(caps[min(left, len(caps)) - 1])

    def _highest(self, state: _State, goal: int) -> tuple[_State, int, bool, bool]:
        """The highest level all still open reach together (or their cap) up to `goal`; whether the next one
        was refused; whether this is certain. Asking goes by halves, ceilings first.
        """
        low = min(goal, self._reached(state, state.chosen))
        high, level = goal + 1, self._guess(state, low, goal)
        state = replace(state, promise=self._with_floor(state, low))
        while low < high - 1:
            answer = self._ask(self._with_floor(state, level), state.chosen)
            if answer.chosen is not None:
                low = max(level, min(high - 1, self._reached(state, answer.chosen)))
                state = replace(state, chosen=answer.chosen, promise=self._with_floor(state, low))
            elif answer.status is SolveStatus.INFEASIBLE:
                high = level
            else:
                return state, low, False, False
            level = goal if high > goal else self._between(state, low, high)
        return state, low, high <= goal, True

    def _guess(self, state: _State, low: int, goal: int) -> int:
        """The first level to ask for: the goal, or the lowest ceilings when those are lower."""
        ceilings = np.sort(self.case.ceilings[~state.final])
        likely = int(ceilings[min(len(ceilings), 1 + state.settled) - 1])
        capped = (self._caps(state) == np.minimum(self.case.ceilings, self.case.ladder.top)).all()
        return likely if not capped and low < likely < goal else goal

    def _between(self, state: _State, low: int, refused: int) -> int:
        """The middle ceiling between two levels, or the middle level when no ceiling lies between."""
        ceilings = np.unique(self.case.ceilings[~state.final])
        within = ceilings[(ceilings > low) & (ceilings < refused)]
        return int(within[len(within) // 2]) if len(within) else (low + refused + 1) // 2

    def _ask(self, promise: Promise, known: Flags) -> Answer:
        return best_choice(self.case, promise, self.remaining, known=known, any_will_do=True)

    def _reached(self, state: _State, chosen: Flags) -> int:
        """The highest level all still open reach (or their cap) by this choice, exceptions aside."""
        levels = self.case.levels_of(chosen)
        short = ~state.final & (levels < self._caps(state))
        if state.promise.missing[0]:
            short &= levels > 0
        for group in state.promise.groups:
            short &= ~(group.members & (levels <= group.level))
        return int(levels[short].min()) if short.any() else self.case.ladder.top

    def _with_floor(self, state: _State, level: int) -> Promise:
        """The promise with everybody still open at this level or their cap."""
        floor = np.minimum(self._caps(state), level)
        return replace(state.promise, levels=np.where(state.final, state.promise.levels, floor))

    def _at_ceiling(self, state: _State, level: int) -> _State:
        """Whoever stands at their ceiling cannot rise: pinned there."""
        stuck = ~state.final & (self._caps(state) <= level)
        return replace(state, final=state.final | stuck)

    def _in_groups(self, state: _State) -> Flags:
        members = np.zeros(self.case.mentees, bool)
        for group in state.promise.groups:
            members |= group.members
        return members

    def _exceptions(self, state: _State, level: int) -> tuple[_State, bool]:
        """Not all still open can stand above `level`: as few as possible stay, and they are pinned if it
        must be them. Also whether the number is proved.
        """
        may_stay = ~state.final & (self._caps(state) > level)
        group = Group(level=level, members=may_stay, count=int(may_stay.sum()))
        base = state.promise.groups
        asked = replace(self._with_floor(state, level + 1), groups=(*base, group))
        sheet = sheet_of(self.case, asked)
        cost = np.zeros(sheet.columns)
        cost[sheet.starts[-2] :] = -1.0
        answer = best_choice(self.case, asked, self.remaining, cost=cost, known=state.chosen)
        if answer.chosen is None:
            return state, False
        kept = replace(asked, groups=(*base, replace(group, count=-answer.value)))
        state = replace(state, promise=kept, chosen=answer.chosen)
        if answer.status is not SolveStatus.OPTIMAL:
            return state, False
        stay = may_stay & (self.case.levels_of(answer.chosen) == level)
        return self._identified(state, stay, level), True

    def _identified(self, state: _State, stay: Flags, level: int) -> _State:
        """Pins the exceptions one by one if nobody else could take their place."""
        if int(stay.sum()) > MOST_ASKED_ALONE:
            return state
        for e in np.flatnonzero(stay).tolist():
            *others, group = state.promise.groups
            without = group.members.copy()
            without[e] = False
            asked = replace(state.promise, groups=(*others, replace(group, members=without)))
            if self._ask(asked, state.chosen).status is not SolveStatus.INFEASIBLE:
                continue
            levels, final = state.promise.levels.copy(), state.final.copy()
            levels[e], final[e] = level, True
            rest = replace(group, members=without, count=group.count - 1)
            groups = (*others, rest) if rest.count else tuple(others)
            state = replace(state, promise=replace(state.promise, levels=levels, groups=groups), final=final)
            if not rest.count:
                break
        return state
