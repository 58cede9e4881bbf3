"""A closer bound on the choice among listed circles: of any three people at most one circle can hold two.

    Σ x[c : |c ∩ {i, j, k}| >= 2] <= 1 for every three people i, j, k

The relaxation breaks this where it seats people by halves: three circles, each half, with two of the three.
(Subset rows: Jepsen, Petersen, Spoorendonk, Pisinger, Operations Research 56, 2008.) After each round of
cuts, circles whose reduced cost exceeds the gap leave the list, until an integer program can choose among
the rest.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.circles.columns import Columns
from solver.circles.costs import Costs
from solver.circles.partition import ENTERING, ROUNDING, Choice, added, people_rows, whole_choice
from solver.settings import Remaining

CUTS = 40
"""Cuts of one round, the most violated first."""

MOST_ROUNDS = 60

PATIENCE = 6
"""Rounds in a row that raise the bound by less than LEAST_RISE before the cutting ends."""

LEAST_RISE = 0.05

VIOLATED = 0.03
"""By how much the point must break a cut for it to be made."""

FEW = 4_000
"""So few columns left are chosen among at once; after the last round, up to MOST are."""

MOST = 12_000

Reals = NDArray[np.float64]
Triple = tuple[int, int, int]


def choose_with_cuts(costs: Costs, columns: Columns, known: int, remaining: Remaining) -> Choice:
    """As `partition.choose`: the best choice that costs less than `known`, with a bound on any choice.

    columns: every circle that keeps the rules, or every one that a choice below `known` could hold.
    """
    cutting = _Cutting(costs, columns, known, remaining)
    cutting.run()
    bound = min(known, int(np.ceil(cutting.value - ROUNDING)))
    if bound >= known or remaining() <= 0 or len(cutting.rows) > MOST:
        return Choice(None, known, bound)
    order = cutting.rows[np.argsort(cutting.reduced, kind="stable")]
    chosen, cost, done = whole_choice(costs, columns, order, remaining, cutting.cuts)
    better = cost < known
    least = min(cost, known) if done else min(bound, cost)
    return Choice(chosen if better else None, min(cost, known), least)


@dataclass
class _Cutting:
    """The relaxation under way. rows: columns still in question, with their reduced costs; value: no choice
    of them costs less; cuts: three positions each."""

    costs: Costs
    columns: Columns
    known: int
    remaining: Remaining
    value: float = -np.inf
    cuts: list[Triple] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = len(self.columns.people)
        self.rows = np.arange(len(self.columns))
        self.reduced = np.zeros(len(self.columns))
        # Reached through the class, like every program of ours: a plain simplex, warm while columns enter.
        self.program = pywraplp.Solver.CreateSolver("GLOP")
        self.each = people_rows(self.program, self.people, self.costs.problem.unplaced_weight)
        self.limits: list[pywraplp.Constraint] = []
        self.inside: dict[int, pywraplp.Variable] = {}

    def run(self) -> None:
        """Price and cut until the bound meets what is known, few columns are left or nothing helps."""
        idle = 0
        for _ in range(MOST_ROUNDS):
            before = self.value
            if not self._priced() or self.value > self.known - 1 + ROUNDING or len(self.rows) <= FEW:
                return
            idle = 0 if self.value > before + LEAST_RISE else idle + 1
            fresh = self._violated()
            if idle == PATIENCE or not fresh or self.remaining() <= 0:
                return
            for triple in fresh:
                self._cut(triple)

    def _priced(self) -> bool:
        """Solve over all columns in question and drop those beyond the gap; False if there was no time."""
        entering = self.rows[np.argsort(self.columns.cost[self.rows], kind="stable")[:ENTERING]]
        entering = entering[:0] if self.inside else entering
        while True:
            for at in entering.tolist():
                self._enter(at)
            if self.program.Solve() != self.program.OPTIMAL:
                return False
            reduced = self._reduced()
            (negative,) = np.nonzero(reduced < -ROUNDING)
            if not len(negative):
                break
            if self.remaining() <= 0:
                return False
            entering = self.rows[negative[np.argsort(reduced[negative], kind="stable")][:ENTERING]]
        self.value = max(self.value, float(self.program.Objective().Value()))
        near = reduced <= self.known - 1 - self.value + ROUNDING
        self.rows, self.reduced = self.rows[near], reduced[near]
        return True

    def _enter(self, at: int) -> None:
        if at in self.inside:
            return
        variable = added(self.program, self.each, self.columns, at, False)
        for limit, triple in zip(self.limits, self.cuts, strict=True):
            if np.isin(self.columns.members[at], triple).sum() >= 2:
                limit.SetCoefficient(variable, 1)
        self.inside[at] = variable

    def _reduced(self) -> Reals:
        prices = np.array([row.dual_value() for row in self.each] + [0.0])
        members = self.columns.members[self.rows]
        reduced: Reals = self.columns.cost[self.rows] - prices[members].sum(1)
        for limit, triple in zip(self.limits, self.cuts, strict=True):
            if (price := limit.dual_value()) < -ROUNDING:
                reduced -= price * holds_two(members, triple, self.people)
        return reduced

    def _cut(self, triple: Triple) -> None:
        limit = self.program.Constraint(-self.program.infinity(), 1)
        inside = np.fromiter(self.inside, np.int64, len(self.inside))
        for at in inside[holds_two(self.columns.members[inside], triple, self.people)].tolist():
            limit.SetCoefficient(self.inside[at], 1)
        self.limits.append(limit)
        self.cuts.append(triple)

    def _violated(self) -> list[Triple]:
        share = np.array([variable.solution_value() for variable in self.inside.values()])
        used = share > ROUNDING
        held = np.zeros((int(used.sum()), self.people + 1), np.int8)
        np.put_along_axis(
            held, self.columns.members[np.fromiter(self.inside, np.int64)[used]].astype(np.int64), 1, 1
        )
        return violated(held[:, :-1], share[used])


def violated(held: NDArray[np.int8], share: Reals) -> list[Triple]:
    """The most violated cuts. held (k, n): who is in each circle; share (k,): how much of it is taken."""
    people = held.shape[1]
    found: list[tuple[float, Triple]] = []
    for one in range(people - 2):
        two, three = np.triu_indices(people - one - 1, 1)
        two, three = two + one + 1, three + one + 1
        sums = share @ (held[:, [one]] + held[:, two] + held[:, three] >= 2)
        for at in np.flatnonzero(sums > 1 + VIOLATED).tolist():
            found.append((-float(sums[at]), (one, int(two[at]), int(three[at]))))
    return [triple for _, triple in sorted(found)[:CUTS]]


def holds_two(members: NDArray[np.int16], triple: Triple, people: int) -> NDArray[np.bool_]:
    """(N,): whether each circle holds two of the three."""
    among = np.zeros(people + 1, np.int8)
    among[list(triple)] = 1
    return np.asarray(among[members].sum(1) >= 2)
