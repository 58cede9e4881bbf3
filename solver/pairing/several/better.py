"""A plan of several mentors each made better by exchanges around those whom a change touches.

Somebody takes another mentor with a free place, or a place of somebody else, who gets the place given up or
any free one. The worst off of the two counts first, then the other, then the sum (docs/model.md, 1.13).
How many are placed never changes. What is reached is a plan, not a proof.
"""

from collections import deque
from dataclasses import dataclass

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import Case, Flags, StepLadder
from solver.pairing.several.terms import Terms

MOST_LOOKS = 400
"""So many people are looked at; then the answer is due."""
WORST, OTHER = 1 << 40, 1 << 30
"""What a level of the worse off and of the other weigh against utilities."""


def bettered(
    case: Case, terms: Terms, chosen: Flags, first: Ints, *, only: dict[int, Ints], onwards: bool
) -> Flags:
    """The choice (n,) after exchanges for the mentees `first`, and if `onwards` for all whom these touch.

    only: by mentee, the mentors they are looked at for; of others, all.
    """
    state = _State(case, terms, chosen, only)
    waiting, known, looks = deque(first.tolist()), set(first.tolist()), 0
    while waiting and looks < MOST_LOOKS:
        looks += 1
        touched = [one for one in state.look(waiting.popleft()) if onwards or one in known]
        waiting.extend(one for one in touched if one not in waiting)
    return state.held[case.mentee, case.mentor]


@dataclass(frozen=True)
class _Exchange:
    """`mentee` gives up `old` (-1: nothing) for `new`, which `other` (-1: nobody) gives up for `gets`."""

    gain: int
    mentee: int
    old: int
    new: int
    other: int = -1
    gets: int = -1


class _State:
    """The plan as it stands while it is changed."""

    def __init__(self, case: Case, terms: Terms, chosen: Flags, only: dict[int, Ints]) -> None:
        assert isinstance(case.ladder, StepLadder)
        self.case, self.terms, self.ladder, self.only = case, terms, case.ladder, only
        shape = case.mentees, case.mentors
        self.utility = np.full(shape, -1, np.int64)
        self.utility[case.mentee, case.mentor] = case.utility
        self.held = np.zeros(shape, bool)
        self.held[case.mentee[chosen], case.mentor[chosen]] = True
        self.cross = np.zeros(shape, np.int64)
        if terms.cross is not None:
            self.cross[case.mentee, case.mentor] = terms.cross
        self.across = int(self.cross[self.held].sum())
        self.own = case.base + np.where(self.held, self.utility, 0).sum(axis=1)
        self.found = case.had + self.held.sum(axis=1)
        self.load = self.held.sum(axis=0)
        self._best_free()

    def _best_free(self) -> None:
        """The best free place each could go to beside what they hold, -1 for none."""
        room = np.flatnonzero(self.load < self.case.capacity)
        self.free_place = np.full(len(self.own), -1, np.int64)
        self.free_value = np.full(len(self.own), -1, np.int64)
        if len(room):
            offers = np.where(self.held[:, room], -1, self.utility[:, room])
            self.free_place = room[offers.argmax(axis=1)]
            self.free_value = offers.max(axis=1)

    def look(self, mentee: int) -> list[int]:
        """The best exchange for somebody, made; whom it touches."""
        given = [int(m) for m in np.flatnonzero(self.held[mentee])]
        short = self.found[mentee] < self.case.had[mentee] + self.case.wanted[mentee]
        found = [self._best(mentee, old) for old in (*given, *((-1,) if short else ()))]
        best = max(found, key=lambda one: one.gain, default=_Exchange(0, mentee, -1, -1))
        if best.gain <= 0:
            return []
        return self._make(best)

    def _best(self, mentee: int, old: int) -> _Exchange:
        free = self._to_free(mentee, old)
        taken = self._to_taken(mentee, old)
        return max(free, taken, key=lambda one: one.gain)

    def _to_free(self, mentee: int, old: int) -> _Exchange:
        """To a mentor with a free place; a place more than before is none of ours to give."""
        nothing = _Exchange(0, mentee, old, -1)
        if old < 0:
            return nothing
        open_ = (self.load < self.case.capacity) & self._wished(mentee)
        open_ &= self.across + self.cross[mentee] - self.cross[mentee, old] >= self._least
        to = np.flatnonzero(open_)
        if not len(to):
            return nothing
        best = int(to[np.argmax(self.utility[mentee, to])])
        gain = int(self.utility[mentee, best] - self.utility[mentee, old])
        return _Exchange(gain, mentee, old, best)

    def _wished(self, mentee: int) -> Flags:
        """(M,) mentors somebody may have, has not, and is looked at for."""
        wished: Flags = (self.utility[mentee] >= 0) & ~self.held[mentee]
        if mentee in self.only:
            wished &= np.isin(np.arange(len(wished)), self.only[mentee])
        return wished

    @property
    def _least(self) -> int:
        """Crossing pairs that must stay: those the share asks for, or those there are."""
        return min(self.across, self.terms.cross_least)

    def _to_taken(self, mentee: int, old: int) -> _Exchange:
        """To a place of somebody else, who takes the one given up, a free one, or goes short."""
        nothing = _Exchange(0, mentee, old, -1)
        theirs, mentor = np.nonzero(self.held)
        can = (theirs != mentee) & self._wished(mentee)[mentor]
        theirs, mentor = theirs[can], mentor[can]
        if not len(theirs):
            return nothing
        if old < 0:
            gets, back, fits = self._nothing_back(mentee, theirs)
        else:
            gets, back, fits = self._something_back(old, theirs)
        mine = self.utility[mentee, mentor] - (self.utility[mentee, old] if old >= 0 else 0)
        other = back - self.utility[theirs, mentor]
        crossing = self.cross[mentee, mentor] - self.cross[theirs, mentor]
        crossing += np.where(gets >= 0, self.cross[theirs, gets], 0)
        crossing -= self.cross[mentee, old] if old >= 0 else 0
        fits &= self.across + crossing >= self._least
        gain = np.where(fits, self._gain(mentee, theirs, mine, other, swap=old < 0), 0)
        best = int(np.argmax(gain))
        return _Exchange(int(gain[best]), mentee, old, int(mentor[best]), int(theirs[best]), int(gets[best]))

    def _something_back(self, old: int, theirs: Ints) -> tuple[Ints, Ints, Flags]:
        """For each, the better of the place given up and the best free one; and whether there is one."""
        swap = np.where(self.held[theirs, old], -1, self.utility[theirs, old])
        place, value = self.free_place[theirs], self.free_value[theirs]
        gets, back = np.where(value > swap, place, old), np.maximum(value, swap)
        return gets, back, back >= 0

    def _nothing_back(self, mentee: int, theirs: Ints) -> tuple[Ints, Ints, Flags]:
        """Only from somebody who has one more: then as many have their first, second, third mentor."""
        fits = self.found[theirs] == self.found[mentee] + 1
        if self.found[mentee] == 0 and self.terms.credit is not None:
            fits &= self.terms.credit[theirs] <= self.terms.credit[mentee]
        return np.full(len(theirs), -1), np.zeros(len(theirs), np.int64), fits

    def _gain(self, mentee: int, theirs: Ints, mine: Ints, other: Ints, *, swap: bool) -> Ints:
        """How much better the two are off: the worse first, then the other, then the sum. `swap`: one mentor
        goes from the other to this one."""
        who = np.full(len(theirs), mentee)
        before = self._rated(
            self._level(who, self.own[who], self.found[who]),
            self._level(theirs, self.own[theirs], self.found[theirs]),
        )
        after = self._rated(
            self._level(who, self.own[who] + mine, self.found[who] + swap),
            self._level(theirs, self.own[theirs] + other, self.found[theirs] - swap),
        )
        return np.where((after != before) & (self.terms.depth > 0), after - before, mine + other)

    def _rated(self, one: Ints, other: Ints) -> Ints:
        rated: Ints = np.minimum(one, other) * WORST + np.maximum(one, other) * OTHER
        return rated

    def _level(self, who: Ints, own: Ints, found: Ints) -> Ints:
        ladder = self.ladder
        part = StepLadder(line=ladder.line[who], levels=ladder.levels, credit=ladder.credit[who])
        levels: Ints = np.minimum(part.level_of(own, found > 0), part.top)
        return levels

    def _make(self, one: _Exchange) -> list[int]:
        moves = [(one.mentee, one.old, False), (one.mentee, one.new, True)]
        if one.other >= 0:
            moves += [(one.other, one.new, False), (one.other, one.gets, True)]
        for mentee, mentor, holds in moves:
            if mentor >= 0:
                sign = 1 if holds else -1
                self.held[mentee, mentor] = holds
                self.own[mentee] += sign * self.utility[mentee, mentor]
                self.found[mentee] += sign
                self.load[mentor] += sign
                self.across += sign * int(self.cross[mentee, mentor])
        self._best_free()
        return [who for who in (one.mentee, one.other) if who >= 0]
