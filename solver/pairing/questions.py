"""Questions about a solved problem, answered one after the other from warm data (docs/model.md, 1.11).

What if this pair is pinned or forbidden, a mentor takes more, somebody leaves? Why not this mentor for that
mentee? Scores, promising pairs and prices stay at hand; every answer is a full solve of the changed problem,
proved like any other, with its price and the people it touches.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from solver.pairing.assemble import level_counts, pinned_utility
from solver.pairing.candidates import graph_of
from solver.pairing.flow import Graph
from solver.pairing.goals import goals_of
from solver.pairing.leximin import Chain
from solver.pairing.market import Market, cached, market_of, restricted, utilities_of, utility_of_pairs
from solver.pairing.pricing import PricedPlan, best_plan, folded
from solver.pairing.problem import Criterion, Ints, PairingProblem
from solver.pairing.scoring import MatrixUtilities, broken_rules
from solver.pairing.share import with_share
from solver.settings import SolveSettings, silent, unhurried

Pair = tuple[int, int]

NEAR = 10
"""So many pairs per mentee are looked at first when something changes; prices bring in the others."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """What would be done: pairs pinned or forbidden, places per mentor changed, people gone, `points` of a
    criterion (by its number) changed.

    Places go no further than a mentor's cap on all they take on. `published`: pairs already announced; they
    are kept with `stability` 0..1000 (1000: touch nobody else).
    """

    pin: tuple[Pair, ...] = ()
    forbid: tuple[Pair, ...] = ()
    places: tuple[Pair, ...] = ()
    gone_mentees: tuple[int, ...] = ()
    gone_mentors: tuple[int, ...] = ()
    points: tuple[Pair, ...] = ()
    published: tuple[Pair, ...] = ()
    stability: int = 0


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What a change does, compared with the plan at hand: differences, and everybody whose mentor changes.

    `moved`: mentee, mentor before, mentor after; -1 for none. `pairs`: the plan with the change made. Where
    points change, levels and total of both plans are counted by the new points. `bound`: no plan as good in
    all that comes before the total has a higher one; the total itself where the plan is proved.
    """

    placed: int
    levels: tuple[int, ...]
    total: int
    moved: tuple[tuple[int, int, int], ...]
    pairs: tuple[Pair, ...]
    bound: int
    proved: bool


@dataclass(frozen=True, kw_only=True)
class WhyNot:
    """Why a mentee does not have a certain mentor.

    `rules`: the hard rules the pair breaks (-1: excluded), and then nothing else. Otherwise `goal`: the first
    goal that suffers, and by `bound` at least, read off the prices; `effect`: what happens when the pair is
    made.
    """

    rules: tuple[int, ...] = ()
    goal: str = ""
    levels: tuple[int, ...] = ()
    bound: int = 0
    effect: Effect | None = None


class WarmProblem:
    """A problem solved once, ready for questions. Every mentee asks for one mentor; who ask for several have
    `several_desk.py`.

    most (mentors,): the most places any change may give each mentor; None: as many as it says.
    """

    def __init__(
        self,
        problem: PairingProblem,
        settings: SolveSettings,
        people: Ints | None = None,
        most: Ints | None = None,
    ) -> None:
        self.problem, self._settings, self._people, self._most = problem, settings, people, most
        self.market = self._cold(problem)
        self.solved = _solved(problem, self.market, None, ())
        last = self.solved.chain.steps[-1].goal if self.solved.chain.steps else None
        self._price = last.weights if last is not None and last.name == "share" else ()
        self.pairs = _pairs(problem, self.market, self.solved.chain)
        self._near = near_pairs(self.market, self.solved.chain, NEAR)
        self._mentee_place = _places(self.market.mentee_rows, problem.mentees)
        self._mentor_place = _places(self.market.mentor_rows, problem.mentors)

    def _cold(self, problem: PairingProblem) -> Market:
        return cached(market_of(problem, self._people, self._settings.seed, self._settings.workers))

    @property
    def bound(self) -> int:
        """No plan as good in all that comes before the total has a higher one."""
        return self.total + self.solved.gap

    @property
    def total(self) -> int:
        """The utilities of the plan at hand, added up."""
        return int(self._utility(self.problem, self.pairs).sum())

    def what_if(self, change: Change) -> Effect:
        """The best plan with the change made, and what it does to whom. Raises `PinError` for a pin no rule
        allows
        and ValueError for one that cannot hold."""
        changed = self._changed(change)
        market, graph = self._warm(changed, change)
        solved = _solved(changed, market, graph, self._price)
        pairs = _pairs(changed, market, solved.chain)
        return self._effect(changed, pairs, solved)

    def why_not(self, mentee: int, mentor: int) -> WhyNot:
        """What stands against this pair: the rules it breaks, or the price of making it."""
        broken = np.flatnonzero(broken_rules(self.problem, mentee)[:, mentor])
        if len(broken):
            last = len(self.problem.rules)
            return WhyNot(rules=tuple(-1 if rule == last else rule for rule in broken.tolist()))
        e, m = self._mentee_place[mentee], self._mentor_place[mentor]
        if e < 0 or m < 0:
            return WhyNot(goal="pinned" if e < 0 else "places")
        utility = self.market.utilities.block(e, e + 1)[0, m]
        if utility < 0:
            return WhyNot(rules=(-1,))
        answer = WhyNot(effect=self.what_if(Change(pin=((mentee, mentor),))))
        for step in self.solved.chain.steps:
            cost = step.goal.of_pairs(
                self.market.problem.credits, np.array([e]), np.array([m]), np.array([utility])
            )
            reduced = int(cost[0] + step.prices.mentor[m] - step.prices.mentee[e])
            if reduced > 0:
                return replace(answer, goal=step.goal.name, levels=step.goal.levels, bound=reduced)
        return answer

    def repair(self, change: Change) -> Effect:
        """The plan at hand with as few pairs changed as the change's stability asks for."""
        return self.what_if(replace(change, published=tuple(map(tuple, self.pairs.tolist()))))

    def _changed(self, change: Change) -> PairingProblem:
        problem, capacity = self.problem, self.problem.capacity.copy()
        for mentor, places in change.places:
            capacity[mentor] = places if self._most is None else min(places, int(self._most[mentor]))
        capacity[list(change.gone_mentors)] = 0
        gone_mentees = set(change.gone_mentees)
        released = gone_mentees | {mentee for mentee, _ in change.pin}
        pinned = [pair for pair in map(tuple, problem.pinned.tolist()) if pair[0] not in gone_mentees]
        kept = [
            (e, m)
            for e, m in change.published
            if e not in released and m not in change.gone_mentors and (e, m) not in change.forbid
        ]
        load = np.bincount(_rows([*{*pinned, *kept, *change.pin}])[:, 1], minlength=problem.mentors)
        if change.stability == 1000 and not (load > capacity).any():
            # Nobody has to give way: the kept pairs leave the problem, and what is left is small.
            pinned, kept = sorted({*pinned, *kept}), []
        return problem.replace(
            capacity=capacity,
            criteria=with_points(problem.criteria, change.points),
            pinned=_rows([*pinned, *change.pin]),
            excluded=np.concatenate([problem.excluded, _rows([*change.forbid, *self._all_of(change)])]),
            kept=_rows(kept),
            stability=change.stability,
        )

    def _all_of(self, change: Change) -> list[Pair]:
        """Every pair of those who are gone, for a market built anew."""
        return [(mentee, mentor) for mentee in change.gone_mentees for mentor in range(self.problem.mentors)]

    def _warm(self, changed: PairingProblem, change: Change) -> tuple[Market, Graph | None]:
        """The changed market with the scores at hand, and the promising pairs that are left in it."""
        if change.points or not isinstance(self.market.utilities, MatrixUtilities):
            return self._cold(changed), None
        taken = np.zeros(changed.mentees, bool)
        taken[changed.pinned[:, 0]] = True
        taken[list(change.gone_mentees)] = True
        pinned = np.bincount(changed.pinned[:, 1], minlength=changed.mentors)
        rows, columns = self.market.mentee_rows, self.market.mentor_rows
        known = set(columns.tolist())
        if any(mentor not in known for mentor in np.flatnonzero(changed.capacity > pinned).tolist()):
            return self._cold(changed), None
        keep_rows, keep_columns = (
            np.flatnonzero(~taken[rows]),
            np.flatnonzero((changed.capacity > pinned)[columns]),
        )
        market = self._part(changed, keep_rows, keep_columns, pinned, change.forbid)
        return market, _part_of(self._near, market, keep_rows, keep_columns)

    def _part(
        self, changed: PairingProblem, rows: Ints, columns: Ints, pinned: Ints, forbid: Sequence[Pair]
    ) -> Market:
        mentees, mentors = self.market.mentee_rows[rows], self.market.mentor_rows[columns]
        block = self.market.utilities.block(0, self.market.utilities.shape[0])
        matrix = block[np.ix_(rows, columns)]
        place = _places(mentees, changed.mentees), _places(mentors, changed.mentors)
        for mentee, mentor in forbid:
            if place[0][mentee] >= 0 and place[1][mentor] >= 0:
                matrix[place[0][mentee], place[1][mentor]] = -1
        part = restricted(changed, mentees, mentors)
        room = np.minimum(changed.capacity - pinned, max(1, changed.mentees))[mentors]
        return Market(
            problem=part.replace(capacity=room),
            utilities=MatrixUtilities(matrix),
            mentee_rows=mentees,
            mentor_rows=mentors,
            base=pinned[mentors],
            workers=self.market.workers,
        )

    def _effect(self, changed: PairingProblem, pairs: Ints, solved: PricedPlan) -> Effect:
        before, after = dict(self.pairs.tolist()), dict(pairs.tolist())
        moved = tuple(
            (mentee, before.get(mentee, -1), after.get(mentee, -1))
            for mentee in sorted({*before, *after})
            if before.get(mentee, -1) != after.get(mentee, -1)
        )
        if changed.criteria == self.problem.criteria:
            one, other = self._utility(self.problem, self.pairs), self._utility(changed, pairs)
        else:
            anew = utilities_of(changed)
            one, other = utility_of_pairs(anew, self.pairs), utility_of_pairs(anew, pairs)
        levels = zip(
            level_counts(self.problem, self.pairs, one), level_counts(changed, pairs, other), strict=True
        )
        return Effect(
            placed=len(after) - len(before),
            levels=tuple(new - old for old, new in levels),
            total=int(other.sum() - one.sum()),
            moved=moved,
            pairs=tuple(map(tuple, pairs.tolist())),
            bound=int(other.sum()) + solved.gap,
            proved=solved.proved,
        )

    def _utility(self, problem: PairingProblem, pairs: Ints) -> Ints:
        """Utilities of a plan's pairs, from the scores at hand where they are there. Raises `PinError`."""
        e, m = self._mentee_place[pairs[:, 0]], self._mentor_place[pairs[:, 1]]
        known = (e >= 0) & (m >= 0) & isinstance(self.market.utilities, MatrixUtilities)
        utility = np.full(len(pairs), -1, np.int64)
        if known.any():
            whole = self.market.utilities.block(0, self.market.utilities.shape[0])
            utility[known] = whole[e[known], m[known]]
        odd = utility < 0
        utility[odd] = pinned_utility(problem.replace(pinned=pairs[odd]))
        return utility


def near_pairs(market: Market, chain: Chain, each: int) -> Graph:
    """The pairs of a solved graph that are nearest to their prices, about `each` per mentee."""
    graph, key = chain.graph, folded(chain.steps)
    most = each * graph.mentees
    if len(graph.tail) <= most:
        return graph
    cost = key.table[market.problem.credits[graph.tail], graph.utility]
    reduced = cost + key.mentor[graph.head] - key.mentee[graph.tail]
    return graph.part(np.flatnonzero(reduced <= np.partition(reduced, most)[most]))


def _solved(
    problem: PairingProblem, market: Market, graph: Graph | None, price: tuple[int, ...]
) -> PricedPlan:
    """The market's best plan, beginning with the pairs that were promising before the change, and with the
    price crossing pairs had then."""
    goals = goals_of(market.problem)
    if problem.cross_share:
        return with_share(problem, market, goals, unhurried, silent, start=graph, price=price)
    return best_plan(market, goals, unhurried, silent, start=graph)


def with_points(criteria: tuple[Criterion, ...], points: Sequence[Pair]) -> tuple[Criterion, ...]:
    """Criteria with other points; a table keeps its shape. Raises ValueError for a number there is not."""
    changed = list(criteria)
    for place, most in points:
        if not 0 <= place < len(changed):
            raise ValueError(f"There is no criterion {place}.")
        one = changed[place]
        table = tuple(entry * most // max(1, one.points) for entry in one.table)
        changed[place] = replace(one, points=most, table=table)
    return tuple(changed)


def _rows(pairs: Sequence[Pair]) -> Ints:
    return np.array(pairs, np.int64).reshape(-1, 2)


def _places(rows: Ints, length: int) -> Ints:
    """Where each original row stands in the market, -1 for nowhere."""
    place = np.full(length, -1, np.int64)
    place[rows] = np.arange(len(rows))
    return place


def _pairs(problem: PairingProblem, market: Market, chain: Chain) -> Ints:
    """The plan's pairs in the problem's numbering, sorted."""
    placed = np.flatnonzero(chain.match >= 0)
    mentors = market.mentor_rows[chain.graph.head[chain.match[placed]]]
    pairs = np.concatenate([np.stack([market.mentee_rows[placed], mentors], axis=1), problem.pinned])
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _part_of(graph: Graph, market: Market, rows: Ints, columns: Ints) -> Graph:
    """A graph's arcs between the rows and columns that are left, in their new numbering."""
    mentee, mentor = _places(rows, graph.mentees), _places(columns, graph.mentors)
    tail, head = mentee[graph.tail], mentor[graph.head]
    left = np.flatnonzero((tail >= 0) & (head >= 0))
    tail, head = tail[left], head[left]
    utility = market.utilities.block(0, market.utilities.shape[0])[tail, head]
    allowed = utility >= 0
    return graph_of(market, tail[allowed], head[allowed], utility[allowed])
