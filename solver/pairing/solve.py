"""The recipe: score, prune, flow, prove, price back, assemble (docs/model.md, 1)."""

from dataclasses import replace

from solver.pairing.assemble import pinned_utility, plan_of
from solver.pairing.goals import goals_of
from solver.pairing.market import cached, market_of, utilities_of
from solver.pairing.pricing import best_plan
from solver.pairing.problem import Ints, PairingPlan, PairingProblem
from solver.pairing.recruit import recruiting_list
from solver.pairing.share import with_share
from solver.pairing.shortage import waiting_list
from solver.settings import Remaining, Report, SolveSettings


def solve_pairing(
    problem: PairingProblem,
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    people: Ints | None = None,
) -> PairingPlan:
    """The fairest plan the policy's mode asks for, with its certificate.

    `people`: opaque ids by place; they and the seed decide ties, so the order of the rows does not matter. At
    the deadline the best plan so far comes back unproved. Raises `PinError` when a pin breaks a hard rule.
    """
    pinned_utility(problem)
    if (problem.asked > 1).any():
        return _several(problem, settings, remaining, report, people)
    market = cached(market_of(problem, people, settings.seed, settings.workers))
    report("scored", problem.mentees, problem.mentees)
    goals = goals_of(market.problem)
    if problem.cross_share:
        priced = with_share(problem, market, goals, remaining, report)
    else:
        priced = best_plan(market, goals, remaining, report)
    recruits = () if problem.cross_share else recruiting_list(market, goals, priced, remaining)
    return plan_of(problem, market, priced, recruits)


def _several(
    problem: PairingProblem,
    settings: SolveSettings,
    remaining: Remaining,
    report: Report,
    people: Ints | None,
) -> PairingPlan:
    """Some ask for more than one mentor: another machinery, with bounds in place of prices."""
    from solver.pairing.several.solve import solve_several  # noqa: PLC0415 - loads the constraint solver

    utilities = utilities_of(problem)
    plan = solve_several(problem, utilities, settings, remaining, report, people=people)
    return replace(plan, waiting=waiting_list(problem, utilities, plan.pairs, ()))
