"""Circles on the yardstick's case, judged by its evaluator; on invented people where it is not there.

Keys: objective, bound, violations (a sum over the hard rules), proved, seconds, peak_mb.
"""

import argparse
import resource
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np

from bench.judges import judge
from solver.checks.circles import circles_breaches
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.solve import solve_circles
from solver.clock import within
from solver.settings import SolveSettings, silent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=2)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row: the plan for so many people, recounted."""
    module = judge("circles_case")
    case = module.make_case(args.people, args.seed) if module else invented(args.people, args.seed)
    problem = circles_problem(case)
    began = perf_counter()
    plan = solve_circles(
        problem,
        SolveSettings(seed=0, effort=1_000_000, seconds=args.seconds, workers=args.workers),
        within(args.seconds),
        silent,
    )
    seconds = perf_counter() - began
    objective, violations, bound = _judged(module, case, problem, plan)
    yield {
        "people": args.people,
        "seed": args.seed,
        "objective": objective,
        "bound": max(bound, plan.bound),
        "violations": violations,
        "unplaced": len(plan.unplaced),
        "proved": plan.proved,
        "seconds": seconds,
        "peak_mb": peak_mb(),
    }


def peak_mb() -> float:
    """The most memory this process or one of its children has used."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024


def circles_problem(case: dict[str, Any]) -> CirclesProblem:
    """The case as the solver's problem, with the yardstick's weights."""
    classes = {name: np.asarray(case[name], np.int64) for name in ("function", "site", "seniority")}
    return CirclesProblem(
        people=np.arange(case["n"], dtype=np.int64),
        available=case["available"],
        classes=classes,
        hard=np.array(case["hard"], np.int64).reshape(-1, 2),
        reunions=np.array(case["reunion"], np.int64).reshape(-1, 2),
        facilitates=case["facilitates"],
    )


def _judged(
    module: Any, case: dict[str, Any], problem: CirclesProblem, plan: CirclesPlan
) -> tuple[int, int, int]:
    """Objective, broken rules and bound: the yardstick's where everybody is placed, else our own check's."""
    if module is None or plan.unplaced:
        return plan.objective, len(list(circles_breaches(problem, plan))), plan.bound
    group = np.zeros(problem.n, np.int64)
    for number, members in enumerate(plan.groups):
        group[list(members)] = number
    objective, broken = module.evaluate(case, group)
    return int(objective), sum(broken.values()), int(module.lower_bound(case))


def invented(people: int, seed: int) -> dict[str, Any]:
    """Uneven functions and sites in different time windows, colleagues who may not meet, an older cycle."""
    rng = np.random.default_rng(seed)
    site = rng.choice(4, people, p=[0.4, 0.3, 0.2, 0.1])
    reach = (np.arange(16) - 4 * site[:, None]) % 16 < 9
    met = np.sort(rng.integers(0, people, (4 * people, 2)), axis=1)
    met = np.unique(met[met[:, 0] < met[:, 1]], axis=0)
    blocked = rng.random(len(met)) < 0.4
    return {
        "n": people,
        "function": rng.choice(6, people, p=[0.3, 0.25, 0.2, 0.1, 0.1, 0.05]),
        "site": site,
        "seniority": rng.integers(0, 4, people),
        "available": reach & (rng.random((people, 16)) < 0.45),
        "facilitates": rng.random(people) < 0.4,
        "hard": met[blocked],
        "reunion": met[~blocked],
    }
