"""Answers about a sheet: a linear relaxation by columns priced in, then branch and bound on what is left.

Every model is built fresh. Prices are taken from the solver class, but the bound and the columns that may be
left out are computed from them here (`bound_of`), and a choice counts only after `Case.keeps` recounted it.
What rests on the branch and bound of HiGHS alone is that a model without an answer has none.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from solver.pairing.problem import Ints
from solver.pairing.several.case import Case, Flags, Promise, lots
from solver.pairing.several.sheet import LARGEST_COEFFICIENT, ModelColumns, Reals, bound_of, sheet_of
from solver.settings import Remaining
from solver.status import SolveStatus

TOLERANCE = 1e-6
GOOD_ENOUGH = 0.02
ROUNDING = 0.001
COLUMNS_EACH = 12
ENTER_EACH = 12
CLOSE = 1e-5
GROWTH = 4
LEAST_SECONDS = 0.05
MOST_ROUNDS = 200


@dataclass(frozen=True, kw_only=True, eq=False)
class SearchResult:
    """OPTIMAL or FEASIBLE: `chosen` (n,) keeps the promise and is worth `value`; INFEASIBLE: nothing keeps
    it; FAILED: no answer in time. `bound`: nothing that keeps the promise is worth more.
    """

    status: SolveStatus
    bound: int
    value: int = 0
    chosen: Flags | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class _Outcome:
    """What a solver class said: x and prices may be missing."""

    status: SolveStatus
    x: Reals | None = None
    prices: Reals | None = None
    bound: float = np.inf


def best_choice(
    case: Case,
    promise: Promise,
    remaining: Remaining,
    *,
    cost: Ints | None = None,
    known: Flags | None = None,
    any_will_do: bool = False,
) -> SearchResult:
    """The choice of highest `cost` (sheet columns; default the utilities) that keeps the promise.

    `known`: a choice within all limits, floors aside, to start the working columns from. With `any_will_do`
    the search ends at the first choice.
    """
    sheet = sheet_of(case, promise)
    goal, unit = _goal(sheet, cost)
    prices = _relaxed(case, goal, _first_columns(case, goal, known), remaining)
    if prices is None:
        return SearchResult(status=SolveStatus.INFEASIBLE, bound=0)
    bound, reduced = bound_of(goal, prices)
    always = np.arange(goal.columns) >= goal.pairs
    if known is not None:
        always[: goal.pairs] |= known
    reduced = np.where(always, np.maximum(reduced, 0.0), reduced)
    return _Branching(case, promise, goal, unit, remaining, any_will_do).run(bound, reduced)


def best_bound(case: Case, promise: Promise, remaining: Remaining, *, cost: Ints, known: Flags) -> int | None:
    """What no choice that keeps the promise can exceed, by the relaxation alone; None if nothing keeps it."""
    goal, unit = _goal(sheet_of(case, promise), cost)
    prices = _relaxed(case, goal, _first_columns(case, goal, known), remaining)
    if prices is None:
        return None
    return _Branching(case, promise, goal, unit, remaining, True).rounded(bound_of(goal, prices)[0])


def _goal(sheet: ModelColumns, cost: Ints | None) -> tuple[ModelColumns, float]:
    """The sheet with another goal, scaled as utilities are, and how much one of it is."""
    if cost is None:
        return sheet, sheet.unit
    unit = max(1.0, float(np.abs(cost).max(initial=0)) / LARGEST_COEFFICIENT)
    return sheet.with_cost(cost / unit), unit


@dataclass(frozen=True)
class _Branching:
    """Branch and bound on the columns that the relaxation's reduced costs leave in question."""

    case: Case
    promise: Promise
    sheet: ModelColumns
    unit: float
    remaining: Remaining
    any_will_do: bool

    def run(self, bound: float, reduced: Reals) -> SearchResult:
        """Few columns first; more until what is left out can no longer matter."""
        most = self.rounded(bound)
        keep = COLUMNS_EACH * self.case.mentees
        best: SearchResult = SearchResult(status=SolveStatus.FAILED, bound=most)
        slack = _slack_for(reduced, self.sheet, keep)
        while self.remaining() > LEAST_SECONDS:
            columns = np.flatnonzero((self.sheet.upper > 0) & (reduced >= -slack - TOLERANCE))
            whole = len(columns) == int((self.sheet.upper > 0).sum())
            outcome = _solve(self.sheet, columns, True, self.remaining(), self.any_will_do)
            best = self._better(best, outcome, columns)
            enough = best.chosen is not None and (
                bound - self._worth(best) <= slack or best.value >= most or self.any_will_do
            )
            if enough or whole or outcome.status in (SolveStatus.FAILED, SolveStatus.FEASIBLE):
                return self._closed(best, outcome, -np.inf if whole else bound - slack)
            keep *= GROWTH
            wanted = _slack_for(reduced, self.sheet, keep)
            slack = wanted if best.chosen is None else max(bound - self._worth(best), slack)
        return best

    def _worth(self, answer: SearchResult) -> float:
        return answer.value / self.unit

    def rounded(self, bound: float) -> int:
        """The highest value a choice can have below a bound: values are multiples of what all costs share."""
        step = max(1, int(np.gcd.reduce(np.abs(np.round(self.sheet.cost * self.unit)).astype(np.int64))))
        return int(np.floor(bound * self.unit / step + ROUNDING)) * step

    def _better(self, best: SearchResult, outcome: _Outcome, columns: Ints) -> SearchResult:
        """The better of the best so far and what was just found, if a recount agrees with it."""
        if outcome.x is None:
            return best
        x = np.zeros(self.sheet.columns)
        x[columns] = np.round(outcome.x)
        chosen = x[: self.sheet.pairs] > 0.5
        value = int(np.round(float((self.sheet.cost * x).sum()) * self.unit))
        if not self.case.keeps(self.promise, chosen) or (best.chosen is not None and value <= best.value):
            return best
        return SearchResult(status=SolveStatus.FEASIBLE, bound=best.bound, value=value, chosen=chosen)

    def _closed(self, best: SearchResult, outcome: _Outcome, left_out: float) -> SearchResult:
        """The last word: nothing beats both the model's own bound and what left-out columns could give."""
        if outcome.status is SolveStatus.INFEASIBLE and best.chosen is None:
            return SearchResult(status=SolveStatus.INFEASIBLE, bound=0)
        here = -np.inf if outcome.status is SolveStatus.INFEASIBLE else outcome.bound
        bound = min(best.bound, self.rounded(min(max(here, left_out), best.bound)))
        if best.chosen is None:
            return replace(best, bound=bound)
        bound = max(bound, best.value)
        status = SolveStatus.OPTIMAL if bound == best.value else SolveStatus.FEASIBLE
        return replace(best, status=status, bound=bound)


def _slack_for(reduced: Reals, sheet: ModelColumns, keep: int) -> float:
    """The reduced cost down to which about `keep` columns are kept."""
    open_columns = np.sort(-reduced[sheet.upper > 0])
    if keep >= len(open_columns):
        return np.inf
    return max(0.0, float(open_columns[keep]))


def _first_columns(case: Case, sheet: ModelColumns, known: Flags | None) -> Flags:
    """(c,) the best few pairs of each mentee and each mentor, whatever is no pair, and a known choice."""
    order = np.lexsort((lots(np.arange(len(case.mentee))), -case.utility, case.mentor))
    start = np.searchsorted(case.mentor[order], np.arange(case.mentors))
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order)) - start[case.mentor[order]]
    use = np.ones(sheet.columns, bool)
    use[: sheet.pairs] = (case.rank < COLUMNS_EACH) | (place < COLUMNS_EACH // 2)
    if known is not None:
        use[: sheet.pairs] |= known
    return use & (sheet.upper > 0)


def _relaxed(case: Case, sheet: ModelColumns, use: Flags, remaining: Remaining) -> Reals | None:
    """Prices of the linear relaxation over all columns with a bound next to its optimum, or None if not even
    a fraction keeps it.

    Out of time, or should the solver class fail, the best so far or zeros: a bound as well, only a loose one.
    """
    prices, bound = np.zeros(len(sheet.row_low)), np.inf
    for _ in range(MOST_ROUNDS):
        if remaining() <= LEAST_SECONDS:
            break
        outcome = _solve(sheet, np.flatnonzero(use), False, remaining(), False)
        if outcome.status is SolveStatus.INFEASIBLE:
            if not _widened(case, sheet, use, remaining):
                return None
            continue
        if outcome.prices is None:
            break
        here, reduced = bound_of(sheet, outcome.prices)
        if here < bound:
            prices, bound = outcome.prices, here
        entering = _entering(case, sheet, use, reduced)
        if not entering.any() or bound - outcome.bound <= CLOSE * abs(bound):
            break
        use |= entering
    return prices


def _entering(case: Case, sheet: ModelColumns, use: Flags, reduced: Reals) -> Flags:
    """Columns outside the working set that would raise the goal: the best few of each mentee."""
    gain = np.where(use | (sheet.upper <= 0), 0.0, reduced[: sheet.columns])
    entering = gain > TOLERANCE
    found = np.flatnonzero(entering[: sheet.pairs])
    order = found[np.lexsort((lots(found), -gain[found], case.mentee[found]))]
    owner = case.mentee[order]
    place = np.arange(len(order)) - np.searchsorted(owner, owner)
    entering[order[place >= ENTER_EACH]] = False
    return entering


def _widened(case: Case, sheet: ModelColumns, use: Flags, remaining: Remaining) -> bool:
    """Adds columns to `use` until the rows can be kept in fractions; False if all columns cannot."""
    elastic, spare = _elastic(sheet)
    while remaining() > LEAST_SECONDS:
        columns = np.concatenate([np.flatnonzero(use), spare])
        outcome = _solve(elastic, columns, False, remaining(), False)
        if outcome.prices is None:
            return True
        bound, reduced = bound_of(elastic, outcome.prices)
        if outcome.bound > -TOLERANCE:
            return True
        entering = _entering(case, sheet, use, reduced)
        if bound < -TOLERANCE and not entering.any():
            return False
        if not entering.any():
            return True
        use |= entering
    return True


def _elastic(sheet: ModelColumns) -> tuple[ModelColumns, Ints]:
    """The same rows, each with columns that make up what is short or over at a cost of 1; and those
    columns.
    """
    short = np.flatnonzero(np.isfinite(sheet.row_low) & (sheet.row_low > 0))
    over = np.flatnonzero(np.isfinite(sheet.row_high))
    extra = len(short) + len(over)
    spare = sheet.columns + np.arange(extra)
    goal = ModelColumns(
        cost=np.concatenate([np.zeros(sheet.columns), np.full(extra, -1.0)]),
        upper=np.concatenate([sheet.upper, np.full(extra, 1e6)]),
        row_low=sheet.row_low,
        row_high=sheet.row_high,
        row=np.concatenate([sheet.row, short, over]),
        column=np.concatenate([sheet.column, spare]),
        value=np.concatenate([sheet.value, np.ones(len(short)), -np.ones(len(over))]),
        starts=sheet.starts,
        unit=sheet.unit,
    )
    return goal, spare


def _solve(sheet: ModelColumns, columns: Ints, integer: bool, seconds: float, any_will_do: bool) -> _Outcome:
    """One fresh model of these columns by HiGHS."""
    from ortools.math_opt.python import mathopt  # noqa: PLC0415 - loaded only by who needs it

    model = mathopt.Model.from_model_proto(_model(sheet, columns, integer))
    parameters = mathopt.SolveParameters()
    if np.isfinite(seconds):
        parameters.highs.double_options["time_limit"] = max(seconds, LEAST_SECONDS)
    if integer:
        parameters.highs.double_options["mip_rel_gap"] = GOOD_ENOUGH if any_will_do else 0.0
        parameters.highs.double_options["mip_abs_gap"] = TOLERANCE
    result = mathopt.solve(model, mathopt.SolverType.HIGHS, params=parameters)
    return _read(result, mathopt.TerminationReason, integer)


def _read(result: Any, reasons: Any, integer: bool) -> _Outcome:
    reason = result.termination.reason
    if reason in (reasons.INFEASIBLE, reasons.INFEASIBLE_OR_UNBOUNDED):
        return _Outcome(status=SolveStatus.INFEASIBLE)
    bound = float(result.termination.objective_bounds.dual_bound)
    if not result.has_primal_feasible_solution():
        return _Outcome(status=SolveStatus.FAILED, bound=bound)
    x = np.array(list(result.variable_values().values()))
    if integer:
        best = reason is reasons.OPTIMAL
        return _Outcome(status=SolveStatus.OPTIMAL if best else SolveStatus.FEASIBLE, x=x, bound=bound)
    if reason is not reasons.OPTIMAL or not result.has_dual_feasible_solution():
        return _Outcome(status=SolveStatus.FAILED, x=x, bound=bound)
    prices = np.array(list(result.dual_values().values()))
    return _Outcome(status=SolveStatus.OPTIMAL, x=x, prices=prices, bound=bound)


def _model(sheet: ModelColumns, columns: Ints, integer: bool) -> Any:
    """The model as a protocol buffer, filled array by array."""
    from ortools.math_opt import model_pb2  # noqa: PLC0415

    place = np.full(sheet.columns, -1)
    place[columns] = np.arange(len(columns))
    here = np.flatnonzero(place[sheet.column] >= 0)
    here = here[np.lexsort((place[sheet.column[here]], sheet.row[here]))]
    model = model_pb2.ModelProto()
    model.objective.maximize = True
    names, rows = range(len(columns)), range(len(sheet.row_low))
    model.variables.ids.extend(names)
    model.variables.lower_bounds.extend([0.0] * len(columns))
    model.variables.upper_bounds.extend(sheet.upper[columns].tolist())
    model.variables.integers.extend([integer] * len(columns))
    model.objective.linear_coefficients.ids.extend(names)
    model.objective.linear_coefficients.values.extend(sheet.cost[columns].tolist())
    model.linear_constraints.ids.extend(rows)
    model.linear_constraints.lower_bounds.extend(sheet.row_low.tolist())
    model.linear_constraints.upper_bounds.extend(sheet.row_high.tolist())
    matrix: Any = model.linear_constraint_matrix
    matrix.row_ids.extend(sheet.row[here].tolist())
    matrix.column_ids.extend(place[sheet.column[here]].tolist())
    matrix.coefficients.extend(sheet.value[here].tolist())
    return model
