"""The prices that prove a plan cheapest on a face: longest paths in the residual graph, by raising only.

OR-Tools does not tell its prices. They are found again from the plan alone: a mentor's price rises to what
the mentee next in line would gain, a mentee's price follows the mentor they hold, and only those who rose are
looked at again. A plan that is not the cheapest has a cycle on which prices rise for ever.
"""

import numpy as np
from numpy.typing import NDArray

from solver.pairing.flow import Face, FlowCosts, Graph, Prices
from solver.pairing.problem import Ints


def by_mentee(graph: Graph) -> Ints:
    """The graph's arcs in the order of their mentees."""
    return np.argsort(graph.tail, kind="stable")


def settled(graph: Graph, face: Face, costs: FlowCosts, match: Ints, order: Ints) -> Prices | None:
    """Prices with mentee <= cost + mentor on every arc of the face and equality on the matched ones.

    `match` (E,): arc of each mentee or -1; `order`: `by_mentee(graph)`. A mentor's price lies between the
    cost of the last place taken and the cost of the next. None if `match` is not cheapest: prices rose above
    `most`, or did not settle in as many rounds as there are people.
    """
    return _Raising(graph, face, costs, match, order).run()


class _Raising:
    """The state of one recovery; `free` is the price of a place nobody needs."""

    def __init__(self, graph: Graph, face: Face, costs: FlowCosts, match: Ints, order: Ints) -> None:
        place = np.full(len(graph.tail), -1, np.int64)
        place[face.arcs] = np.arange(len(face.arcs))
        mine = place[order]
        mine = mine[mine >= 0]
        arcs = face.arcs[mine]
        self.mentee, self.mentor, self.cost = graph.tail[arcs], graph.head[arcs], costs.arc[mine]
        self.rows = np.searchsorted(self.mentee, np.arange(graph.mentees + 1))
        self.placed = match >= 0
        self.left = np.flatnonzero(~self.placed)
        self.mentor_of = np.zeros(graph.mentees, np.int64)
        self.mentor_of[self.placed] = graph.head[match[self.placed]]
        self.paid = costs.waiting.astype(np.int64)
        self.paid[self.placed] = costs.arc[place[match[self.placed]]]
        self.wait = np.where(face.may_wait & self.placed, costs.waiting, _NEVER)
        load = np.bincount(self.mentor_of[self.placed], minlength=graph.mentors)
        self.leave, self.enter = _steps(costs, load)
        self.may_leave, self.may_enter = load > face.low, load < face.high
        self.idle = (load == 0) & (face.low == 0) & self.may_enter
        self.held = np.flatnonzero(self.placed)[
            np.argsort(self.mentor_of[self.placed].astype(np.int32), kind="stable")
        ]
        self.held_rows = np.searchsorted(self.mentor_of[self.held], np.arange(graph.mentors + 1))
        self.rounds = 2 * (graph.mentees + graph.mentors) + 4

    def run(self) -> Prices | None:
        price = np.zeros(len(self.leave), np.int64)
        free = int((price - self.enter)[self.may_enter].max(initial=0))
        np.maximum(price, free + self.leave, out=price, where=self.may_leave)
        mentee = self._paid_now(price, free, np.arange(len(self.paid)))
        active = np.arange(len(self.paid))
        for _ in range(self.rounds):
            changed = self._raise(price, mentee, active)
            risen = self._free(price, mentee, changed, active, free)
            if risen > free:
                free = risen
                low = np.flatnonzero(self.may_leave & (price < free + self.leave))
                price[low] = free + self.leave[low]
                changed = np.union1d(changed, low)
                active = np.concatenate([self._holders(changed), self.left])
            else:
                active = self._holders(changed)
            if not len(active):
                price[self.idle] = free + self.enter[self.idle]
                return Prices(mentee=mentee - free, mentor=price - free)
            mentee[active] = self._paid_now(price, free, active)
        return None

    def _paid_now(self, price: Ints, free: int, of: Ints) -> Ints:
        base: Ints = (
            np.where(self.placed[of], price[self.mentor_of[of]], free) if len(price) else np.array(free)
        )
        return base + self.paid[of]

    def _holders(self, mentors: Ints) -> Ints:
        return self.held[_places(self.held_rows, mentors)]

    def _raise(self, price: Ints, mentee: Ints, active: Ints) -> Ints:
        """Raises mentors to what the active mentees would pay; returns the mentors that rose."""
        if len(active) == len(mentee):
            offer, mentor = mentee[self.mentee] - self.cost, self.mentor
        else:
            arcs = _places(self.rows, active)
            offer, mentor = mentee[self.mentee[arcs]] - self.cost[arcs], self.mentor[arcs]
        better = np.flatnonzero(offer > price[mentor])
        offer, mentor = offer[better], mentor[better]
        np.maximum.at(price, mentor, offer)
        marked = np.zeros(len(price), np.bool_)
        marked[mentor] = True
        return np.flatnonzero(marked)

    def _free(self, price: Ints, mentee: Ints, changed: Ints, active: Ints, free: int) -> int:
        """The price of a free place, after these rose."""
        entered = changed[self.may_enter[changed]]
        by_place = (price[entered] - self.enter[entered]).max(initial=free)
        by_waiting = (mentee[active] - self.wait[active]).max(initial=free)
        return int(max(by_place, by_waiting))


_NEVER = 2**62


def _steps(costs: FlowCosts, load: Ints) -> tuple[Ints, Ints]:
    """Per mentor: the cost of the last place taken, and of the next one."""
    if costs.place is None:
        return np.zeros(len(load), np.int64), np.zeros(len(load), np.int64)
    last, rows = costs.place.shape[1] - 1, np.arange(len(load))
    return costs.place[rows, np.clip(load - 1, 0, last)], costs.place[rows, np.clip(load, 0, last)]


def _places(rows: Ints, of: Ints) -> Ints:
    """All places rows[i] .. rows[i + 1] - 1 for i in `of`, one after the other."""
    first, count = rows[of], rows[of + 1] - rows[of]
    ends = np.cumsum(count)
    if not len(ends):
        return ends
    placed: NDArray[np.int64] = np.arange(int(ends[-1])) + np.repeat(first - (ends - count), count)
    return placed
