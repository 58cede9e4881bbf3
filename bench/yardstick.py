"""The shared yardstick for pairing at scale, or a smaller case of our own when it is not there.

EVENHAND_YARDSTICK names the folder of `pairing_case.py`; by default `shared/bench` beside the checkout.
"""

import importlib.util
import os
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from ortools.graph.python import min_cost_flow

from solver.pairing.candidates import best_of_both
from solver.pairing.market import cached, market_of
from solver.pairing.problem import Criterion, PairingProblem, Rule

DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "bench"


def yardstick(name: str = "pairing_case") -> ModuleType | None:
    """The yardstick's module, or None where it is not installed."""
    path = Path(os.environ.get("EVENHAND_YARDSTICK", DEFAULT)) / f"{name}.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def yardstick_problem(mentees: int, seed: int, **changes: Any) -> PairingProblem:
    """The yardstick's people under its rules and criteria; people of our own where it is not there."""
    module = yardstick()
    if module is None:
        return own_problem(mentees, seed, **changes)
    return problem_of(module.make_case(mentees, seed), **changes)


def problem_of(case: dict[str, Any], **changes: Any) -> PairingProblem:
    """A yardstick case as a pairing problem with the same utility in every pair."""
    mentees, mentors = case["mentees"], case["mentors"]
    second = np.uint64(1)
    return PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        capacity=case["capacity"],
        mentee_columns={"function": case["function"], "level": case["level"]},
        mentor_columns={"function": case["mentor_function"], "level": case["mentor_level"]},
        mentee_bits=_bits(case["wants"], case["languages"], case["languages"] >> second, case["hours"]),
        mentor_bits=_bits(
            case["offers"], case["mentor_languages"], case["mentor_languages"] >> second, case["mentor_hours"]
        ),
        excluded=case["excluded"],
        **{**rules_and_criteria(), "line": 1001, "levels": 20, **changes},
    )


def _bits(topics: Any, languages: Any, others: Any, hours: Any) -> dict[str, Any]:
    weights = np.uint64(1) << np.arange(60, dtype=np.uint64)
    halves = [(topics[:, start : start + 60] * weights).sum(axis=1, dtype=np.uint64) for start in (0, 60)]
    return {
        "topics": np.stack(halves, axis=1),
        "languages": languages[:, None],
        "second": others[:, None],
        "hours": hours[:, None],
    }


def rules_and_criteria() -> dict[str, Any]:
    """The yardstick's rules and points."""
    return {
        "rules": (
            Rule(kind="gap", column="level", least=0, most=5),
            Rule(kind="overlap", column="hours", least=2),
            Rule(kind="overlap", column="languages", least=1),
        ),
        "criteria": (
            Criterion(kind="coverage", column="topics", points=450),
            Criterion(kind="overlap", column="hours", points=200, most=8),
            Criterion(kind="gap", column="level", points=150, table=(60, 120, 150, 110, 70, 30)),
            Criterion(kind="differ", column="function", points=100),
            Criterion(kind="any", column="languages", points=40),
            Criterion(kind="any", column="second", points=60),
        ),
    }


def own_problem(mentees: int, seed: int, **changes: Any) -> PairingProblem:
    """A plain random organisation: half as many mentors, one to three places each."""
    rng = np.random.default_rng(seed)
    mentors = mentees // 2

    def side(n: int, low: int) -> tuple[dict[str, Any], dict[str, Any]]:
        columns = {"function": rng.integers(0, 12, n), "level": rng.integers(low, low + 5, n)}
        languages = (rng.random((n, 8)) < 0.2) << np.arange(8)
        languages[:, 0] |= rng.random(n) < 0.93
        spoken = languages.sum(axis=1).astype(np.uint64)
        hours = ((rng.random((n, 40)) < 0.35).astype(np.uint64) << np.arange(40, dtype=np.uint64)).sum(axis=1)
        return columns, _bits(rng.random((n, 120)) < 0.035, spoken, spoken >> np.uint64(1), hours)

    mentee_columns, mentee_bits = side(mentees, 0)
    mentor_columns, mentor_bits = side(mentors, 1)
    return PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        capacity=rng.integers(1, 4, mentors),
        mentee_columns=mentee_columns,
        mentor_columns=mentor_columns,
        mentee_bits=mentee_bits,
        mentor_bits=mentor_bits,
        **{**rules_and_criteria(), "line": 1001, "levels": 20, **changes},
    )


def seconds_of_s(problem: PairingProblem, keep: int = 20) -> float:
    """The unit S: one bare flow for most matches, then most utility, on the best `keep` of each side."""
    graph = best_of_both(cached(market_of(problem, None, 0, 2)), keep)
    mentees, mentors, sink = graph.mentees, graph.mentors, graph.mentees + graph.mentors
    began = time.perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        graph.tail.astype(np.int32),
        (graph.head + mentees).astype(np.int32),
        np.ones(len(graph.tail), np.int64),
        -graph.utility,
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(mentees, sink, dtype=np.int32),
        np.full(mentors, sink, np.int32),
        graph.capacity,
        np.zeros(mentors, np.int64),
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(mentees, dtype=np.int32),
        np.full(mentees, sink, np.int32),
        np.ones(mentees, np.int64),
        np.full(mentees, 1000 * (mentees + 1), np.int64),
    )
    supply = np.concatenate([np.ones(mentees, np.int64), np.zeros(mentors, np.int64), [-mentees]])
    flow.set_nodes_supplies(np.arange(sink + 1, dtype=np.int32), supply)
    flow.solve()
    return time.perf_counter() - began
