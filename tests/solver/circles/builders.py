"""Circles problems with harmless defaults, and a realistic one from a seed."""

from typing import Any

import numpy as np

from solver.checks.circles import circles_breaches
from solver.circles.problem import CirclesPlan, CirclesProblem
from solver.circles.solve import solve_circles
from solver.settings import SolveSettings, silent, unhurried


def a_circles_problem(n: int, **changes: Any) -> CirclesProblem:
    """n people, all alike, all free at two slots, everyone facilitates."""
    values: dict[str, Any] = {
        "people": np.arange(n, dtype=np.int64),
        "available": np.ones((n, 2), bool),
        "facilitates": np.ones(n, bool),
    }
    return CirclesProblem(**{**values, **changes})


def pairs(*listed: tuple[int, int]) -> np.ndarray:
    return np.array(listed, np.int64).reshape(-1, 2)


def a_realistic_problem(n: int, seed: int, **changes: Any) -> CirclesProblem:
    """Uneven functions and sites, few slots each, some hard pairs and reunions, a third facilitate."""
    rng = np.random.default_rng(seed)
    site = rng.integers(0, 3, n)
    reach = np.array([[1, 1, 1, 1, 0, 0], [0, 0, 1, 1, 1, 1], [1, 0, 1, 0, 1, 1]], bool)
    met = rng.integers(0, n, (2 * n, 2))
    met = met[met[:, 0] != met[:, 1]]
    values: dict[str, Any] = {
        "available": reach[site] & (rng.random((n, 6)) < 0.7),
        "classes": {"function": rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1]), "site": site},
        "hard": met[: n // 2],
        "reunions": met[n // 2 :],
        "facilitates": rng.random(n) < 0.4,
    }
    return a_circles_problem(n, **{**values, **changes})


def solved(problem: CirclesProblem, seed: int = 0, effort: int = 600) -> CirclesPlan:
    """The plan, after the independent check found nothing to object to."""
    plan = solve_circles(problem, SolveSettings(seed=seed, effort=effort, workers=1), unhurried, silent)
    assert list(circles_breaches(problem, plan)) == []
    return plan
