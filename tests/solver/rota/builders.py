"""Rota terms and groups with harmless defaults, random ones, and brute force."""

from itertools import product
from typing import Any

import numpy as np

from solver.checks.rota import rota_breaches
from solver.rota.assign import assign_rota
from solver.rota.cost import rota_cost
from solver.rota.problem import Duties, RotaPlan, RotaProblem, RotaTerms
from solver.settings import SolveSettings, silent, unhurried


def terms(people: int, **changes: Any) -> RotaTerms:
    """Six sessions, three duties, everybody willing, experienced and present."""
    duties = changes.get("duties", 3)
    values: dict[str, Any] = {
        "sessions": 6,
        "willing": np.ones((people, duties), bool),
        "experienced": np.ones(people, bool),
        "balance": np.zeros(people, np.int64),
    }
    return RotaTerms(**{**values, **changes})


def random_group(members: int, sessions: int, duties: int, seed: int) -> RotaProblem:
    rng = np.random.default_rng(seed)
    willing = rng.random((members, duties)) > 0.3
    return RotaProblem(
        present=rng.random((members, sessions)) > 0.2,
        willing=willing,
        experienced=willing[:, 0] & (rng.random(members) < 0.5),
        balance=rng.integers(-1, 3, members),
    )


def least_cost(problem: RotaProblem) -> int:
    """The cost of the best rota, by trying all of them."""
    rows = [
        [
            row
            for row in product(range(-1, problem.members), repeat=problem.duties)
            if len({i for i in row if i >= 0}) == sum(i >= 0 for i in row)
            and all(i < 0 or (problem.present[i, s] and problem.willing[i, r]) for r, i in enumerate(row))
        ]
        for s in range(problem.sessions)
    ]
    return min(rota_cost(problem, duties) for duties in product(*rows) if within_limits(problem, duties))


def within_limits(problem: RotaProblem, duties: Duties) -> bool:
    """Nobody holds more duties than they may."""
    held = [sum(i in row for row in duties) for i in range(problem.members)]
    return problem.most is None or all(mine <= most for mine, most in zip(held, problem.most, strict=True))


def assigned(given: RotaTerms, *groups: tuple[int, ...]) -> RotaPlan:
    """The rota, after the independent check found nothing to object to."""
    plan = assign_rota(given, groups, SolveSettings(workers=1), unhurried, silent)
    assert list(rota_breaches(given, groups, plan)) == []
    return plan
