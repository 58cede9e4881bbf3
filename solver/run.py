"""The whole recipe of one run: pairs, circles, duties, and the check no plan leaves without."""

from dataclasses import dataclass

from solver.check import check, rota_groups
from solver.files import Plan, Problem
from solver.pairing.market import PinError
from solver.settings import Remaining, Report
from solver.status import SolveFailedError


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A checked plan, or None with the kind of fault ("pin", "time", "check") and a sentence about it."""

    plan: Plan | None = None
    fault: str = ""
    sentence: str = ""


def run(problem: Problem, remaining: Remaining, report: Report) -> Outcome:
    """Solves every part that is asked for and checks the result; never returns an unchecked plan."""
    try:
        plan = solve(problem, remaining, report)
    except PinError as refused:
        return Outcome(fault="pin", sentence=f"/pairing/pinned: {refused}")
    except SolveFailedError as failed:
        return Outcome(fault="time", sentence=f"There is no plan: {failed} Try again with more time.")
    verdict = check(problem, plan)
    report("checked", 1, 1)
    if not verdict.good:
        rules = ", ".join(sorted({breach.rule for breach in verdict.breaches}))
        return Outcome(fault="check", sentence=f"The plan failed its own check ({rules}) and was not kept.")
    return Outcome(plan=plan)


def solve(problem: Problem, remaining: Remaining, report: Report) -> Plan:
    """Pairs first, then circles, then the duties of all that were formed; each part only if it is asked
    for.
    """
    plan = Plan()
    settings = problem.settings
    if problem.pairing is not None:
        from solver.pairing.solve import solve_pairing  # noqa: PLC0415 - loads the flow library

        pairing = solve_pairing(problem.pairing, settings, remaining, report, people=problem.people)
        plan = Plan(pairing=pairing)
    if problem.circles is not None:
        from solver.circles.solve import solve_circles  # noqa: PLC0415

        plan = Plan(pairing=plan.pairing, circles=solve_circles(problem.circles, settings, remaining, report))
    if problem.rota is not None:
        from solver.rota.assign import assign_rota  # noqa: PLC0415

        groups = rota_groups(problem, plan)
        rota = assign_rota(problem.rota, groups, settings, remaining, report)
        plan = Plan(pairing=plan.pairing, circles=plan.circles, rota=rota)
    return plan
