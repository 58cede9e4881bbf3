"""The worst-off first: goal after goal, each on the plans that are best so far (docs/model.md, 1.5 to 1.7).

One flow aims at many goals at once by steep weights. That alone proves nothing, so every goal is then proved
by prices on its own face, and where the proof fails the flow is repeated on that face with fewer goals in
view.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.pairing.flow import (
    PATIENCE,
    Costs,
    Face,
    Graph,
    Prices,
    cheapest,
    cost_limit,
    narrowed,
    recover_prices,
)
from solver.pairing.goals import LARGEST_WEIGHT, Goal, packed
from solver.pairing.market import Market
from solver.pairing.problem import Ints
from solver.settings import Remaining, Report
from solver.status import SolveFailedError

STEEP = 8
"""Goals whose weights would be less than this times the next are left for a later flow."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """A goal proved on its face: the least cost and the prices."""

    goal: Goal
    prices: Prices
    value: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Chain:
    """All goals one after the other. `match` (E,): arc of the graph per mentee or -1; `face`: what is left
    free;
    `open_goals`: those the deadline left unproved."""

    graph: Graph
    match: Ints
    steps: tuple[Step, ...]
    face: Face
    open_goals: tuple[Goal, ...] = ()


def solve_chain(  # noqa: PLR0917 - the order in which the recipe names them
    market: Market, graph: Graph, goals: Sequence[Goal], face: Face, remaining: Remaining, report: Report
) -> Chain:
    """The best plan of the graph within `face` by all goals in turn, each proved; the match of the last
    one.
    """
    left, aimed = list(goals), 0
    steps: list[Step] = []
    match = np.full(graph.mentees, -1, np.int64)
    while left and (remaining() > 0 or not steps):
        if aimed == 0:
            match, aimed = _aim(market, graph, face, left)
        goal, used = _next_goal(market, graph, match, left[:aimed])
        costs = market.costs(graph, face, goal)
        prices = _proof(graph, costs, match, face, goal)
        if prices is None:
            match, aimed = _aim(market, graph, face, left)
            goal, used = _next_goal(market, graph, match, left[:aimed])
            costs = market.costs(graph, face, goal)
            prices = _proof(graph, costs, match, face, goal)
        if prices is None:
            match, aimed = cheapest(graph, face, costs), used
            prices = recover_prices(graph, face, costs, match, graph.mentees + graph.mentors + 2)
        if prices is None:
            raise SolveFailedError(f"No prices prove the goal {goal.name}.")
        steps.append(Step(goal=goal, prices=prices, value=_value(face, costs, match, graph)))
        face = narrowed(graph, face, costs, prices)
        left, aimed = left[used:], aimed - used
        report("fair", len(goals) - len(left), len(goals))
    return Chain(graph=graph, match=match, steps=tuple(steps), face=face, open_goals=tuple(left))


def _proof(graph: Graph, costs: Costs, match: Ints, face: Face, goal: Goal) -> Prices | None:
    """Prices that prove the match on this goal; nought when it costs nothing and could not cost less."""
    if _is_free(goal) and _value(face, costs, match, graph) == 0:
        return Prices(mentee=np.zeros(graph.mentees, np.int64), mentor=np.zeros(graph.mentors, np.int64))
    return recover_prices(graph, face, costs, match, PATIENCE)


def _is_free(goal: Goal) -> bool:
    return (
        not goal.places
        and goal.cross is None
        and bool(goal.table.min() >= 0)
        and bool((goal.waiting >= 0).all())
    )


def _value(face: Face, costs: Costs, match: Ints, graph: Graph) -> int:
    placed = match >= 0
    arcs = int(costs.arc[np.searchsorted(face.arcs, match[placed])].sum())
    places = 0
    if costs.place is not None:
        load = np.bincount(graph.head[match[placed]], minlength=graph.mentors)
        unit = np.arange(costs.place.shape[1])[None, :] < load[:, None]
        places = int((costs.place * unit).sum())
    return arcs + int(costs.waiting[~placed].sum()) + places


def _aim(market: Market, graph: Graph, face: Face, goals: Sequence[Goal]) -> tuple[Ints, int]:
    """(1.5) One flow that aims at the first goals together, as many as steep weights allow; and how many
    these are.
    """
    if goals[0].places:
        return cheapest(graph, face, market.costs(graph, face, goals[0])), 1
    exact, costs = graph.mentees + 1, [market.costs(graph, face, goal) for goal in _flow_goals(goals)]
    spans = [_span(cost) for cost in costs]
    taken, ratio = 1, exact
    for count in range(2, len(costs) + 1):
        wider = _ratio(cost_limit(graph) // 2, spans[:count], exact)
        if wider < (exact if goals[count - 1].name == "total" else min(STEEP, exact)):
            break
        taken, ratio = count, wider
    return cheapest(graph, face, _joint(costs[:taken], spans[:taken], ratio)), taken


def _flow_goals(goals: Sequence[Goal]) -> list[Goal]:
    """The goals up to the first that prices places: those need arcs of their own."""
    ends = (place for place, goal in enumerate(goals) if goal.places)
    return list(goals[: next(ends, len(goals))])


def _span(costs: Costs) -> int:
    """The largest difference between two costs of a goal."""
    every = np.concatenate([costs.arc, costs.waiting, [0]])
    return int(every.max() - every.min())


def _ratio(limit: int, spans: Sequence[int], exact: int) -> int:
    """How many times the next goal's largest cost each goal may weigh."""
    present = [float(span) for span in spans if span]
    if len(present) <= 1:
        return exact
    widest: float = (limit / float(np.prod(present))) ** (1 / (len(present) - 1))
    return min(exact, int(widest))


def _joint(costs: Sequence[Costs], spans: Sequence[int], ratio: int) -> Costs:
    weight, arc, waiting = 1, np.zeros_like(costs[0].arc), np.zeros_like(costs[0].waiting)
    for cost, span in zip(reversed(costs), reversed(spans), strict=True):
        if span:
            arc, waiting = arc + weight * cost.arc, waiting + weight * cost.waiting
            weight *= span * ratio
    return Costs(arc=arc, waiting=waiting)


def _next_goal(market: Market, graph: Graph, match: Ints, goals: Sequence[Goal]) -> tuple[Goal, int]:
    """The next goal to prove and how many of the list it covers: levels nobody needs in one, others
    packed.
    """
    levels = next((place for place, goal in enumerate(goals) if goal.name != "levels"), len(goals))
    if levels == 0:
        return goals[0], 1
    placed = np.flatnonzero(match >= 0)
    credit, utility = market.problem.credits[placed], graph.utility[match[placed]]
    values = [int(goal.table[credit, utility].sum()) for goal in goals[:levels]]
    idle = next((place for place, value in enumerate(values) if value != 0), levels)
    if idle and goals[0].weights[0] > 0:
        return packed(goals[:idle], 1), idle
    ratio = graph.mentees + 1
    count = 1
    while count < levels and ratio**count <= LARGEST_WEIGHT:
        count += 1
    return packed(goals[:count], ratio), count
