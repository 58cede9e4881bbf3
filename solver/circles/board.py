"""The board on which circles are improved: seats, slots and the waiting circles, as arrays that change."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.circles.costs import CircleCosts
from solver.circles.problem import Flags, Ints


@dataclass
class Board:
    """G circles of `largest` seats; an empty seat holds place n. The last ones are waiting circles: their
    members are left over and nothing else about them counts.

    seats (G, largest); slots (G,): the slot at which each meets; meets (G,): 1.0, or 0.0 for waiting circles.
    """

    seats: Ints
    slots: Ints
    meets: np.ndarray

    @property
    def size(self) -> int:
        """Number of circles, the waiting ones included."""
        return len(self.seats)


def board_of(costs: CircleCosts, groups: Sequence[Sequence[int]], slots: Sequence[int]) -> Board:
    """Seat everyone: the groups at their slots, all others on waiting circles; an even number of circles."""
    n, chairs = costs.problem.n, costs.problem.largest
    seated = {person for members in groups for person in members}
    rest = [person for person in range(n) if person not in seated]
    waiting = [rest[at : at + chairs] for at in range(0, len(rest), chairs)]
    waiting += [[]] * ((len(groups) + len(waiting)) % 2)
    seats = np.full((len(groups) + len(waiting), chairs), n, np.int64)
    for row, members in enumerate([*groups, *waiting]):
        seats[row, : len(members)] = members
    meets = np.repeat([1.0, 0.0], [len(groups), len(waiting)])
    return Board(seats, np.append(np.array(slots, np.int64), np.zeros(len(waiting), np.int64)), meets)


def groups_of(costs: CircleCosts, board: Board) -> list[tuple[int, ...]]:
    """The circles that keep every rule, ascending; who breaks one leaves, circles too small dissolve."""
    groups = []
    for row, slot in zip(board.seats[board.meets > 0], board.slots[board.meets > 0], strict=True):
        members = [int(person) for person in row if person < costs.problem.n]
        kept = _keeping_rules(costs, members, int(slot))
        if kept and costs.allows(kept):
            groups.append(tuple(sorted(kept)))
    return sorted(groups)


def _keeping_rules(costs: CircleCosts, members: list[int], slot: int) -> list[int]:
    if costs.allows(members):
        return members
    available: Flags = costs.problem.available
    kept: list[int] = []
    for person in sorted(members, key=lambda person: (not costs.hosts[person], person)):
        if available[person, slot] and not (costs.ties[person, kept] == 2).any():
            kept.append(person)
    return kept
