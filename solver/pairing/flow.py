"""One min-cost flow on a face, and the prices that prove it (docs/model.md, 1.5 and 1.6).

OR-Tools' flow is used with care: integer costs whose product with the number of nodes stays below 2^60,
results read only after an optimum, objectives recounted from the flow, and no problem that could be
infeasible.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Ints
from solver.status import require_optimal

COST_BITS = 60
"""|cost| * (nodes + 1) stays below 2 to this power."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Graph:
    """Pairs that may be used, sorted by mentor and then mentee: `tail` (A,) mentees, `head` (A,) mentors."""

    mentees: int
    capacity: Ints
    tail: Ints
    head: Ints
    utility: Ints

    @property
    def mentors(self) -> int:
        return len(self.capacity)

    def part(self, arcs: Ints) -> "Graph":
        """The graph of some of its arcs (ascending)."""
        return replace(self, tail=self.tail[arcs], head=self.head[arcs], utility=self.utility[arcs])


@dataclass(frozen=True, kw_only=True, eq=False)
class Face:
    """All plans that are best by the goals so far: `arcs` of the graph (ascending), `low` and `high` (M,)
    loads, and
    `may_wait` (E,), who may be left without a mentor."""

    arcs: Ints
    low: Ints
    high: Ints
    may_wait: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowCosts:
    """A goal's costs on a face: `arc` per arc of the face, `waiting` (E,), `place` (M, most capacity) per
    unit.
    """

    arc: Ints
    waiting: Ints
    place: Ints | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Prices:
    """Mentee prices (E,) and mentor prices (M,): mentee <= cost + mentor on every arc of the face."""

    mentee: Ints
    mentor: Ints


def whole_face(graph: Graph) -> Face:
    """Everything allowed."""
    return Face(
        arcs=np.arange(len(graph.tail)),
        low=np.zeros(graph.mentors, np.int64),
        high=graph.capacity,
        may_wait=np.ones(graph.mentees, bool),
    )


def cost_limit(graph: Graph) -> int:
    """No cost of a flow over this graph may be larger."""
    return int(2**COST_BITS // (graph.mentees + graph.mentors + 4))


def cheapest(graph: Graph, face: Face, costs: FlowCosts) -> Ints:
    """(1.5) A plan of the face with the least cost: per mentee the arc used, or -1 (E,).

    Loads a face demands are drawn as supply, so that no reward has to outbid the costs. Raises
    SolveFailedError if the flow gives no optimum.
    """
    from ortools.graph.python import min_cost_flow  # noqa: PLC0415 - only the child that solves may load it

    mentees, mentors, sink = graph.mentees, graph.mentors, graph.mentees + graph.mentors
    flow = min_cost_flow.SimpleMinCostFlow()
    used = flow.add_arcs_with_capacity_and_unit_cost(
        graph.tail[face.arcs].astype(np.int32),
        (graph.head[face.arcs] + mentees).astype(np.int32),
        np.ones(len(face.arcs), np.int64),
        costs.arc,
    )
    mentor, units, price = _place_arcs(face, costs)
    flow.add_arcs_with_capacity_and_unit_cost(
        (mentor + mentees).astype(np.int32), np.full(len(mentor), sink, np.int32), units, price
    )
    waits = np.flatnonzero(face.may_wait)
    flow.add_arcs_with_capacity_and_unit_cost(
        waits.astype(np.int32),
        np.full(len(waits), sink, np.int32),
        np.ones(len(waits), np.int64),
        costs.waiting[waits],
    )
    supply = np.concatenate([np.ones(mentees, np.int64), -face.low, [face.low.sum() - mentees]])
    flow.set_nodes_supplies(np.arange(mentees + mentors + 1, dtype=np.int32), supply)
    require_optimal(flow.solve().name, "The pairing flow")
    chosen = face.arcs[flow.flows(used) > 0]
    match = np.full(mentees, -1, np.int64)
    match[graph.tail[chosen]] = chosen
    return match


def _place_arcs(face: Face, costs: FlowCosts) -> tuple[Ints, Ints, Ints]:
    """Mentor, capacity and cost of the arcs to the sink, for the places above those the face demands."""
    room = face.high - face.low
    if costs.place is None:
        mentor = np.flatnonzero(room > 0)
        return mentor, room[mentor], np.zeros(len(mentor), np.int64)
    unit = np.arange(costs.place.shape[1])[None, :]
    mentor, place = ((unit >= face.low[:, None]) & (unit < face.high[:, None])).nonzero()
    return mentor, np.ones(len(mentor), np.int64), costs.place[mentor, place]


def narrowed(graph: Graph, face: Face, costs: FlowCosts, prices: Prices) -> Face:
    """(1.7) The plans of the face that reach its least cost: tight arcs, full where a price is above a
    place's cost.
    """
    slack = costs.arc + prices.mentor[graph.head[face.arcs]] - prices.mentee[graph.tail[face.arcs]]
    if costs.place is None:
        must = np.where(prices.mentor > 0, face.high, 0)
        may = np.where(prices.mentor >= 0, face.high, 0)
    else:
        unit = np.arange(costs.place.shape[1])[None, :] < face.high[:, None]
        must = ((costs.place < prices.mentor[:, None]) & unit).sum(axis=1)
        may = ((costs.place <= prices.mentor[:, None]) & unit).sum(axis=1)
    return Face(
        arcs=face.arcs[slack == 0],
        low=np.maximum(face.low, must),
        high=np.maximum(np.minimum(face.high, may), face.low),
        may_wait=face.may_wait & (costs.waiting == prices.mentee),
    )
