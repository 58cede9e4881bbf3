"""`python -m solver [problem.json [plan.json]]`: a problem in, a plan out; files, or pipes when none are
named.

The child that solves, under a memory cap and a deadline; anybody can replay a run with it. One line of JSON
per stage goes to standard error. Ends with 0 and a plan, 2 if the problem file is wrong, 3 if there was no
plan in time, 4 if the plan failed its own check (it is then not written).
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

# Our own threads share the cores; if each called several of the library's, they would wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from solver.clock import within
from solver.files import FormatError, MatchingProblem, dump_plan, load_problem
from solver.run import run
from solver.status import SolveFailedError

GOOD, BAD_FILE, NO_PLAN, FAILED_CHECK = 0, 2, 3, 4


def main(arguments: Sequence[str]) -> int:
    """Reads, solves, checks, writes; the exit status says how it went."""
    options = _options(arguments)
    _limit_memory(options.memory_mb)
    began = time.monotonic()
    if options.serve and not options.problem:
        options.problem = _awaited()
    try:
        data = Path(options.problem).read_bytes() if options.problem else sys.stdin.buffer.read()
    except OSError as refused:
        print(f"The problem file cannot be read: {refused}.", file=sys.stderr)
        return BAD_FILE
    if options.repair or options.options:
        other = _repair if options.repair else _options_of
        return other(data, options, began)
    try:
        problem = load_problem(data)
    except FormatError as refused:
        print(refused, file=sys.stderr)
        return BAD_FILE
    if options.serve:
        return _serve(problem)
    seconds = options.seconds or problem.settings.seconds
    outcome = run(problem, within(seconds, began), _tell)
    if outcome.plan is None:
        print(outcome.sentence, file=sys.stderr)
        return {"pin": BAD_FILE, "time": NO_PLAN, "check": FAILED_CHECK}[outcome.fault]
    written = dump_plan(outcome.plan)
    if options.plan:
        Path(options.plan).write_bytes(written)
    else:
        sys.stdout.buffer.write(written)
    return GOOD


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m solver", description="A problem in, a plan out.")
    parser.add_argument("problem", nargs="?", help="problem file; standard input if left out")
    parser.add_argument("plan", nargs="?", help="plan file; standard output if left out")
    parser.add_argument("--memory-mb", type=int, default=0, help="most memory in megabytes; 0 sets no cap")
    parser.add_argument("--seconds", type=float, default=0.0, help="deadline; the problem's own if left out")
    parser.add_argument(
        "--serve",
        action="store_true",
        help="stay and answer questions (see solver/serve.py); with no problem file, the first line of "
        "standard input names it",
    )
    parser.add_argument(
        "--repair", action="store_true", help="the problem is a published plan to be repaired (solver/repair)"
    )
    parser.add_argument(
        "--options", action="store_true", help="the problem asks who has how many options (solver/options)"
    )
    return parser.parse_args(arguments)


def _awaited() -> str:
    """The name of the problem file, once somebody says it; whatever takes time to load is loaded by then."""
    import solver.serve  # noqa: F401, PLC0415

    return sys.stdin.readline().rstrip("\n")


def _serve(problem: MatchingProblem) -> int:
    """Answers questions from standard input until it ends."""
    from solver.serve import answers  # noqa: PLC0415 - loads the flow library

    try:
        for answer in answers(problem, sys.stdin):
            print(answer, flush=True)
    except ValueError as refused:
        print(refused, file=sys.stderr)
        return BAD_FILE
    return GOOD


def _repair(data: bytes, options: argparse.Namespace, began: float) -> int:
    """The smallest change of a published plan; checked like a plan before it leaves."""
    from solver.checks.repair import repair_breaches  # noqa: PLC0415
    from solver.repair.problem import dump_repaired, load_repair  # noqa: PLC0415
    from solver.repair.run import repair  # noqa: PLC0415 - loads the flow library

    try:
        given = load_repair(data)
    except FormatError as refused:
        print(refused, file=sys.stderr)
        return BAD_FILE
    seconds = options.seconds or given.problem.settings.seconds
    try:
        plan = repair(given, within(seconds, began), _tell)
    except SolveFailedError as failed:
        print(f"There is no plan: {failed} Try again with more time.", file=sys.stderr)
        return NO_PLAN
    rules = sorted({breach.rule for breach in repair_breaches(given, plan)})
    if rules:
        print(f"The plan failed its own check ({', '.join(rules)}) and was not kept.", file=sys.stderr)
        return FAILED_CHECK
    written = dump_repaired(plan)
    if options.plan:
        Path(options.plan).write_bytes(written)
    else:
        sys.stdout.buffer.write(written)
    return GOOD


def _options_of(data: bytes, options: argparse.Namespace, began: float) -> int:
    """Who has how many options, and how many can be placed: counts, no plan."""
    from solver.options.count import options as counted  # noqa: PLC0415
    from solver.options.problem import dump_counted, load_options  # noqa: PLC0415

    try:
        given = load_options(data)
    except FormatError as refused:
        print(refused, file=sys.stderr)
        return BAD_FILE
    seconds = options.seconds or 60.0
    found = counted(given, within(seconds, began), _tell)
    sys.stdout.buffer.write(dump_counted(found))
    return GOOD


def _limit_memory(megabytes: int) -> None:
    """No core dumps: they would hold people's numbers. And no more memory than allowed."""
    if find_spec("resource") is None:
        return
    import resource  # noqa: PLC0415 - not on every system

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if megabytes > 0:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))


def _tell(stage: str, done: int, of: int) -> None:
    print(json.dumps({"stage": stage, "done": done, "of": of}), file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
