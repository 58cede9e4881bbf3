"""A case and its promises as a sheet of rows and columns: maximise cost·x with row_low <= A x <= row_high.

Columns: one per allowed pair, then waits (a mentee without their first, second, third mentor), open places
of minimum loads, and exceptions of groups. Floors of mentees are rows. `bound_of` turns any prices of the
rows into a bound that needs no trust in whoever found the prices.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.pairing.problem import Ints
from solver.pairing.several.case import MOST_RANKS, Case, Promise

Reals = NDArray[np.float64]
LARGEST_COEFFICIENT = 1000.0
"""Utilities are scaled to 0..1000: tolerances of 1e-6 then lie far below one step of any integer utility."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelColumns:
    """Columns (c,), rows (r,), and the entries (z,) of the matrix in coordinate form.

    `starts`: first column of the pairs, the waits, the open places, each group, and the end. `unit`: one of
    the sheet's utility is so many of the case's.
    """

    cost: Reals
    upper: Reals
    row_low: Reals
    row_high: Reals
    row: Ints
    column: Ints
    value: Reals
    starts: Ints
    unit: float

    @property
    def pairs(self) -> int:
        """The first so many columns are the case's pairs."""
        return int(self.starts[1])

    @property
    def columns(self) -> int:
        return len(self.cost)

    def priced(self, prices: Reals) -> Reals:
        """(c,) cost of each column less what its entries cost at these prices of the rows."""
        spent = np.bincount(self.column, prices[self.row] * self.value, minlength=self.columns)
        reduced: Reals = self.cost - spent
        return reduced

    def with_cost(self, cost: Reals) -> "ModelColumns":
        """The same rows, another goal."""
        return replace(self, cost=cost)


def bound_of(sheet: ModelColumns, prices: Reals) -> tuple[float, Reals]:
    """No x of the sheet costs more than this, whatever the prices (weak duality); and the reduced costs (c,).

    Prices of the wrong sign for a one-sided row count as zero.
    """
    allowed = np.where((prices > 0) & np.isinf(sheet.row_high), 0.0, prices)
    allowed = np.where((allowed < 0) & np.isinf(sheet.row_low), 0.0, allowed)
    high = np.where(allowed > 0, sheet.row_high, 0.0)
    low = np.where(allowed < 0, sheet.row_low, 0.0)
    reduced = sheet.priced(allowed)
    return float((allowed * (high + low)).sum() + (sheet.upper * np.maximum(reduced, 0.0)).sum()), reduced


class _Rows:
    """Collects rows and their entries block by block."""

    def __init__(self) -> None:
        self.low: list[Reals] = []
        self.high: list[Reals] = []
        self.entries: list[tuple[Ints, Ints, Reals]] = []
        self.count = 0

    def add(self, low: Any, high: Any, blocks: Iterable[tuple[Any, Any, Any]]) -> None:
        """Rows with these limits; each block is (row within these rows, column, value)."""
        low, high = np.atleast_1d(np.asarray(low, float)), np.atleast_1d(np.asarray(high, float))
        for row, column, value in blocks:
            shape = np.broadcast(row, column, value).shape
            entry = [np.broadcast_to(part, shape).ravel() for part in (row, column, value)]
            self.entries.append((entry[0] + self.count, entry[1], entry[2].astype(float)))
        self.low.append(low)
        self.high.append(high)
        self.count += len(low)

    def entry(self, which: int) -> Any:
        """All rows (0), columns (1) or values (2) of the entries."""
        return np.concatenate([entry[which] for entry in self.entries])


def sheet_of(case: Case, promise: Promise) -> ModelColumns:
    """The sheet whose x are exactly the choices that keep the promise, with the total as its goal."""
    plot = _plot(case, promise)
    pairs = len(case.mentee)
    upper = np.ones(plot.starts[-1])
    upper[plot.starts[2] : plot.starts[3]] = case.low[plot.opens]
    upper[:pairs] = case.completion >= _least_floors(case, promise)[case.mentee]
    rows = _Rows()
    _demand(rows, case, plot)
    _loads(rows, case, promise, plot)
    _floors(rows, case, promise, plot)
    _budgets(rows, case, promise, plot)
    _asked_rows(rows, promise, plot)
    return ModelColumns(
        cost=np.concatenate([case.utility / plot.unit, np.zeros(plot.starts[-1] - pairs)]),
        upper=upper,
        row_low=np.concatenate(rows.low),
        row_high=np.concatenate(rows.high),
        row=rows.entry(0),
        column=rows.entry(1),
        value=rows.entry(2),
        starts=plot.starts,
        unit=plot.unit,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Plot:
    """Where the columns stand: `waits` (w, 2) mentee and rank 1..3 for every mentor that may stay missing,
    `opens` mentors whose minimum load may stay open, `stays` the members of each group.
    """

    waits: Ints
    opens: Ints
    stays: list[Ints]
    starts: Ints
    unit: float

    def wait(self, which: Any) -> Any:
        """Columns of these waits."""
        return self.starts[1] + which

    def open(self, which: Any) -> Any:
        """Columns of these open places."""
        return self.starts[2] + which

    def stay(self, group: int, which: Any) -> Any:
        """Columns of these members of a group."""
        return self.starts[3 + group] + which


def _plot(case: Case, promise: Promise) -> _Plot:
    waits = _waits(case, promise)
    opens = np.flatnonzero(case.low > 0) if promise.open_places > 0 else np.zeros(0, np.int64)
    stays = [np.flatnonzero(group.members) for group in promise.groups]
    sizes = [len(case.mentee), len(waits), len(opens), *map(len, stays)]
    return _Plot(
        waits=waits,
        opens=opens,
        stays=stays,
        starts=np.cumsum([0, *sizes]),
        unit=max(1.0, float(case.utility.max(initial=0)) / LARGEST_COEFFICIENT),
    )


def _waits(case: Case, promise: Promise) -> Ints:
    """(w, 2) mentee and rank 1..3 for every mentor that may stay missing."""
    asked, waits = case.had + case.wanted, []
    for rank in range(1, MOST_RANKS + 1):
        if promise.missing[rank - 1]:
            who = np.flatnonzero((case.had < rank) & (asked >= rank))
            waits.append(np.stack([who, np.full(len(who), rank)], axis=1))
    return np.concatenate(waits) if waits else np.zeros((0, 2), np.int64)


def _least_floors(case: Case, promise: Promise) -> Ints:
    """(E,) the least utility a mentee may have if they are placed, as exception of a group or not."""
    lowest = promise.levels.copy()
    for group in promise.groups:
        lowest[group.members] = np.minimum(lowest[group.members], group.level)
    return case.ladder.floors(lowest)


def _demand(rows: _Rows, case: Case, plot: _Plot) -> None:
    chosen = (case.mentee, np.arange(len(case.mentee)), 1.0)
    waiting = (plot.waits[:, 0], plot.wait(np.arange(len(plot.waits))), 1.0)
    rows.add(case.wanted, case.wanted, [chosen, waiting])


def _loads(rows: _Rows, case: Case, promise: Promise, plot: _Plot) -> None:
    chosen = (case.mentor, np.arange(len(case.mentor)), 1.0)
    rows.add(case.low if promise.open_places == 0 else np.zeros(case.mentors), case.capacity, [chosen])
    if not len(plot.opens):
        return
    count = np.arange(len(plot.opens))
    place = np.full(case.mentors, -1)
    place[plot.opens] = count
    here = np.flatnonzero(place[case.mentor] >= 0)
    filled, slack = (place[case.mentor[here]], here, 1.0), (count, plot.open(count), 1.0)
    rows.add(case.low[plot.opens], np.full(len(count), np.inf), [filled, slack])
    rows.add(-np.inf, promise.open_places, [(0, plot.open(count), 1.0)])


def _floors(rows: _Rows, case: Case, promise: Promise, plot: _Plot) -> None:
    """A row for each mentee whose floor is above what they have; an exception or a wait lowers it."""
    floor = case.ladder.floors(promise.levels) - case.base
    who = np.flatnonzero(floor > 0)
    place = np.full(case.mentees, -1)
    place[who] = np.arange(len(who))
    here = np.flatnonzero(place[case.mentee] >= 0)
    blocks: list[tuple[Any, Any, Any]] = [(place[case.mentee[here]], here, case.utility[here] / plot.unit)]
    first = np.flatnonzero((plot.waits[:, 1] == 1) & (place[plot.waits[:, 0]] >= 0))
    alone = plot.waits[first, 0]
    blocks.append((place[alone], plot.wait(first), floor[alone] / plot.unit))
    for number, (group, members) in enumerate(zip(promise.groups, plot.stays, strict=True)):
        lower = np.maximum(case.ladder.floors(np.full(case.mentees, group.level)) - case.base, 0)
        drop = np.maximum(floor - lower, 0)[members]
        bound = np.flatnonzero(place[members] >= 0)
        blocks.append((place[members[bound]], plot.stay(number, bound), drop[bound] / plot.unit))
    rows.add(floor[who] / plot.unit, np.full(len(who), np.inf), blocks)


def _budgets(rows: _Rows, case: Case, promise: Promise, plot: _Plot) -> None:
    """How many may stay without a mentor, and how many exceptions each group has; one exception each."""
    for rank in range(1, MOST_RANKS + 1):
        mine = np.flatnonzero(plot.waits[:, 1] == rank)
        if len(mine):
            rows.add(-np.inf, promise.missing[rank - 1], [(0, plot.wait(mine), 1.0)])
    stays = [
        (members, plot.stay(number, np.arange(len(members))), 1.0)
        for number, members in enumerate(plot.stays)
    ]
    for group, (_, columns, _) in zip(promise.groups, stays, strict=True):
        rows.add(-np.inf, group.count, [(0, columns, 1.0)])
    if len(stays) > 1:
        rows.add(np.full(case.mentees, -np.inf), np.ones(case.mentees), stays)


def _asked_rows(rows: _Rows, promise: Promise, plot: _Plot) -> None:
    for row in promise.rows:
        used = np.flatnonzero(row.weight)
        blocks: list[tuple[Any, Any, Any]] = [(0, used, row.weight[used])]
        if row.lacking is not None:
            alone = np.flatnonzero(plot.waits[:, 1] == 1)
            blocks.append((0, plot.wait(alone), row.lacking[plot.waits[alone, 0]]))
        rows.add(row.least, np.inf, blocks)
