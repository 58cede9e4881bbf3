"""Several mentors per mentee: coverage, the worst off first, then the best total that remains.

The order is that of one mentor each (docs/model.md, 1.4); a mentee's level is that of the sum over their
mentors against the line times the number they asked for. With several mentors each this is NP-hard, so the
plan says what is proved: how many of the lowest places, and a bound on the total.
"""

from dataclasses import dataclass, replace

import numpy as np

from solver.pairing.goals import line_of
from solver.pairing.problem import Ints, PairingPlan, PairingProblem
from solver.pairing.scoring import Utilities
from solver.pairing.several.case import Case, Flags, Promise, StepLadder, WeightLimit
from solver.pairing.several.first import first_choice
from solver.pairing.several.levels import lifted
from solver.pairing.several.load import evened
from solver.pairing.several.search import best_choice
from solver.pairing.several.sheet import sheet_of
from solver.pairing.several.terms import DrawnCase, Terms, drawn_case, terms_of
from solver.settings import Remaining, Report, SolveSettings
from solver.status import SolveStatus

SHARE_FOR_LEVELS = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class Settled:
    """Where the order of goals stands: what is promised, a choice that keeps it, and what is proved.

    `settled`: so many of the lowest places are proved best. `bound`: nothing that keeps the promise has a
    higher total, as far as known.
    """

    promise: Promise
    chosen: Flags
    settled: int = 0
    levels_proved: bool = True
    proved: bool = True
    bound: int = 0


def solve_case(case: Case, terms: Terms, remaining: Remaining, report: Report) -> Settled:
    """Coverage, credits, minimum loads, levels, share, total: each the best that those before it allow.

    At the deadline the best so far comes back, `proved` False.
    """
    first = first_choice(case, terms.low_first)
    report("flow", 1, 1)
    open_places = first.open_places if terms.low_first else -1
    promise = Promise(levels=np.zeros(case.mentees, np.int64), missing=first.missing, open_places=open_places)
    now = _credits(case, terms, Settled(promise=promise, chosen=first.chosen), remaining)
    for weight in terms.first_steps:
        now = _many(case, now, weight, int(weight.sum()), remaining)
    if terms.depth:
        now = _levels(case, terms.depth, now, remaining, report)
    if terms.cross is not None and terms.cross_least > 0:
        now = _many(case, now, terms.cross, terms.cross_least, remaining)
    if not terms.low_first and case.low.any():
        now = _minimum_loads(case, now, remaining)
    now = _total(case, now, remaining)
    return replace(now, chosen=evened(case, now.promise, now.chosen)) if terms.even_load else now


def _credits(case: Case, terms: Terms, now: Settled, remaining: Remaining) -> Settled:
    """Of those who cannot all be placed, the fewest with credits stay without anybody."""
    if terms.credit is None or not terms.credit.any() or not now.promise.missing[0]:
        return now
    row = WeightLimit(weight=np.zeros(len(case.mentee), np.int64), least=0, lacking=-terms.credit)
    loose = replace(row, least=-int(terms.credit.sum()))
    sheet = sheet_of(case, replace(now.promise, rows=(loose,)))
    rows = sheet.row == len(sheet.row_low) - 1
    cost = np.bincount(sheet.column[rows], sheet.value[rows], minlength=sheet.columns).astype(np.int64)
    answer = best_choice(case, replace(now.promise, rows=(loose,)), remaining, cost=cost, known=now.chosen)
    if answer.chosen is None:
        return replace(now, proved=False)
    promise = replace(now.promise, rows=(*now.promise.rows, replace(row, least=answer.value)))
    return _kept(now, promise, answer.chosen, answer.status)


def _many(case: Case, now: Settled, weight: Ints, enough: int, remaining: Remaining) -> Settled:
    """As many of the weighted pairs as can be, up to `enough`."""
    promise = replace(now.promise, rows=(*now.promise.rows, WeightLimit(weight=weight, least=enough)))
    if enough < int(weight.sum()):
        answer = best_choice(case, promise, remaining, known=now.chosen, any_will_do=True)
        if answer.chosen is not None:
            return _kept(now, promise, answer.chosen, SolveStatus.OPTIMAL)
    sheet = sheet_of(case, now.promise)
    cost = np.concatenate([weight, np.zeros(sheet.columns - sheet.pairs, np.int64)])
    most = best_choice(case, now.promise, remaining, cost=cost, known=now.chosen)
    if most.chosen is None:
        return replace(now, proved=False)
    row = WeightLimit(weight=weight, least=min(enough, most.value))
    promise = replace(now.promise, rows=(*now.promise.rows, row))
    return _kept(now, promise, most.chosen, most.status)


def _kept(now: Settled, promise: Promise, chosen: Flags, status: SolveStatus) -> Settled:
    proved = now.proved and status is SolveStatus.OPTIMAL
    return replace(now, promise=promise, chosen=chosen, proved=proved)


def _levels(case: Case, depth: int, now: Settled, remaining: Remaining, report: Report) -> Settled:
    """Lifts the lowest places, in at most a share of the time."""
    whole = remaining()
    reserve = whole * (1 - SHARE_FOR_LEVELS) if np.isfinite(whole) else 0.0
    result = lifted(
        case, now.promise, now.chosen, depth=depth, remaining=lambda: remaining() - reserve, report=report
    )
    proved = now.proved and result.proved
    return replace(
        now,
        promise=result.promise,
        chosen=result.chosen,
        settled=result.settled,
        levels_proved=result.proved,
        proved=proved,
    )


def _minimum_loads(case: Case, now: Settled, remaining: Remaining) -> Settled:
    """The fewest open places of minimum loads."""
    loose = replace(now.promise, open_places=int(case.low.sum()))
    sheet = sheet_of(case, loose)
    cost = np.zeros(sheet.columns, np.int64)
    cost[sheet.starts[2] : sheet.starts[3]] = -1
    answer = best_choice(case, loose, remaining, cost=cost, known=now.chosen)
    if answer.chosen is None:
        return replace(now, proved=False)
    return _kept(now, replace(now.promise, open_places=-answer.value), answer.chosen, answer.status)


def _total(case: Case, now: Settled, remaining: Remaining) -> Settled:
    """The best total, with a bound; a claim that contradicts the choice at hand is not believed."""
    answer = best_choice(case, now.promise, remaining, known=now.chosen)
    mine = case.total(now.chosen)
    if answer.chosen is not None and answer.value >= mine:
        proved = now.proved and answer.bound <= answer.value
        return replace(now, chosen=answer.chosen, bound=answer.bound, proved=proved)
    most = int(case.tops[np.arange(case.mentees), case.wanted].sum())
    bound = most if answer.status is SolveStatus.INFEASIBLE else max(answer.bound, mine)
    return replace(now, bound=min(bound, most), proved=False)


def solve_several(
    problem: PairingProblem,
    utilities: Utilities,
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    *,
    people: Ints | None = None,
) -> PairingPlan:
    """The fairest plan found for mentees who may ask for several mentors, and what of it is proved.

    `utilities`: of all rows of the problem. `people`: opaque ids by place, which with the seed decide ties.
    The certificate is empty: prices alone do not prove levels here. `stats`: "levels_settled" lowest places
    proved best, "levels_proved" 1 if that is all of them.
    """
    draw = drawn_case(problem, utilities, settings.seed, people)
    report("scored", problem.mentees, problem.mentees)
    found = solve_case(draw.case, terms_of(problem, draw), remaining, report)
    return _plan(problem, draw, found)


def _plan(problem: PairingProblem, draw: DrawnCase, found: Settled) -> PairingPlan:
    """The plan in the problem's own numbers, pins included."""
    case = draw.case
    free = np.stack(
        [draw.mentee_rows[case.mentee[found.chosen]], draw.mentor_rows[case.mentor[found.chosen]]], axis=1
    )
    pairs = np.concatenate([free, problem.pinned])
    utility = np.concatenate([case.utility[found.chosen], draw.pinned_utility])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, utility = pairs[order], utility[order]
    pinned, proved = int(draw.pinned_utility.sum()), found.proved and draw.whole
    own = np.zeros(problem.mentees, np.int64)
    np.add.at(own, pairs[:, 0], utility)
    line = line_of(problem) * problem.asked
    ladder = StepLadder(line=line, levels=problem.levels, credit=np.zeros_like(own))
    level = ladder.level_of(own, np.bincount(pairs[:, 0], minlength=problem.mentees) > 0)
    return PairingPlan(
        pairs=pairs,
        utility=utility,
        levels=tuple(np.bincount(level, minlength=problem.levels + 2).tolist()),
        total=int(utility.sum()),
        bound=(found.bound if draw.whole else draw.most) + pinned,
        proved=proved,
        stats={"levels_settled": found.settled, "levels_proved": int(found.levels_proved)},
    )
