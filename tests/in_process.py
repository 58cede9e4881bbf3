"""The real solver without a child, for tests that are about what is done with its answers.

The child, its limits and its end are the business of `tests/jobs`, `tests/matcher/jobs` and the journeys.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.services.ports import Report
from solver.files import dump_plan, load_problem
from solver.options.count import options
from solver.options.problem import dump_counted, load_options
from solver.repair.problem import dump_repaired, load_repair
from solver.repair.run import repair
from solver.run import solve
from solver.serve import answers
from solver.settings import unhurried


def solved(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
    """RunSolver for a whole problem."""
    assert seconds > 0, "A solve needs some time."
    assert memory_mb > 0, "A solve needs some memory."
    return dump_plan(solve(load_problem(problem), unhurried, report))


def repaired(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
    """RunSolver for a published plan to be repaired."""
    return dump_repaired(repair(load_repair(problem), unhurried, report))


def counted(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
    """RunSolver for who has how many options."""
    return dump_counted(options(load_options(problem), unhurried, report))


def asked(
    problem: bytes, questions: Sequence[Mapping[str, Any]], *, patience: float
) -> tuple[Mapping[str, Any], ...]:
    """AskWarmSolver."""
    lines = [json.dumps(question, sort_keys=True) for question in questions]
    return tuple(json.loads(answer) for answer in answers(load_problem(problem), lines))
