"""Other packages on the same case, in the same run: what they place, how well, how long they take.

munkres is the assignment that a well-known mentoring service uses; `matching` finds stable matches from
ranked lists; scipy and networkx are general. All get the same utilities; a package that is not installed is
left out.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.yardstick import crowd_of, problem_of
from solver.pairing.goals import level_of
from solver.pairing.problem import PairingProblem
from solver.pairing.scoring import ColumnUtilities
from solver.pairing.solve import solve_pairing
from solver.settings import SolveSettings, silent, unhurried

Scores = NDArray[np.int64]
FORBIDDEN = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mentees", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    crowd = crowd_of(args.mentees, args.seed)
    unit = 0.0
    for mode in ("total", "fair"):
        problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, mode, 20)
        began = time.perf_counter()
        plan = solve_pairing(problem, SolveSettings(), unhurried, silent)
        seconds = time.perf_counter() - began
        unit = unit or seconds
        mentor_of = np.full(problem.mentees, -1)
        mentor_of[plan.pairs[:, 0]] = plan.pairs[:, 1]
        utility = ColumnUtilities(problem).block(0, problem.mentees).astype(np.int64)
        yield row(f"evenhand, {mode}", problem, utility, mentor_of, seconds=seconds, unit=unit) | {
            "proved": plan.proved
        }
    for name, solve in PEERS.items():
        if find_spec(name.split()[0]) is not None:
            began = time.perf_counter()
            mentor_of = solve(problem, utility)
            seconds = time.perf_counter() - began
            yield row(name, problem, utility, mentor_of, seconds=seconds, unit=unit) | {"proved": ""}


def row(
    name: str, problem: PairingProblem, utility: Scores, mentor_of: Scores, *, seconds: float, unit: float
) -> dict[str, Any]:
    """One line of the table; `ratio`: seconds against ours for the highest total."""
    placed = mentor_of >= 0
    got = utility[placed, mentor_of[placed]]
    load = np.bincount(mentor_of[placed], minlength=problem.mentors)
    level = np.sort(level_of(got, problem.line, problem.levels))
    return {
        "name": name,
        "matched": int(placed.sum()),
        "total": int(got.sum()),
        "worst_levels": " ".join(map(str, level[:3].tolist())),
        "violations": int((got < 0).sum() + (load > problem.capacity).sum()),
        "seconds": round(seconds, 3),
        "ratio": round(seconds / unit, 1),
    }


def places(problem: PairingProblem, utility: Scores) -> tuple[Scores, Scores]:
    """Costs of mentees against single places (E, places), and whose place each is."""
    owner = np.repeat(np.arange(problem.mentors), problem.capacity)
    cost = np.where(utility >= 0, 1000 - utility, FORBIDDEN)[:, owner]
    return cost, owner


def munkres_assignment(problem: PairingProblem, utility: Scores) -> Scores:
    from munkres import Munkres  # noqa: PLC0415 - only where it is installed

    cost, owner = places(problem, utility)
    padded = np.full((max(cost.shape),) * 2, FORBIDDEN)
    padded[: cost.shape[0], : cost.shape[1]] = cost
    mentor_of = np.full(problem.mentees, -1)
    for mentee, place in Munkres().compute(padded.tolist()):
        if mentee < problem.mentees and place < len(owner) and padded[mentee, place] < FORBIDDEN:
            mentor_of[mentee] = owner[place]
    return mentor_of


def scipy_assignment(problem: PairingProblem, utility: Scores) -> Scores:
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415

    cost, owner = places(problem, utility)
    mentor_of = np.full(problem.mentees, -1)
    mentees, chosen = linear_sum_assignment(cost)
    fits = cost[mentees, chosen] < FORBIDDEN
    mentor_of[mentees[fits]] = owner[chosen[fits]]
    return mentor_of


def networkx_flow(problem: PairingProblem, utility: Scores) -> Scores:
    import networkx as nx  # noqa: PLC0415

    graph = nx.DiGraph()
    graph.add_node("sink", demand=problem.mentees)
    for mentee in range(problem.mentees):
        graph.add_node(("e", mentee), demand=-1)
        graph.add_edge(("e", mentee), "sink", capacity=1, weight=FORBIDDEN)
        for mentor in np.flatnonzero(utility[mentee] >= 0).tolist():
            graph.add_edge(("e", mentee), ("m", mentor), capacity=1, weight=int(-utility[mentee, mentor]))
    for mentor in range(problem.mentors):
        graph.add_edge(("m", mentor), "sink", capacity=int(problem.capacity[mentor]), weight=0)
    flow = nx.min_cost_flow(graph)
    mentor_of = np.full(problem.mentees, -1)
    for mentee in range(problem.mentees):
        for target, units in flow["e", mentee].items():
            if units and target != "sink":
                mentor_of[mentee] = target[1]
    return mentor_of


def matching_stable(problem: PairingProblem, utility: Scores) -> Scores:
    from matching.games import HospitalResident  # noqa: PLC0415

    wanted = {e: _ranked(utility[e]) for e in range(problem.mentees) if (utility[e] >= 0).any()}
    offered = {m: _ranked(utility[:, m]) for m in range(problem.mentors) if (utility[:, m] >= 0).any()}
    capacity = {m: int(problem.capacity[m]) for m in offered}
    game = HospitalResident.create_from_dictionaries(wanted, offered, capacity)
    mentor_of = np.full(problem.mentees, -1)
    for mentor, mentees in game.solve().items():
        for mentee in mentees:
            mentor_of[mentee.name] = mentor.name
    return mentor_of


def _ranked(utility: Scores) -> list[int]:
    order = np.argsort(-utility, kind="stable")
    ranked: list[int] = order[utility[order] >= 0].tolist()
    return ranked


PEERS: dict[str, Callable[[PairingProblem, Scores], Scores]] = {
    "scipy linear_sum_assignment": scipy_assignment,
    "matching hospital-resident": matching_stable,
    "networkx min_cost_flow": networkx_flow,
    "munkres": munkres_assignment,
}
