"""What if? A warm solver answers pins, bans and other capacities at N people; in units of S."""

import argparse
import time
from collections.abc import Iterator
from typing import Any

import numpy as np

from bench.yardstick import crowd_of, problem_of, sparse_reference
from solver.pairing.desk import Change, Desk
from solver.settings import SolveSettings

QUESTIONS = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000, help="mentees and mentors together")
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    crowd = crowd_of(args.people * 2 // 3, args.seed)
    problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, "fair", 20)
    desk = Desk(problem, SolveSettings(seed=args.seed))
    rng = np.random.default_rng(args.seed)
    seconds, units, touched = [], [], []
    for number in range(QUESTIONS):
        change = _question(desk, rng, number)
        units.append(sparse_reference(problem, 20))
        began = time.perf_counter()
        effect = desk.what_if(change)
        seconds.append(time.perf_counter() - began)
        touched.append(len(effect.moved))
    unit = float(np.median(units))
    yield {
        "people": args.people,
        "questions": QUESTIONS,
        "seconds": round(float(np.median(seconds)), 4),
        "slowest": round(max(seconds), 4),
        "s_seconds": round(unit, 4),
        "ratio": round(float(np.median(seconds)) / unit, 2),
        "touched": float(np.median(touched)),
    }


def _question(desk: Desk, rng: np.random.Generator, number: int) -> Change:
    """A pin, a ban or a place more, in turn."""
    mentee, mentor = (int(entry) for entry in desk.pairs[rng.integers(0, len(desk.pairs))])
    if number % 3 == 0:
        row = desk.market.utilities.block(*_one(desk, mentee))[0]
        return Change(pin=((mentee, int(desk.market.mentor_rows[rng.choice(np.flatnonzero(row >= 0))])),))
    if number % 3 == 1:
        return Change(forbid=((mentee, mentor),))
    return Change(places=((mentor, int(desk.problem.capacity[mentor]) + 1),))


def _one(desk: Desk, mentee: int) -> tuple[int, int]:
    place = int(np.flatnonzero(desk.market.mentee_rows == mentee)[0])
    return place, place + 1
