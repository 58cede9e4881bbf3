"""How many mentees can have a mentor at the same time: Hopcroft and Karp's algorithm (1973), by rows of bits.

Mentors take several mentees. Each phase finds the shortest ways by which somebody left over could be placed
while others move, and uses as many as do not cross; when there is none, no plan places more.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Ints
from solver.settings import Remaining

Allowed = NDArray[np.bool_]
MOST_LAYERS = 200
"""Longer ways are not looked for; the answer is then not proved."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Cover:
    """mentor (E,): each mentee's mentor, -1 for nobody; proved: no plan places more."""

    mentor: Ints
    proved: bool

    @property
    def placed(self) -> int:
        return int((self.mentor >= 0).sum())


def most_placed(allowed: Allowed, capacity: Ints, remaining: Remaining, start: Ints | None = None) -> Cover:
    """The most mentees that can be placed. `allowed` (E, M); `start`: a plan to begin with."""
    search = _Search(allowed, capacity, _greedy(allowed, capacity) if start is None else start)
    while True:
        if remaining() <= 0:
            return Cover(mentor=search.mentor, proved=False)
        roots = np.flatnonzero(search.mentor < 0)
        roots = roots[(allowed[roots] & (capacity > 0)).any(axis=1)]
        found = search.layers(roots)
        if found is None:
            return Cover(mentor=search.mentor, proved=search.whole)
        search.place(roots, found)


def counts(flags: Allowed, axis: int = 1) -> Ints:
    """How many of each row (axis 1) or column (axis 0) are set: eight of them at a time, as bits."""
    found: Ints = np.bitwise_count(np.packbits(flags, axis=axis)).sum(axis=axis, dtype=np.int64)
    return found


def _greedy(allowed: Allowed, capacity: Ints) -> Ints:
    """Those with the fewest options first, each with the allowed mentor who has most places left."""
    # Few bytes a mentor: this is looked through once for each mentee.
    spare, mentor = capacity.astype(np.int32), np.full(len(allowed), -1, np.int64)
    room = np.empty_like(spare)
    for mentee in np.argsort(counts(allowed & (capacity > 0)), kind="stable").tolist():
        np.multiply(spare, allowed[mentee], out=room)
        best = int(room.argmax()) if len(room) else 0
        if len(room) and room[best] > 0:
            mentor[mentee] = best
            spare[best] -= 1
    return mentor


class _Search:
    """A plan that grows, phase by phase."""

    def __init__(self, allowed: Allowed, capacity: Ints, start: Ints) -> None:
        self._allowed, self._capacity = allowed, capacity
        self.mentor = start.copy()
        self.whole = True
        self._spare = capacity - np.bincount(start[start >= 0], minlength=len(capacity))
        self._members: list[set[int]] = [set() for _ in capacity]
        for mentee in np.flatnonzero(start >= 0).tolist():
            self._members[start[mentee]].add(mentee)

    def layers(self, roots: Ints) -> Ints | None:
        """Distance of each mentor from those left over, -1 beyond the first with a place left; None if there
        is no such mentor."""
        far = np.full(len(self._capacity), -1, np.int64)
        open_, front = self._capacity > 0, roots
        for layer in range(MOST_LAYERS):
            reached = self._allowed[front].any(axis=0) & open_ if len(front) else np.zeros(len(far), bool)
            if not reached.any():
                return None
            far[reached] = layer
            open_ &= ~reached
            if (self._spare[reached] > 0).any():
                return far
            inside = [mentee for mentor in np.flatnonzero(reached) for mentee in self._members[mentor]]
            front = np.array(sorted(inside), np.int64)
        self.whole = False
        return None

    def place(self, roots: Ints, far: Ints) -> None:
        """Use ways that do not cross, one for each of those left over."""
        used = np.zeros(len(far), bool)
        for root in roots.tolist():
            self._way(root, 0, far, used)

    def _way(self, mentee: int, layer: int, far: Ints, used: NDArray[np.bool_]) -> bool:
        for mentor in np.flatnonzero(self._allowed[mentee] & (far == layer) & ~used).tolist():
            if used[mentor]:
                continue
            if self._spare[mentor] > 0:
                self._spare[mentor] -= 1
                used[mentor] = self._spare[mentor] == 0
                self._seat(mentee, mentor)
                return True
            used[mentor] = True
            if any(self._way(other, layer + 1, far, used) for other in sorted(self._members[mentor])):
                self._seat(mentee, mentor)
                return True
        return False

    def _seat(self, mentee: int, mentor: int) -> None:
        """The place is free: whoever held it has just been seated elsewhere, or nobody held it."""
        before = int(self.mentor[mentee])
        if before >= 0:
            self._members[before].discard(mentee)
        self.mentor[mentee] = mentor
        self._members[mentor].add(mentee)
