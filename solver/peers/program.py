"""The linear program of a matching: pairs and trios enter, odd sets are cut off.

    minimise    sum cost(g) x(g) + left_over * sum u(p)
    subject to  sum x(g containing p) + u(p) = 1           for each person p
                sum floor(|g & S| / 2) x(g) <= (|S| - 1) / 2   for odd sets S

With pairs alone the odd sets make every corner whole (Edmonds, J. Res. NBS 69B, 1965).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

from solver.circles.problem import Flags, Ints
from solver.peers.pool import Pool
from solver.peers.pricing import UNIT, OddSets
from solver.settings import Remaining

MOST_NODES = 2_000
"""Nodes of the integer program: a limit that, unlike the clock, is the same on every machine."""

Reals = NDArray[np.float64]

SMALL = 1e-6
"""Shares nearer to a whole number than this are whole."""


@dataclass(frozen=True, eq=False)
class Corner:
    """A solution of the program: shares (k,) of the groups, prices (n,) and the odd sets in UNITs."""

    share: Reals
    prices: Ints
    odd: OddSets


class Program:
    """The program with what has entered so far; `groups` (k, 3)."""

    def __init__(self, pool: Pool, method: str = "GLOP") -> None:
        self.pool = pool
        self._whole = method == "SCIP"
        self.groups = np.zeros((0, 3), np.int64)
        self._program = pywraplp.Solver.CreateSolver(method)
        self._rows = [self._program.Constraint(1, 1) for _ in range(pool.n)]
        self._columns: list[pywraplp.Variable] = []
        self._sets: list[pywraplp.Constraint] = []
        self._inside = np.zeros((0, pool.n + 1), bool)
        self._objective = self._program.Objective()
        self._objective.SetMinimization()
        for row in self._rows:
            alone = self._program.NumVar(0, 1, "")
            row.SetCoefficient(alone, 1)
            self._objective.SetCoefficient(alone, pool.left_over)

    def enter(self, groups: Ints) -> int:
        """Let groups (k, 3) take part; how many did not before. A corner is exact to about a millionth only,
        so that its prices may ask for what is there."""
        groups = groups[~np.isin(self._key(groups), self._key(self.groups))]
        self.groups = np.concatenate((self.groups, groups))
        twice = [(inside[groups].sum(1) >= 2).tolist() for inside in self._inside]
        for at, (members, cost) in enumerate(
            zip(groups.tolist(), self.pool.cost_of(groups).tolist(), strict=True)
        ):
            column = self._program.Var(0, 1 if self._whole else self._program.infinity(), self._whole, "")
            self._objective.SetCoefficient(column, cost)
            for person in members:
                if person < self.pool.n:
                    self._rows[person].SetCoefficient(column, 1)
            for row, counted in zip(self._sets, twice, strict=True):
                if counted[at]:
                    row.SetCoefficient(column, 1)
            self._columns.append(column)
        return len(groups)

    def _key(self, groups: Ints) -> Ints:
        base = self.pool.n + 1
        return np.asarray((groups[:, 0] * base + groups[:, 1]) * base + groups[:, 2])

    def cut(self, sets: Flags) -> None:
        """Hold odd sets (k, n) to as many groups as fit into them."""
        for members in np.column_stack((sets, np.zeros(len(sets), bool))):
            row = self._program.Constraint(-self._program.infinity(), int(members.sum() - 1) // 2)
            for at in np.flatnonzero(members[self.groups].sum(1) >= 2):
                row.SetCoefficient(self._columns[at], 1)
            self._sets.append(row)
            self._inside = np.vstack((self._inside, members))

    def dive(self) -> Reals:
        """A whole solution near the best corner: the largest shares are made whole, again and again."""
        fixed: list[pywraplp.Variable] = []
        share = self._solved()
        for _ in range(self.pool.n):
            torn = np.flatnonzero((share > SMALL) & (share < 1 - SMALL))
            if not len(torn):
                break
            ordered = torn[np.argsort(-share[torn], kind="stable")]
            for at in [*np.flatnonzero(share >= 1 - SMALL), *self._apart(ordered[: 1 + len(torn) // 10])]:
                self._columns[at].SetLb(1.0)
                fixed.append(self._columns[at])
            share = self._solved()
        for column in fixed:
            column.SetLb(0.0)
        return share

    def _apart(self, ordered: Ints) -> list[int]:
        """Of these groups those that share nobody with an earlier one."""
        seated: set[int] = {self.pool.n}
        kept = []
        for at in ordered.tolist():
            members = set(self.groups[at].tolist()) - {self.pool.n}
            if seated.isdisjoint(members):
                seated |= members
                kept.append(at)
        return kept

    def whole(self, remaining: Remaining) -> tuple[list[tuple[int, ...]], bool]:
        """The best whole solution found; True when there is none better."""
        self._program.SetSolverSpecificParametersAsString(f"limits/totalnodes = {MOST_NODES}\n")
        if np.isfinite(remaining()):
            self._program.SetTimeLimit(max(1, int(1000 * remaining())))
        status = self._program.Solve()
        if status not in (self._program.OPTIMAL, self._program.FEASIBLE):
            return [], False
        taken = [at for at, column in enumerate(self._columns) if column.solution_value() > 0.5]
        people = [tuple(int(p) for p in self.groups[at] if p < self.pool.n) for at in taken]
        return people, status == self._program.OPTIMAL

    def _solved(self) -> Reals:
        self._program.Solve()
        return np.array([column.solution_value() for column in self._columns])

    def corner(self) -> Corner:
        """The best solution of what has entered."""
        share = self._solved()
        prices = np.array([row.dual_value() for row in self._rows])
        cuts = np.array([row.dual_value() for row in self._sets])
        return Corner(
            share,
            np.floor(prices * UNIT).astype(np.int64),
            OddSets(self._inside[:, :-1], np.ceil(np.maximum(-cuts, 0) * UNIT).astype(np.int64)),
        )


def whole_choice(
    pool: Pool, groups: Ints, sets: Flags, remaining: Remaining
) -> tuple[list[tuple[int, ...]], bool]:
    """The best whole choice among groups (k, 3), odd sets (j, n) held to what fits into them; True when the
    search was complete."""
    program = Program(pool, "SCIP")
    program.cut(sets)
    program.enter(groups)
    return program.whole(remaining)
