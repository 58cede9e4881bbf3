"""The worst-off first: goal after goal, each on the plans that are best so far (docs/model.md, 1.5 to 1.7).

Places are counted by one maximum flow. Then all levels that matter go into one flow by steep weights. The
prices of that flow are taken apart again, one small integer per level, and prove the levels one by one; only
if these integers cannot be told apart is the flow repeated with fewer levels. The goals after the levels
follow on what is then left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from ortools.graph.python import max_flow

from solver.pairing.flow import Face, FlowCosts, Graph, Prices, cheapest, cost_limit, narrowed
from solver.pairing.goals import Goal, packed
from solver.pairing.market import Market
from solver.pairing.problem import Ints
from solver.pairing.recovery import by_mentee, settled
from solver.settings import Remaining, Report
from solver.status import SolveFailedError, require_optimal

STEEPEST = 256
"""No weight needs to be more than this times the next: prices count levels along short chains of moves."""

STEEP = 12
"""Levels whose weights would be less than this times the next are left for a later flow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ProvedGoal:
    """A goal proved on its face: the least cost and the prices."""

    goal: Goal
    prices: Prices
    value: int

    @property
    def goals(self) -> int:
        """How many goals of the list it covers."""
        return max(1, len(self.goal.levels))


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """All goals one after the other. `match` (E,): arc of the graph per mentee or -1; `face`: what is left
    free; `open_goals`: those the deadline left unproved.
    """

    graph: Graph
    match: Ints
    steps: tuple[ProvedGoal, ...]
    face: Face
    open_goals: tuple[Goal, ...] = ()


def solve_chain(  # noqa: PLR0917 - the one call both the recipe and a question make
    market: Market,
    graph: Graph,
    goals: Sequence[Goal],
    face: Face,
    remaining: Remaining,
    report: Report,
    known: Sequence[ProvedGoal] = (),
    likely: int = 0,
) -> Chain:
    """The best plan of the graph within `face` by all goals in turn, each proved; the match of the last one.

    `known`: leading steps, none or more than the first, whose prices are known to hold for all of the graph.
    `likely`: how many of the first levels may be expected to be idle. Raises SolveFailedError
    when a cost leaves 64 bits or the face has no plan.
    """
    solving = _Solving(market, graph, face, likely)
    for step in known:
        solving.resume(step)
    left = list(goals)[sum(step.goals for step in known) :]
    while left and (remaining() > 0 or len(solving.steps) == len(known)):
        if left[0].name == "coverage" and not solving.steps and not face.low.any() and face.may_wait.all():
            done = solving.coverage(left[0])
        elif left[0].name == "levels":
            done = solving.levels(_leading_levels(left))
        else:
            done = solving.single(left[0])
        left = left[done:]
        report("fair", len(goals) - len(left), len(goals))
    return Chain(
        graph=graph,
        match=solving.match,
        steps=tuple(solving.steps),
        face=solving.face,
        open_goals=tuple(left),
    )


def _leading_levels(goals: Sequence[Goal]) -> list[Goal]:
    ends = (place for place, goal in enumerate(goals) if goal.name != "levels")
    return list(goals[: next(ends, len(goals))])


class _Solving:
    """A chain under way: the face, the match and the steps so far."""

    def __init__(self, market: Market, graph: Graph, face: Face, likely: int) -> None:
        self.market, self.graph, self.face = market, graph, face
        self.order = by_mentee(graph)
        self.match = np.full(graph.mentees, -1, np.int64)
        self.steps: list[ProvedGoal] = []
        self.likely, self.searched = likely, False

    def resume(self, step: ProvedGoal) -> None:
        """A step proved before."""
        self.steps.append(step)
        self.searched |= step.goal.name == "levels"
        costs = self.market.costs(self.graph, self.face, step.goal)
        self.face = narrowed(self.graph, self.face, costs, step.prices)

    def coverage(self, goal: Goal) -> int:
        """As many placed as can be, by a maximum flow."""
        match = most_placed(self.graph, self.face.arcs)
        costs = self.market.costs(self.graph, self.face, goal)
        prices = settled(self.graph, self.face, costs, match, self.order)
        if prices is None:
            raise SolveFailedError("A maximum flow could be improved.")
        self.match = match
        self._take(goal, costs, prices)
        return 1

    def single(self, goal: Goal) -> int:
        """One goal by one flow; none where the match at hand is proved already."""
        costs = self.market.costs(self.graph, self.face, goal)
        if (self.match < 0).all() or not self._is_settled_free(goal, costs):
            self.match = cheapest(self.graph, self.face, costs)
        prices = settled(self.graph, self.face, costs, self.match, self.order)
        if prices is None:
            raise SolveFailedError(f"No prices prove the goal {goal.name}.")
        self._take(goal, costs, prices)
        return 1

    def levels(self, goals: list[Goal]) -> int:
        """The next levels: those that nobody needs in one step, then as many as one flow can tell apart."""
        idle = self._idle(goals)
        if idle:
            self._take_unpriced(packed(goals[:idle], 1))
            return idle
        count = self._telling(goals)
        while True:
            ratio = self._ratio(count)
            goal = packed(goals[:count], ratio)
            costs = self.market.costs(self.graph, self.face, goal)
            match = cheapest(self.graph, self.face, costs)
            prices = settled(self.graph, self.face, costs, match, self.order)
            if prices is None:
                raise SolveFailedError("No prices prove the levels.")
            single, tight = self._told_apart(goals[:count], prices, ratio)
            if self._holds(match, tight):
                break
            count = (count + 1) // 2
        self.match = match
        self.face = replace(narrowed(self.graph, self.face, costs, prices), arcs=tight)
        for goal, own in zip(goals, single, strict=False):
            self.steps.append(ProvedGoal(goal=goal, prices=own, value=self._value(goal)))
        return count

    def _holds(self, match: Ints, arcs: Ints) -> bool:
        """Whether every pair of the match is among the arcs."""
        marked = np.zeros(len(self.graph.tail), np.bool_)
        marked[arcs] = True
        return bool(marked[match[match >= 0]].all())

    def _told_apart(self, goals: list[Goal], prices: Prices, ratio: int) -> tuple[list[Prices], Ints]:
        """The prices of each level by itself, and the arcs tight in all; no arcs if nothing is proved.

        In base `ratio`, with digits of both signs, the first digit that is not zero has the sign of the
        number: so mentors and waiting mentees are in order as they are, and only the arcs need a look.
        """
        mentee = digits(prices.mentee, ratio, len(goals))
        mentor = digits(prices.mentor, ratio, len(goals))
        single = [Prices(mentee=y, mentor=z) for y, z in zip(mentee, mentor, strict=True)]
        arcs = self.face.arcs
        for place, goal in enumerate(goals):
            tail, head = self.graph.tail[arcs], self.graph.head[arcs]
            cost = goal.table[self.market.problem.credits[tail], self.graph.utility[arcs]]
            reduced = cost - mentee[place][tail] + mentor[place][head]
            if (reduced < 0).any():
                return single, arcs[:0]
            arcs = arcs[reduced == 0]
        return single, arcs

    def _idle(self, goals: list[Goal]) -> int:
        """How many of the leading levels no best plan needs; their arcs leave the face."""
        if self.searched:
            return 0
        self.searched = True
        arcs, least = self.face.arcs, self._least_levels(goals)
        steps = [int(step) for step in np.unique(least)] or [len(goals)]
        if goals[0].weights[0] < 0:
            return steps[0]
        if [step.goal.name for step in self.steps] != ["coverage"]:
            held = least[np.searchsorted(arcs, self.match[self.match >= 0])]
            return int(held.min(initial=len(goals))) if self.steps else 0
        placed = int((self.match >= 0).sum())
        low, high = 0, len(steps) - 1
        first = int(np.searchsorted(steps, self.likely))
        while low < high:
            middle = next(
                (probe for probe in (first, first + 1) if low < probe <= high), (low + high + 1) // 2
            )
            if int((most_placed(self.graph, arcs[least >= steps[middle]]) >= 0).sum()) == placed:
                low = middle
            else:
                high = middle - 1
        return steps[low]

    def _least_levels(self, goals: list[Goal]) -> Ints:
        """For each arc of the face: the first of the goals it costs something in, or their number if none."""
        least = np.full(goals[0].table.shape, len(goals), np.int64)
        for place in range(len(goals) - 1, -1, -1):
            least[goals[place].table != 0] = place
        graph, arcs = self.graph, self.face.arcs
        found: Ints = least[self.market.problem.credits[graph.tail[arcs]], graph.utility[arcs]]
        return found

    def _costs_on_arcs(self, goal: Goal) -> Ints:
        graph, arcs = self.graph, self.face.arcs
        credit = self.market.problem.credits[graph.tail[arcs]]
        return goal.table[credit, graph.utility[arcs]]

    def _telling(self, goals: list[Goal]) -> int:
        """How many levels one flow can hold with steep weights."""
        most = cost_limit(self.graph) // 2
        count = 1
        while count < len(goals) and STEEP**count <= most:
            count += 1
        return count

    def _ratio(self, count: int) -> int:
        """Each level's weight over the next one's."""
        exact = 4 * (self.graph.mentees + self.graph.mentors) + 6
        if count == 1:
            return exact
        ratio = min(exact, int((cost_limit(self.graph) // 2) ** (1 / (count - 1))))
        return ratio if count <= 3 else min(ratio, STEEPEST)

    def _is_settled_free(self, goal: Goal, costs: FlowCosts) -> bool:
        """Whether the goal costs nothing anywhere on the face: every plan is as good."""
        return goal.places == "" and not costs.arc.any() and not costs.waiting[self.face.may_wait].any()

    def _take(self, goal: Goal, costs: FlowCosts, prices: Prices) -> None:
        self.steps.append(ProvedGoal(goal=goal, prices=prices, value=self._value(goal)))
        self.face = narrowed(self.graph, self.face, costs, prices)

    def _take_unpriced(self, goal: Goal) -> None:
        """A goal that costs nothing now and never less: its arcs leave the face, no prices are needed."""
        zeros = Prices(
            mentee=np.zeros(self.graph.mentees, np.int64), mentor=np.zeros(self.graph.mentors, np.int64)
        )
        self.steps.append(ProvedGoal(goal=goal, prices=zeros, value=0))
        free = self._costs_on_arcs(goal) == 0
        self.face = replace(self.face, arcs=self.face.arcs[free])

    def _value(self, goal: Goal) -> int:
        graph, placed = self.graph, self.match >= 0
        arcs = self.match[placed]
        pairs = goal.of_pairs(
            self.market.problem.credits, graph.tail[arcs], graph.head[arcs], graph.utility[arcs]
        )
        value = int(pairs.sum()) + int(goal.waiting[~placed].sum())
        place = self.market.costs(graph, replace(self.face, arcs=self.face.arcs[:0]), goal).place
        if place is not None:
            load = np.bincount(graph.head[arcs], minlength=graph.mentors)
            value += int((place * (np.arange(place.shape[1])[None, :] < load[:, None])).sum())
        return value


def most_placed(graph: Graph, arcs: Ints) -> Ints:
    """Each mentee's arc, or -1 (E,), in a plan over `arcs` that places as many mentees as can be."""
    mentees, mentors = graph.mentees, graph.mentors
    flow, source, sink = max_flow.SimpleMaxFlow(), mentees + mentors, mentees + mentors + 1
    used = flow.add_arcs_with_capacity(
        graph.tail[arcs].astype(np.int32),
        (graph.head[arcs] + mentees).astype(np.int32),
        np.ones(len(arcs), np.int64),
    )
    everybody = np.arange(mentees, dtype=np.int32)
    flow.add_arcs_with_capacity(np.full(mentees, source, np.int32), everybody, np.ones(mentees, np.int64))
    places = np.arange(mentees, mentees + mentors, dtype=np.int32)
    flow.add_arcs_with_capacity(places, np.full(mentors, sink, np.int32), graph.capacity)
    require_optimal(flow.solve(source, sink).name, "The count of places")
    chosen = arcs[flow.flows(used) > 0]
    match = np.full(mentees, -1, np.int64)
    match[graph.tail[chosen]] = chosen
    return match


def digits(values: Ints, ratio: int, count: int) -> Ints:
    """(count, n): values in base `ratio`, digits from -ratio/2 up, the highest place first and unbounded."""
    out = np.empty((count, len(values)), np.int64)
    rest, half = values, ratio // 2
    for place in range(count - 1, 0, -1):
        out[place] = (rest + half) % ratio - half
        rest = (rest - out[place]) // ratio
    out[0] = rest
    return out
