"""The recipe: score, prune, flow, prove, price back, assemble (docs/model.md, 1)."""

from dataclasses import dataclass

from solver.pairing.assemble import pinned_utility, plan_of
from solver.pairing.candidates import all_pairs, best_of_both, graph_of, joined
from solver.pairing.flow import whole_face
from solver.pairing.goals import goals_of
from solver.pairing.leximin import Chain, solve_chain
from solver.pairing.market import Market, cached, market_of
from solver.pairing.pricing import price_back
from solver.pairing.problem import Ints, PairingPlan, PairingProblem
from solver.settings import Remaining, Report, SolveSettings

DENSE = 60_000
"""Markets with at most so many pairs are solved whole."""

KEEP = 16
SPARE = 0
MOST_ROUNDS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class Solved:
    """A market's best plan: the chain of goals, whether it is proved against all pairs, and how it went."""

    chain: Chain
    proved: bool
    rounds: int


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
    market = cached(market_of(problem, people, settings.seed, settings.workers))
    report("scored", problem.mentees, problem.mentees)
    solved = solve_market(market, remaining, report)
    stats = {"arcs": len(solved.chain.graph.tail), "rounds": solved.rounds}
    return plan_of(problem, market, solved.chain, proved=solved.proved, stats=stats)


def solve_market(market: Market, remaining: Remaining, report: Report) -> Solved:
    """Solves the market on promising pairs and prices the others back until none is missing."""
    goals = goals_of(market.problem)
    mentees, mentors = market.utilities.shape
    if mentees * mentors <= DENSE:
        graph = all_pairs(market)
        report("kept", len(graph.tail), len(graph.tail))
        chain = solve_chain(market, graph, goals, whole_face(graph), remaining, report)
        return Solved(chain=chain, proved=not chain.open_goals, rounds=1)
    graph = best_of_both(market, KEEP)
    for rounds in range(1, MOST_ROUNDS + 1):
        report("kept", len(graph.tail), mentees * mentors)
        chain = solve_chain(market, graph, goals, whole_face(graph), remaining, report)
        if chain.open_goals or remaining() <= 0:
            break
        found = price_back(market, chain.steps, SPARE)
        report("flow", rounds, found.below)
        if found.below == 0:
            return Solved(chain=chain, proved=True, rounds=rounds)
        known = (graph.tail, graph.head, graph.utility)
        graph = graph_of(market, *joined([known, found.pairs]))
    return Solved(chain=chain, proved=False, rounds=rounds)
