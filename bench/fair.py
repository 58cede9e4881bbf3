"""Several mentors per mentee on real scores: the worst off first, then the total (docs/model.md).

`--data`: a folder of .npz files (or one with a folder `fair` of them) with `scores` (mentors, mentees),
`conflict`, `loads`, `loads_lb` and `covers`. Without data a case is invented. `p_seconds`: one plain
max-utility SimpleMinCostFlow in the same run, the unit of time; `ratio` is seconds in that unit.
"""

import argparse
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from solver.pairing.problem import Ints
from solver.pairing.several.case import Case, ExactLadder, Flags, case_of
from solver.pairing.several.solve import Settled, solve_case
from solver.pairing.several.terms import Terms
from solver.settings import silent

SCALE = 1_000_000
"""Scores are real: one of the solver's integers is a millionth; figures are recomputed from the scores."""

SHARED = Path(__file__).resolve().parents[2] / "shared"
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Scaled:
    """A case in integers: scores less `lowest`, times SCALE."""

    case: Case
    lowest: float


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--case", help="name of one file without .npz, or 'invented'; default all")
    parser.add_argument("--minimum-loads", action="store_true", help="mentors must reach loads_lb")
    parser.add_argument("--depth", type=int, default=6, help="lowest places lifted before the total counts")
    parser.add_argument("--seconds", type=float, default=58.0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row per case."""
    folder = args.data / "fair" if (args.data / "fair").is_dir() else args.data
    known = sorted(path.stem for path in folder.glob("*.npz"))
    for name in [args.case] if args.case else known or ["invented"]:
        arrays = invented() if name == "invented" else _loaded(folder / f"{name}.npz")
        yield {"case": name, **measured(arrays, args.minimum_loads, args.depth, args.seconds)}


def _loaded(path: Path) -> Arrays:
    with np.load(path) as file:
        return {key: file[key] for key in file.files}


def invented(mentors: int = 90, mentees: int = 60, seed: int = 0) -> Arrays:
    """Scores of people who share some of their topics, three mentors for each mentee."""
    rng = np.random.default_rng(seed)
    offers, wishes = rng.random((mentors, 8)) ** 3, rng.random((8, mentees)) ** 3
    scores = offers @ wishes
    return {
        "scores": (scores / scores.max()).astype(np.float32),
        "conflict": rng.random((mentors, mentees)) < 0.02,
        "loads": np.full(mentors, 3),
        "loads_lb": np.ones(mentors, np.int64),
        "covers": np.full(mentees, 3),
    }


def measured(arrays: Arrays, minimum_loads: bool, depth: int, seconds: float) -> dict[str, Any]:
    """Solves one case within the seconds and judges the answer by the scores themselves."""
    p_seconds = plain_flow(arrays)
    begun = perf_counter()
    scaled = scaled_case(arrays, minimum_loads)
    terms = Terms(low_first=minimum_loads, depth=depth)
    found = solve_case(scaled.case, terms, lambda: seconds - (perf_counter() - begun), silent)
    assigned = assignment(scaled.case, found.chosen)
    took = perf_counter() - begun
    bound = found.bound / SCALE + scaled.lowest * int(arrays["covers"].sum())
    verdict = judged(arrays, assigned, minimum_loads)
    return {
        **{key: verdict[key] for key in ("total", "worst", "violations")},
        **_claims(found, bound, verdict["total"]),
        "depth": depth,
        "seconds": took,
        "p_seconds": p_seconds,
        "ratio": took / p_seconds,
    }


def _claims(found: Settled, bound: float, total: float) -> dict[str, Any]:
    """What is proved: everything, so many of the lowest places, and how far the total can be from best."""
    gap = 0.0 if found.proved else max(0.0, bound / total - 1)
    return {"proved": found.proved, "settled": found.settled, "bound": bound, "gap": gap}


def scaled_case(arrays: Arrays, minimum_loads: bool) -> Scaled:
    """The case in integers; whoever wants fewer mentors starts with what makes up for the lifted scores."""
    scores, covers = arrays["scores"].astype(float).T, arrays["covers"].astype(np.int64)
    lowest = min(0.0, float(scores.min()))
    block = np.round((scores - lowest) * SCALE).astype(np.int64)
    block[arrays["conflict"].T] = -1
    limits = {
        "wanted": covers,
        "capacity": arrays["loads"].astype(np.int64),
        "low": arrays["loads_lb"].astype(np.int64) * int(minimum_loads),
        "base": np.round((covers.max() - covers) * -lowest * SCALE).astype(np.int64),
        "ladder": ExactLadder(line=int(covers.max()) * int(block.max() + 1)),
    }
    return Scaled(case_of(block, limits), lowest)


def assignment(case: Case, chosen: Flags) -> NDArray[np.bool_]:
    """(mentors, mentees) who got whom."""
    assigned = np.zeros((case.mentors, case.mentees), bool)
    assigned[case.mentor[chosen], case.mentee[chosen]] = True
    return assigned


def judged(arrays: Arrays, assigned: NDArray[np.bool_], minimum_loads: bool) -> dict[str, Any]:
    """The yardstick's verdict when it is there, else the same figures counted here."""
    yardstick = SHARED / "bench" / "fair_case.py"
    if yardstick.is_file():
        spec = importlib.util.spec_from_file_location("fair_case", yardstick)
        if spec is not None and spec.loader is not None:
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            verdict: dict[str, Any] = module.judge(arrays, assigned, minimum_loads)
            return verdict
    return counted(arrays, assigned, minimum_loads)


def counted(arrays: Arrays, assigned: NDArray[np.bool_], minimum_loads: bool) -> dict[str, Any]:
    """Total, the three lowest utilities, and how many limits are broken."""
    utility, load = (arrays["scores"].astype(float) * assigned).sum(axis=0), assigned.sum(axis=1)
    broken = [assigned & arrays["conflict"], load > arrays["loads"], assigned.sum(axis=0) != arrays["covers"]]
    broken += [load < arrays["loads_lb"]] if minimum_loads else []
    return {
        "total": float(utility.sum()),
        "worst": [round(float(value), 4) for value in np.sort(utility)[:3]],
        "violations": sum(int(each.sum()) for each in broken),
    }


def plain_flow(arrays: Arrays) -> float:
    """Seconds of one plain min-cost flow for the highest total: the unit of this bench."""
    mentee, mentor = np.nonzero(~arrays["conflict"].T)
    cost: Ints = np.round(-arrays["scores"].astype(float)[mentor, mentee] * SCALE).astype(np.int64)
    mentors, mentees = arrays["scores"].shape
    sink = mentees + mentors
    begun = perf_counter()
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(mentee, mentees + mentor, np.ones_like(mentee), cost)
    place = mentees + np.arange(mentors)
    loads = arrays["loads"].astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(place, np.full(mentors, sink), loads, np.zeros_like(loads))
    covers = arrays["covers"].astype(np.int64)
    flow.set_nodes_supplies(np.append(np.arange(mentees), sink), np.append(covers, -covers.sum()))
    status = flow.solve()
    took = perf_counter() - begun
    if status != flow.OPTIMAL:
        raise SystemExit(f"The plain flow ended with {status.name}: this case has too few places.")
    return took
