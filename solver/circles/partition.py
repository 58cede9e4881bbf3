"""The best choice among listed circles: each person in one of them, or left over.

    minimise    Σ cost[c]·x[c] + unplaced_weight · Σ u[p]
    subject to  Σ x[c : p in c] + u[p] = 1 for each p,  x, u in {0, 1}

The linear relaxation is solved by pricing (columns enter when their reduced cost is negative); its prices
then say which columns a better plan could contain at all: those whose reduced cost is at most the gap.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.circles.columns import Columns
from solver.circles.costs import CircleCosts
from solver.circles.problem import Ints
from solver.settings import Remaining, unhurried

ENTERING = 1_500
"""Columns that enter the relaxation at once."""

FIRST_CHOICE = 2_000
"""Columns of least reduced cost among which the first plan is chosen."""

MOST_CHOICE = 12_000
"""More columns than this are not tried in one integer program."""

MOST_NODES = 5_000
"""Nodes of one integer program: a limit that, unlike the clock, is the same on every machine."""

ROUNDING = 1e-6
"""How far below a whole number the relaxation may lie and still prove it."""


@dataclass(frozen=True, eq=False)
class ColumnPrices:
    """The relaxation: its value, and the reduced cost of every column."""

    value: float
    reduced: NDArray[np.float64]

    @property
    def bound(self) -> int:
        """No plan made of these columns costs less."""
        return int(np.ceil(self.value - ROUNDING))


@dataclass(frozen=True)
class ChosenColumns:
    """Columns chosen (None: nothing cheaper than what was known), their cost with the people left over, and a
    bound on any choice."""

    rows: tuple[int, ...] | None
    cost: int
    bound: int


def relax(costs: CircleCosts, columns: Columns, remaining: Remaining = unhurried) -> ColumnPrices:
    """Solve the linear relaxation over all columns by pricing; when the time is out, what the last prices
    prove."""
    people = len(columns.people)
    # Reached through the class: the wrapper is a plain simplex, kept warm while columns enter.
    program = pywraplp.Solver.CreateSolver("GLOP")
    rows = _rows(program, people, costs.problem.unplaced_weight)
    entering = np.argsort(columns.cost, kind="stable")[:ENTERING]
    reduced = np.zeros(len(columns))
    value = 0.0
    while len(entering):
        for at in entering:
            _add(program, rows, columns, int(at), False)
        program.Solve()
        value = program.Objective().Value()
        prices = np.array([row.dual_value() for row in rows] + [0.0])
        reduced = columns.cost - prices[columns.members].sum(1)
        (negative,) = np.nonzero(reduced < -ROUNDING)
        entering = negative[np.argsort(reduced[negative], kind="stable")][:ENTERING]
        if len(entering) and remaining() <= 0:
            # No plan has more circles than this, and none of them is cheaper than the cheapest by its price.
            value += float(reduced[entering[0]]) * (people // costs.problem.smallest)
            break
    if not len(columns):
        value = float(costs.problem.unplaced_weight * people)
    return ColumnPrices(value, reduced)


def choose(costs: CircleCosts, columns: Columns, known: int, remaining: Remaining) -> ChosenColumns:
    """The best choice that costs less than `known`; bound = cost when it is proved to be the best.

    Not proved when time ran out or too many columns were within the gap.
    """
    prices = relax(costs, columns, remaining)
    order = np.argsort(prices.reduced, kind="stable")
    ascending = prices.reduced[order]
    best = ChosenColumns(None, known, min(known, prices.bound))
    within = FIRST_CHOICE
    while best.bound < best.cost and remaining() > 0:
        tried = order[: min(within, _within(ascending, prices, best.cost))]
        rows, cost, done = whole_choice(costs, columns, tried, remaining)
        if cost < best.cost:
            best = ChosenColumns(rows, cost, min(cost, prices.bound))
        left = _within(ascending, prices, best.cost)
        if done and left <= len(tried):
            return ChosenColumns(best.rows, best.cost, best.cost)
        if not done and left < len(tried):
            continue  # a better plan leaves fewer columns in question: the same search is easier now
        if not done or within >= MOST_CHOICE:
            break
        within = min(3 * within, MOST_CHOICE)
    return best


def _within(ascending: NDArray[np.float64], prices: ColumnPrices, cost: int) -> int:
    """How many columns could be part of a choice that costs less than `cost`."""
    return int(np.searchsorted(ascending, cost - 1 - prices.value + ROUNDING, "right"))


def _rows(program: "pywraplp.Solver", people: int, unplaced_weight: int) -> "list[pywraplp.Constraint]":
    rows = [program.Constraint(1, 1) for _ in range(people)]
    program.Objective().SetMinimization()
    for row in rows:
        left_over = program.NumVar(0, 1, "")
        row.SetCoefficient(left_over, 1)
        program.Objective().SetCoefficient(left_over, unplaced_weight)
    return rows


def _add(
    program: "pywraplp.Solver", rows: "list[pywraplp.Constraint]", columns: Columns, at: int, whole: bool
) -> "pywraplp.Variable":
    column = program.BoolVar("") if whole else program.NumVar(0, program.infinity(), "")
    program.Objective().SetCoefficient(column, int(columns.cost[at]))
    for place in columns.members[at]:
        if place < len(rows):
            rows[place].SetCoefficient(column, 1)
    return column


def whole_choice(
    costs: CircleCosts, columns: Columns, tried: Ints, remaining: Remaining
) -> tuple[tuple[int, ...], int, bool]:
    """The best choice among the columns tried, its cost, and whether the search is complete."""
    program = pywraplp.Solver.CreateSolver("SCIP")
    rows = _rows(program, len(columns.people), costs.problem.unplaced_weight)
    chosen = {int(at): _add(program, rows, columns, int(at), True) for at in tried}
    program.SetSolverSpecificParametersAsString(f"limits/totalnodes = {MOST_NODES}\n")
    if np.isfinite(remaining()):
        program.SetTimeLimit(max(1, int(1000 * remaining())))
    status = program.Solve()
    everyone = costs.problem.unplaced_weight * len(columns.people)
    if status not in (program.OPTIMAL, program.FEASIBLE):
        return (), everyone, False
    taken = [at for at, variable in chosen.items() if variable.solution_value() > 0.5]
    seated = int((columns.members[taken] < len(columns.people)).sum())
    cost = int(columns.cost[taken].sum()) + everyone - costs.problem.unplaced_weight * seated
    return tuple(taken), cost, status == program.OPTIMAL
