"""A mentor of several leaves after publication: who else must move, and what is lost; in units of S."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.yardstick import crowd_of, problem_of, sparse_reference
from solver.pairing.questions import Change, WarmProblem
from solver.settings import SolveSettings

STABILITIES = (1000, 0)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--mentees", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    crowd = crowd_of(args.mentees, args.seed)
    problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, "total", 20)
    warm = WarmProblem(problem, SolveSettings(seed=args.seed))
    unit = min(sparse_reference(problem, 20) for _ in range(2))
    load = np.bincount(warm.pairs[:, 1], minlength=problem.mentors)
    mentor = int(np.argmax(load))
    orphans = set(warm.pairs[warm.pairs[:, 1] == mentor, 0].tolist())
    anew = warm.repair(Change(gone_mentors=(mentor,), stability=0))
    before = warm.total
    for stability in STABILITIES:
        began = time.perf_counter()
        effect = warm.repair(Change(gone_mentors=(mentor,), stability=stability))
        seconds = time.perf_counter() - began
        placed_before = {mentee for mentee, old, _ in effect.moved if old >= 0}
        yield {
            "mentees": args.mentees,
            "stability": stability,
            "orphans": len(orphans),
            "placed_change": effect.placed,
            "others_moved": len(placed_before - orphans),
            "utility_loss": round((anew.total - effect.total) / max(1, before), 8),
            "seconds": round(seconds, 4),
            "s_seconds": round(unit, 4),
            "ratio": round(seconds / unit, 2),
        }
