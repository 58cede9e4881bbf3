"""What if? A warm solver answers pins, bans and other numbers of places at N people; in units of S.

Cases: one mentor each; a share of pairs that should cross two halves of the people; several mentors each
(1, 2 or 3) with places for all, with too few, and with a share. `cpu`: seconds of work, whoever else is on
the machine. `proved`: answers that are the best plan and proved; `gap`: what the others may still fall short
of the bound on the total, at most, in thousandths.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from bench.yardstick import crowd_of, problem_of, sparse_reference
from solver.pairing.problem import PairingProblem
from solver.pairing.questions import Change, Effect, WarmProblem
from solver.pairing.several.questions import WarmSeveralProblem, WholePlan
from solver.settings import SolveSettings

QUESTIONS = 12
LINE, SHARE = 450, 700
SEVERAL = (0.7, 0.2, 0.1)
CASES = ("one", "share", "several", "scarce", "several-share", "scarce-share")

Ask = Callable[[Change], Effect | WholePlan]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000, help="mentees and mentors together")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    parser.add_argument("--cases", nargs="*", choices=CASES, default=CASES)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    for case in args.cases:
        yield _row(case, _problem(case, args.people, args.seed), args)


def _problem(case: str, people: int, seed: int) -> PairingProblem:
    crowd = crowd_of(people * 2 // 3, seed)
    problem = problem_of(crowd.mentees, crowd.mentors, crowd.excluded, "fair", 20)
    rng = np.random.default_rng(seed)
    if case not in ("one", "share"):
        plenty = 2 if case.startswith("several") else 1
        problem = problem.replace(
            wanted=rng.choice([1, 2, 3], problem.mentees, p=SEVERAL),
            capacity=problem.capacity * plenty,
            line=LINE,
        )
    if case.endswith("share"):
        halves = {
            "mentee_columns": {**problem.mentee_columns, "half": rng.integers(0, 2, problem.mentees)},
            "mentor_columns": {**problem.mentor_columns, "half": rng.integers(0, 2, problem.mentors)},
        }
        problem = problem.replace(**halves, line=LINE, cross_column="half", cross_share=SHARE)
    return problem


@dataclass(frozen=True, kw_only=True, eq=False)
class Warm:
    """A desk that is ready: its plan, and how it is asked."""

    pairs: tuple[tuple[int, int], ...]
    ask: Ask
    allowed: Callable[[int], Any]


def _row(case: str, problem: PairingProblem, args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    warm = _warm(problem, SolveSettings(seed=args.seed))
    cold = time.perf_counter() - began
    rng = np.random.default_rng(args.seed)
    seconds, cpu, units, touched, gaps = [], [], [], [], []
    for number in range(args.questions):
        change = _question(problem, warm, rng, number)
        units.append(sparse_reference(problem, 20))
        began, began_cpu = time.perf_counter(), time.process_time()
        answer = warm.ask(change)
        seconds.append(time.perf_counter() - began)
        cpu.append(time.process_time() - began_cpu)
        touched.append(len({e for e, _ in set(answer.pairs) ^ set(warm.pairs)}))
        gaps.append(0 if answer.proved else _gap(answer, warm))
    unit = float(np.median(units))
    return {
        "case": case,
        "people": args.people,
        "questions": args.questions,
        "cold": round(cold, 3),
        "p50": round(float(np.percentile(seconds, 50)), 4),
        "p95": round(float(np.percentile(seconds, 95)), 4),
        "slowest": round(max(seconds), 4),
        "cpu_p50": round(float(np.percentile(cpu, 50)), 4),
        "cpu_p95": round(float(np.percentile(cpu, 95)), 4),
        "s_seconds": round(unit, 4),
        "ratio": round(float(np.median(seconds)) / unit, 2),
        "ratio_p95": round(float(np.percentile(seconds, 95)) / unit, 2),
        "touched": float(np.median(touched)),
        "proved": sum(gap == 0 for gap in gaps),
        "gap": round(max(gaps), 1),
    }


def _gap(answer: Effect | WholePlan, warm: Warm) -> float:
    """Thousandths of the bound that the total of an answer without proof lies below it."""
    utility = [int(warm.allowed(e)[m]) for e, m in answer.pairs]
    return 1000 * (answer.bound - sum(utility)) / max(1, answer.bound)


def _warm(problem: PairingProblem, settings: SolveSettings) -> Warm:
    if (problem.asked > 1).any():
        several = WarmSeveralProblem(problem, settings, small=0)
        start = several.plan().pairs
        return Warm(
            pairs=start, ask=lambda change: several.what_if(change, start), allowed=several.utility_of
        )
    desk = WarmProblem(problem, settings)
    places = {int(row): at for at, row in enumerate(desk.market.mentee_rows)}
    columns = np.full(problem.mentors, -1, np.int64)

    def allowed(mentee: int) -> Any:
        row = columns.copy()
        at = places[mentee]
        row[desk.market.mentor_rows] = desk.market.utilities.block(at, at + 1)[0]
        return row

    return Warm(pairs=tuple(map(tuple, desk.pairs.tolist())), ask=desk.what_if, allowed=allowed)


def _question(problem: PairingProblem, warm: Warm, rng: np.random.Generator, number: int) -> Change:
    """A pin, a ban or a place more, in turn."""
    mentee, mentor = warm.pairs[rng.integers(0, len(warm.pairs))]
    if number % 3 == 0:
        row = warm.allowed(mentee)
        return Change(pin=((mentee, int(rng.choice(np.flatnonzero((row >= 0) & (problem.capacity > 0))))),))
    if number % 3 == 1:
        return Change(forbid=((mentee, mentor),))
    return Change(places=((mentor, int(problem.capacity[mentor]) + 1),))
