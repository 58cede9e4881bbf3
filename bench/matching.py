"""Peer pairs and trios, proved; pairs alone also by networkx, in the same run.

Keys: objective, bound, violations, unplaced, trios, proved, seconds; ratio: seconds against ours.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from time import perf_counter
from typing import Any

import numpy as np

from bench.circles import circles_problem, invented
from solver.checks.circles import circles_breaches
from solver.circles.costs import costs_of
from solver.circles.problem import CirclesProblem
from solver.peers.pool import pool_of
from solver.peers.solve import solve_peers
from solver.settings import SolveSettings, silent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=601)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=60.0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Pairs and trios, pairs alone, and pairs alone by networkx where it is installed."""
    whole = circles_problem(invented(args.people, args.seed))
    unit = 0.0
    for name, largest in (("pairs and trios", 3), ("pairs alone", 2)):
        problem = replace(whole, smallest=2, target=2, largest=largest, kind="pair")
        began = perf_counter()
        plan = solve_peers(
            problem, SolveSettings(seed=0), lambda end=began + args.seconds: end - perf_counter(), silent
        )
        unit = perf_counter() - began
        yield {
            "name": f"evenhand, {name}",
            "people": args.people,
            "objective": plan.objective,
            "bound": plan.bound,
            "violations": len(list(circles_breaches(problem, plan))),
            "unplaced": len(plan.unplaced),
            "trios": sum(len(members) == 3 for members in plan.groups),
            "proved": plan.proved,
            "seconds": unit,
            "ratio": 1.0,
        }
    if find_spec("networkx") is not None:
        yield by_networkx(problem, unit)


def by_networkx(problem: CirclesProblem, unit: float) -> dict[str, Any]:
    """The same pairs by a general matching in Python: the cost saved against leaving both over."""
    import networkx as nx  # noqa: PLC0415 - only where it is installed

    pool = pool_of(costs_of(problem))
    graph = nx.Graph()
    first, second = np.nonzero(np.triu(pool.pairs))
    saved = 2 * pool.left_over - pool.price[first, second]
    began = perf_counter()
    graph.add_weighted_edges_from(zip(first.tolist(), second.tolist(), saved.tolist(), strict=True))
    pairs = sorted(tuple(sorted(pair)) for pair in nx.max_weight_matching(graph))
    seconds = perf_counter() - began
    unplaced = problem.n - 2 * len(pairs)
    return {
        "name": "networkx, pairs alone",
        "people": problem.n,
        "objective": pool.costs.total(pairs, unplaced),
        "unplaced": unplaced,
        "seconds": seconds,
        "ratio": seconds / unit,
    }
