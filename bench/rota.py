"""The rota of many circles on the yardstick's case, judged by its evaluator; invented where it is not there.

Keys: cost, proved, seconds, peak_mb.
"""

import argparse
from collections.abc import Iterator
from time import perf_counter
from typing import Any

import numpy as np

from bench.circles import peak_mb
from bench.judges import judge
from solver.clock import within
from solver.rota.assign import assign_rota
from solver.rota.problem import RotaPlan, RotaTerms
from solver.settings import SolveSettings, silent

Case = dict[str, Any]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--circles", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row: the cost of all circles together."""
    module = judge("rota_case")
    cases: list[Case] = (
        module.make_case(args.circles, seed=args.seed) if module else invented(args.circles, args.seed)
    )
    terms, groups = rota_terms(cases)
    began = perf_counter()
    plan = assign_rota(
        terms,
        groups,
        SolveSettings(seconds=args.seconds, workers=args.workers),
        within(args.seconds),
        silent,
    )
    seconds = perf_counter() - began
    cost = plan.cost if module is None else _judged(module, cases, plan)
    yield {
        "circles": args.circles,
        "seed": args.seed,
        "cost": cost,
        "proved": plan.proved,
        "seconds": seconds,
        "peak_mb": peak_mb(),
    }


def rota_terms(cases: list[Case]) -> tuple[RotaTerms, list[tuple[int, ...]]]:
    """All circles' members in one list of people, and the groups in it."""
    ends = np.cumsum([case["members"] for case in cases])
    groups = [
        tuple(range(end - case["members"], end)) for end, case in zip(ends.tolist(), cases, strict=True)
    ]
    present = np.concatenate([case["present"] for case in cases])
    terms = RotaTerms(
        sessions=cases[0]["sessions"],
        duties=cases[0]["duties"],
        willing=np.concatenate([case["willing"] for case in cases]),
        experienced=np.concatenate([case["experienced"] for case in cases]),
        balance=np.concatenate([case["balance"] for case in cases]).astype(np.int64),
        absent=np.argwhere(~present).astype(np.int64),
    )
    return terms, groups


def _judged(module: Any, cases: list[Case], plan: RotaPlan) -> int:
    cost = 0
    for case, rota in zip(cases, plan.groups, strict=True):
        place = {person: at for at, person in enumerate(rota.members)} | {-1: -1}
        cost += module.evaluate(case, [[place[person] for person in row] for row in rota.duties])[0]
    return int(cost)


def invented(circles: int, seed: int) -> list[Case]:
    """Circles of four to six with absences and opt-outs."""
    rng = np.random.default_rng(seed)
    cases = []
    for _ in range(circles):
        members = int(rng.integers(4, 7))
        willing = rng.random((members, 3)) > np.array([0.4, 0.1, 0.1])
        cases.append(
            {
                "members": members,
                "sessions": 6,
                "duties": 3,
                "present": rng.random((members, 6)) > 0.1,
                "willing": willing,
                "experienced": willing[:, 0] & (rng.random(members) < 0.5),
                "balance": rng.integers(-1, 3, members),
            }
        )
    return cases
