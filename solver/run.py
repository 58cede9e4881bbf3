"""The whole recipe of one run: pairs, circles, duties, and the check no plan leaves without."""

from dataclasses import dataclass, replace

import numpy as np

from solver.caps import full_of, left_of, pairing_within, pairs_of
from solver.check import check, rota_groups
from solver.files import MatchingPlan, MatchingProblem
from solver.lots import places
from solver.pairing.market import PinError
from solver.settings import Remaining, Report, share_of
from solver.status import SolveFailedError

PAIRS_SHARE = 0.5
"""Of the time left, what pairs may take where circles or duties are to follow."""

CIRCLES_SHARE = 0.8
"""Of the time left then, what circles may take where duties are to follow."""

CHECK_SHARE = 0.02
"""Of all the time, what is kept for the check and for writing the plan."""


@dataclass(frozen=True, kw_only=True)
class CheckedPlan:
    """A checked plan, or None with the kind of fault ("pin", "time", "check") and a sentence about it."""

    plan: MatchingPlan | None = None
    fault: str = ""
    sentence: str = ""


def run(problem: MatchingProblem, remaining: Remaining, report: Report) -> CheckedPlan:
    """Solves every part that is asked for and checks the result; never returns an unchecked plan."""
    try:
        plan = solve(problem, remaining, report)
    except PinError as refused:
        return CheckedPlan(fault="pin", sentence=f"/pairing/pinned: {refused}")
    except SolveFailedError as failed:
        return CheckedPlan(fault="time", sentence=f"There is no plan: {failed} Try again with more time.")
    verdict = check(problem, plan)
    report("checked", 1, 1)
    if not verdict.good:
        rules = ", ".join(sorted({breach.rule for breach in verdict.breaches}))
        return CheckedPlan(
            fault="check", sentence=f"The plan failed its own check ({rules}) and was not kept."
        )
    return CheckedPlan(plan=plan)


def solve(problem: MatchingProblem, remaining: Remaining, report: Report) -> MatchingPlan:
    """Pairs first, then circles, then the duties of all that were formed; each part only if it is asked
    for, and each with what the parts before it leave of everybody's cap.

    A part may take its share of the time; what it leaves is the next one's. Out of time, each has still a
    plan, which does not claim to be proved.
    """
    remaining = share_of(remaining, 1 - CHECK_SHARE)
    settings, plan, taken = problem.settings, MatchingPlan(), np.zeros(len(problem.people), np.int64)
    pairing = pairing_within(problem)
    if pairing is not None:
        from solver.pairing.solve import solve_pairing  # noqa: PLC0415 - loads the flow library

        later = problem.circles is not None or problem.rota is not None
        until = share_of(remaining, PAIRS_SHARE) if later else remaining
        pairs = solve_pairing(pairing, settings, until, report, people=problem.people)
        plan, taken = replace(plan, pairing=pairs), taken + pairs_of(problem, pairs.pairs)
    if problem.circles is not None:
        from solver.circles.seats import seat  # noqa: PLC0415

        people = problem.circles.people
        ids, full = problem.people[people], full_of(problem, taken)
        until = remaining if problem.rota is None else share_of(remaining, CIRCLES_SHARE)
        circles = seat(problem.circles, settings, until, report, ids=ids, full=full)
        plan = replace(plan, circles=circles)
        taken[people[[place for members in circles.groups for place in members]]] += 1
    if problem.rota is not None:
        from solver.rota.assign import assign_rota  # noqa: PLC0415

        groups, left = rota_groups(problem, plan), left_of(problem, taken)
        limits = None if problem.caps is None else left
        lots = places(problem.people, settings.seed)
        rota = assign_rota(problem.rota, groups, settings, remaining, report, left=limits, lots=lots)
        plan = replace(plan, rota=rota)
    return plan
