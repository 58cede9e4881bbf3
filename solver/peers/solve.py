"""Peers in pairs, and trios where pairs do not come out: a matching of least cost, with its proof.

The linear program of `solver.peers.program` is solved over the pairs and trios that matter, priced against
all others; odd sets are cut off until a corner is whole, or until the best whole choice costs no more than
the bound (docs/model.md, 2.17).
"""

import numpy as np

from solver.circles.bound import counting_bound
from solver.circles.cooling import part_of
from solver.circles.costs import CircleCosts, costs_of
from solver.circles.polish import polish
from solver.circles.problem import CirclesPlan, CirclesProblem, Flags, Ints
from solver.circles.solve import plan_of
from solver.peers.oddsets import labels, split_sets
from solver.peers.pool import PAIR, TRIO, Pool, pool_of
from solver.peers.pricing import UNIT, missing, within
from solver.peers.program import Corner, Program, whole_choice
from solver.settings import Remaining, Report, SolveSettings, silent

NEAREST = 8
"""Pairs of each person the program begins with."""

CUTS = 60
"""Odd sets cut off at once."""

PATIENCE = 12
"""Looks for odd sets that do not raise the bound before a whole choice is made."""

AT_ONCE = 2_000
"""Larger pools are first matched in parts."""

PART = 1_000
"""People of a part: an even number, so that only the last needs a trio for being odd."""

MOST_GROUPS = 30_000
"""More groups than this within the gap are not tried in one integer program."""

Groups = list[tuple[int, ...]]


def for_peers(problem: CirclesProblem) -> bool:
    """Whether pairs are what is asked for, with trios at most where pairs do not come out."""
    return problem.target == PAIR and problem.largest <= TRIO


def solve_peers(
    problem: CirclesProblem, settings: SolveSettings, remaining: Remaining, report: Report
) -> CirclesPlan:
    """Pairs and trios at the least cost, whoever is left over with the reason. Never fails: at the deadline
    the best that is known, with the bound."""
    costs, least = costs_of(problem), counting_bound(problem).cost
    known: Groups = []
    if problem.n > AT_ONCE:
        known = _in_parts(problem, settings, remaining)
        if _cost(costs, known) == least or remaining() <= 0:
            return plan_of(costs, known, least)
    pool = pool_of(costs)
    report("circles", 0, 3)
    if not pool.pairs.any():
        return plan_of(costs, [], pool.left_over * pool.n)
    search = _Search(pool, settings, remaining)
    search.bound = least
    search.keep(known)
    search.run(report)
    report("circles", 3, 3)
    return plan_of(costs, search.best, search.bound)


def _in_parts(problem: CirclesProblem, settings: SolveSettings, remaining: Remaining) -> Groups:
    """A first plan of a large pool: drawn parts matched one by one; then whoever is left over among people
    of some of the parts, whose groups are given up for it."""
    order = np.random.default_rng(settings.seed).permutation(problem.n)
    groups: Groups = []
    for people in np.split(order, range(PART, problem.n, PART)):
        groups += _matched(problem, np.sort(people), settings, remaining)
    seated = {person for members in groups for person in members}
    left = [person for person in range(problem.n) if person not in seated][: PART // 2]
    if left:
        again = groups[: (PART - len(left)) // PAIR]
        people = np.array(sorted([*left, *(person for members in again for person in members)]), np.int64)
        found = _matched(problem, people, settings, remaining)
        if sum(map(len, found)) > sum(map(len, again)):
            groups = groups[len(again) :] + found
    return groups


def _matched(problem: CirclesProblem, people: Ints, settings: SolveSettings, remaining: Remaining) -> Groups:
    plan = solve_peers(part_of(problem, people), settings, remaining, silent)
    return [tuple(people[list(members)].tolist()) for members in plan.groups]


def _cost(costs: CircleCosts, groups: Groups) -> int:
    return costs.total(groups, costs.problem.n - sum(map(len, groups)))


class _Search:
    """What is known so far: the best groups and their cost, and the bound."""

    def __init__(self, pool: Pool, settings: SolveSettings, remaining: Remaining) -> None:
        self.pool, self.effort, self.remaining = pool, settings.effort, remaining
        self.rng = np.random.default_rng(settings.seed)
        self.program = Program(pool)
        self.best: Groups = []
        self.cost = pool.left_over * pool.n
        self.bound = 0
        self.program.enter(_first(pool, self.rng))
        self.program.cut(_odd_parts(pool))

    def open(self) -> bool:
        """Whether something better may exist and there is time to look for it."""
        return self.bound < self.cost and self.remaining() > 0

    def run(self, report: Report) -> None:
        """Price, cut and choose until the plan is proved, nothing more is found, or time is out."""
        self.keep(_taken(self.pool, self.program.groups, np.ones(len(self.program.groups))))
        idle = 0
        while self.open():
            corner = self.program.corner()
            look = missing(self.pool, corner.prices, corner.odd)
            if self.program.enter(look.groups):
                continue
            self.keep(_taken(self.pool, self.program.groups, corner.share))
            bound = look.bound or 0
            idle, self.bound = 0 if bound > self.bound else idle + 1, max(self.bound, bound)
            report("circles", 1, 3)
            sets = split_sets(self.program.groups, corner.share, self.pool.n)[:CUTS]
            if self.open() and (idle == 0 or not len(sets)):
                self.keep(_taken(self.pool, self.program.groups, self.program.dive()))
            if not len(sets) or idle > PATIENCE:
                report("circles", 2, 3)
                self._choose(corner, bound)
                return
            self.program.cut(sets)

    def _choose(self, corner: Corner, bound: int) -> None:
        """The best whole choice among all groups that could be part of a better plan."""
        if not self.open():
            return
        groups = self._within(corner, bound)
        if groups is None:
            self.keep(self._polished())
            groups = self._within(corner, bound)
        if groups is None or not self.open():
            return
        found, done = whole_choice(self.pool, groups, corner.odd.inside, self.remaining)
        self.keep(found)
        if done:
            self.bound = self.cost

    def _within(self, corner: Corner, bound: int) -> Ints | None:
        return within(self.pool, corner.prices, corner.odd, (self.cost - bound) * UNIT, MOST_GROUPS)

    def _polished(self) -> Groups:
        """Where many trios are needed and the gap stays wide: neighbourhoods, chosen anew one by one."""
        return polish(
            self.pool.costs,
            self.best,
            self.rng,
            rounds=self.effort,
            bound=self.bound,
            remaining=self.remaining,
        )

    def keep(self, groups: Groups) -> None:
        """Take these groups if they cost less than what is known."""
        cost = _cost(self.pool.costs, groups)
        if cost < self.cost:
            self.best, self.cost = groups, cost


def _odd_parts(pool: Pool) -> Flags:
    """(k, n): parts of the pool that meet nobody outside, of three people or more and an odd number."""
    one, two = np.nonzero(pool.meets)
    label, many = np.unique(labels(one, two, pool.n), return_counts=True)
    odd = label[(many % 2 == 1) & (many > 1)]
    return np.asarray(labels(one, two, pool.n) == odd[:, None])


def _first(pool: Pool, rng: np.random.Generator) -> Ints:
    """The nearest pairs of each person, equal ones drawn by lot; and trios along them."""
    drawn = np.where(pool.pairs, pool.price + rng.random(pool.price.shape), np.inf)
    drawn = np.minimum(drawn, drawn.T)
    few = min(NEAREST, pool.n) - 1
    near = np.argpartition(drawn, few, axis=1)[:, : few + 1]
    real = np.isfinite(np.take_along_axis(drawn, near, 1))
    row, _ = np.nonzero(real)
    pairs = np.column_stack((row, near[real], np.full(len(row), pool.n)))
    if pool.trios and few:
        third = near[row, rng.integers(0, few + 1, len(row))]
        one, two = pairs[:, 0], pairs[:, 1]
        fits = pool.meets[one, third] & pool.meets[two, third] & pool.trios_meet(one, two, third)
        pairs = np.concatenate((pairs, np.column_stack((one, two, third))[fits]))
    return np.unique(np.sort(pairs, axis=1), axis=0)


def _taken(pool: Pool, groups: Ints, share: np.ndarray) -> Groups:
    """Groups that share nobody, the largest shares first and of equal ones the cheapest."""
    seated: set[int] = set()
    taken: Groups = []
    for row in np.lexsort((pool.cost_of(groups), -np.round(share, 3))).tolist():
        members = [int(person) for person in groups[row] if person < pool.n]
        if seated.isdisjoint(members):
            seated.update(members)
            taken.append(tuple(members))
    return taken
