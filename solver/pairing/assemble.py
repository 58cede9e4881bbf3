"""From a solved market back to the problem as it was asked: pairs, levels, certificate."""

from collections.abc import Iterable

import numpy as np

from solver.pairing.goals import level_of, line_of
from solver.pairing.leximin import ProvedGoal
from solver.pairing.market import Market, PinError, utilities_of, utility_of_pairs
from solver.pairing.pricing import PricedPlan
from solver.pairing.problem import Certificate, Ints, PairingPlan, PairingProblem, Phase, Recruit
from solver.pairing.shortage import ceilings, hall_sets, waiting_list


def pinned_utility(problem: PairingProblem) -> Ints:
    """Utility of the pinned pairs (k,). Raises `PinError` naming every pin that a hard rule forbids."""
    if not len(problem.pinned):
        return np.zeros(0, np.int64)
    utility = utility_of_pairs(utilities_of(problem), problem.pinned)
    broken = problem.pinned[utility < 0].tolist()
    if broken:
        raise PinError(" ".join(f"Pin of mentee {e} with mentor {m} breaks a hard rule." for e, m in broken))
    return utility


def plan_of(
    problem: PairingProblem, market: Market, priced: PricedPlan, recruits: tuple[Recruit, ...] = ()
) -> PairingPlan:
    """The plan in the problem's own numbering, pins included."""
    chain = priced.chain
    placed = np.flatnonzero(chain.match >= 0)
    arcs = chain.match[placed]
    free = np.stack([market.mentee_rows[placed], market.mentor_rows[chain.graph.head[arcs]]], axis=1)
    pairs = np.concatenate([free, problem.pinned])
    utility = np.concatenate([chain.graph.utility[arcs], pinned_utility(problem)])
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    pairs, utility = pairs[order], utility[order]
    total = int(utility.sum())
    # Prices that were not held against every pair yet may miss somebody's way out.
    blocking = hall_sets(market, chain) if priced.proved else ()
    certificate = Certificate(
        phases=tuple(_phases(problem, market, chain.steps)),
        hall_sets=blocking,
        recruits=recruits,
        ceilings=ceilings(problem, market),
    )
    return PairingPlan(
        pairs=pairs,
        utility=utility,
        levels=level_counts(problem, pairs, utility),
        total=total,
        bound=_bound(problem, priced, total),
        proved=priced.proved,
        waiting=waiting_list(problem, utilities_of(problem), pairs, blocking),
        certificate=certificate,
        stats={"arcs": len(chain.graph.tail), "rounds": priced.rounds, "gap": priced.gap},
    )


def _bound(problem: PairingProblem, priced: PricedPlan, total: int) -> int:
    """No total can be higher; crude where the proof was cut short before it reached the total."""
    if priced.proved:
        return total
    at_total = bool(priced.chain.steps) and priced.chain.steps[-1].goal.name == "share"
    return total + priced.gap if at_total else problem.top * problem.mentees


def level_counts(problem: PairingProblem, pairs: Ints, utility: Ints) -> tuple[int, ...]:
    """How many mentees are at level 0 (unmatched), 1, …, `levels` + 1; a mentee's utility is the sum of
    theirs.
    """
    own = np.full(problem.mentees, -1, np.int64)
    sums = np.bincount(pairs[:, 0], utility, minlength=problem.mentees).astype(np.int64)
    own[pairs[:, 0]] = sums[pairs[:, 0]]
    level = level_of(own, line_of(problem) * problem.asked, problem.levels)
    return tuple(np.bincount(level, minlength=problem.levels + 2).tolist())


def _phases(problem: PairingProblem, market: Market, steps: Iterable[ProvedGoal]) -> Iterable[Phase]:
    for step in steps:
        mentee, mentor = np.zeros(problem.mentees, np.int64), np.zeros(problem.mentors, np.int64)
        mentee[market.mentee_rows] = step.prices.mentee
        mentor[market.mentor_rows] = step.prices.mentor
        yield Phase(
            goal=step.goal.name,
            levels=step.goal.levels,
            weights=step.goal.weights,
            value=step.value,
            mentee_prices=mentee,
            mentor_prices=mentor,
        )
