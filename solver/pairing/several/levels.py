"""The worst off first, with several mentors each: lift the lowest level as far as it goes, pin, go on.

For mentees with several mentors this is NP-hard, so every step is a question with three answers (yes with a
choice, no, no answer in time), and what was settled is only what was answered. A mentee's ceiling, the level
of their best mentors, is a bound nobody needs to search for: where all lowest ceilings are reached at once,
nothing is left to prove.
"""

from dataclasses import dataclass, replace

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import Case, Flags, LevelLimit, Promise
from solver.pairing.several.first import fairer_choice
from solver.pairing.several.search import SearchResult, best_bound, best_choice
from solver.pairing.several.sheet import sheet_of
from solver.settings import Remaining, Report
from solver.status import SolveStatus

MOST_ASKED_ALONE = 3
SHARE_OF_ONE = 1 / 3
EXCEPTION_COSTS = 3


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
    """How far the lifting is: what is promised, a choice that keeps it, whose level is final; whether all
    answers so far are sure; whether anything was ever refused.
    """

    promise: Promise
    chosen: Flags
    final: Flags
    certain: bool = True
    hard: bool = False

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
        """Level after level until the depth is reached, nobody is left, or the time is over.

        An answer that stays out counts as a no, and from then on nothing more is proved.
        """
        depth = min(self.depth, self.case.mentees)
        state = replace(state, final=state.final | (self.case.ceilings == 0))
        settled = 0
        while self.remaining() > 0:
            settled = state.settled if state.certain else settled
            self.report("fair", min(state.settled, depth), depth)
            goal = self._goal(state, depth)
            if goal is None:
                return Lifted(
                    promise=state.promise, chosen=state.chosen, settled=settled, proved=state.certain
                )
            state, level, refused, sure = self._highest(state, goal)
            state = self._at_ceiling(state, level)
            settled = state.settled if state.certain else settled
            state = replace(state, certain=state.certain and sure)
            if refused and state.settled < depth:
                state = self._exceptions(state, level)
        held = self._held(state, depth)
        return Lifted(promise=held, chosen=state.chosen, settled=settled, proved=False)

    def _held(self, state: _State, depth: int) -> Promise:
        """The promise that nobody among the lowest falls below the level they have now."""
        levels = self.case.levels_of(state.chosen)
        highest = int(np.sort(levels)[depth - 1]) if depth else 0
        return replace(state.promise, levels=np.minimum(levels, highest), groups=())

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
        was refused, and whether that is sure. Asking goes by halves, ceilings first.
        """
        low = min(goal, self._reached(state, state.chosen))
        high, level, sure = goal + 1, self._guess(state, low, goal), True
        state = replace(state, promise=self._with_floor(state, low))
        while low < high - 1:
            answer = self._ask(self._with_floor(state, level), state.chosen)
            if answer.chosen is not None:
                low = max(level, min(high - 1, self._reached(state, answer.chosen)))
                state = replace(state, chosen=answer.chosen, promise=self._with_floor(state, low))
            else:
                high, sure = level, answer.status is SolveStatus.INFEASIBLE
                state = state if state.hard else self._fairer(state)
                low = max(low, min(high - 1, self._reached(state, state.chosen)))
            level = goal if high > goal else self._between(state, low, high)
        return replace(state, promise=self._with_floor(state, low)), low, high <= goal, sure

    def _fairer(self, state: _State) -> _State:
        """At the first refusal, the quick start of fairer flows, if it is any fairer."""
        state = replace(state, hard=True)
        known = state.chosen
        fairer = fairer_choice(self.case, state.promise.open_places >= 0, known, self._shared())
        before, after = (np.sort(self.case.levels_of(choice)) for choice in (known, fairer))
        better = tuple(after) > tuple(before) and self.case.keeps(state.promise, fairer)
        return replace(state, chosen=fairer) if better else state

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

    def _ask(self, promise: Promise, known: Flags) -> SearchResult:
        return best_choice(self.case, promise, self._shared(), known=known, any_will_do=True)

    def _shared(self) -> Remaining:
        """The deadline of one question: a share of the time that is left now."""
        whole = self.remaining()
        reserve = whole * (1 - SHARE_OF_ONE) if np.isfinite(whole) else 0.0
        return lambda: self.remaining() - reserve

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

    def _exceptions(self, state: _State, level: int) -> _State:
        """Not all still open can stand above `level`: as few as possible stay, and they are pinned if it
        must be them.
        """
        may_stay = ~state.final & (self._caps(state) > level)
        group = LevelLimit(level=level, members=may_stay, count=int(may_stay.sum()))
        asked = replace(self._with_floor(state, level + 1), groups=(*state.promise.groups, group))
        least = self._fewest_bound(asked, state)
        chosen = self._few_exceptions(asked, state.chosen)
        count = self._staying(group, chosen)
        while count > least:
            answer = self._ask(_with_count(asked, count - 1), chosen)
            if answer.chosen is None:
                sure = answer.status is SolveStatus.INFEASIBLE
                state = replace(state, certain=state.certain and sure)
                break
            chosen = answer.chosen
            count = self._staying(group, chosen)
        state = replace(state, promise=_with_count(asked, count), chosen=chosen)
        stay = may_stay & (self.case.levels_of(chosen) == level)
        return self._identified(state, stay, level)

    def _fewest_bound(self, asked: Promise, state: _State) -> int:
        """No choice has fewer exceptions in the last group than this; there is at least one."""
        sheet = sheet_of(self.case, asked)
        cost = np.zeros(sheet.columns, np.int64)
        cost[sheet.starts[-2] :] = -1
        bound = best_bound(self.case, asked, self._shared(), cost=cost, known=state.chosen)
        return 1 if bound is None else max(1, -bound)

    def _few_exceptions(self, asked: Promise, known: Flags) -> Flags:
        """A choice with few exceptions in the last group: each costs more than any pair is worth, and the
        total shows the search the way.
        """
        sheet = sheet_of(self.case, asked)
        cost = np.zeros(sheet.columns, np.int64)
        cost[: sheet.pairs] = self.case.utility
        cost[sheet.starts[-2] :] = -EXCEPTION_COSTS * int(self.case.utility.max(initial=1))
        answer = best_choice(self.case, asked, self._shared(), cost=cost, known=known, any_will_do=True)
        if answer.chosen is None or self._staying(asked.groups[-1], answer.chosen) > self._staying(
            asked.groups[-1], known
        ):
            return known
        return answer.chosen

    def _staying(self, group: LevelLimit, chosen: Flags) -> int:
        """How many of a group are at its level or (as exceptions of an earlier group) below, now."""
        levels = self.case.levels_of(chosen)
        return int((group.members & (levels == group.level)).sum())

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


def _with_count(promise: Promise, count: int) -> Promise:
    """The promise with so many exceptions in its last group."""
    *others, group = promise.groups
    return replace(promise, groups=(*others, replace(group, count=count)))
