"""Small pairing problems for tests, with harmless defaults."""

from typing import Any

import numpy as np

from solver.pairing.problem import Criterion, PairingProblem, Rule


def a_matrix_problem(matrix: Any, **changes: Any) -> PairingProblem:
    """A problem whose utilities are given outright; -1 forbids. One place a mentor unless said otherwise."""
    utilities = np.array(matrix, np.int16)
    mentees, mentors = utilities.shape
    given = {name: np.array(v, np.int64) if isinstance(v, list) else v for name, v in changes.items()}
    return PairingProblem(
        mentee_people=np.arange(mentees),
        mentor_people=np.arange(mentees, mentees + mentors),
        matrix=utilities,
        **{"capacity": np.ones(mentors, np.int64), **given},
    )


def a_random_matrix(rng: np.random.Generator, **changes: Any) -> PairingProblem:
    """Up to five mentees and four mentors, few distinct utilities so that ties abound, a third forbidden."""
    mentees, mentors = int(rng.integers(1, 6)), int(rng.integers(1, 5))
    top = int(rng.choice([3, 10, 1000]))
    matrix = rng.integers(0, top + 1, (mentees, mentors))
    matrix[rng.random((mentees, mentors)) < rng.choice([0.1, 0.4])] = -1
    return a_matrix_problem(
        matrix,
        capacity=rng.integers(0, 3, mentors),
        line=int(rng.integers(1, top + 2)),
        levels=int(rng.integers(1, 7)),
        **changes,
    )


def a_random_crowd(rng: np.random.Generator, mentees: int, mentors: int, **changes: Any) -> PairingProblem:
    """People with columns and bit sets, every kind of rule and criterion."""

    def bits(n: int, words: int, share: float) -> Any:
        chosen = rng.random((n, words, 64)) < share
        return (chosen.astype(np.uint64) << np.arange(64, dtype=np.uint64)).sum(axis=2, dtype=np.uint64)

    def columns(n: int) -> dict[str, Any]:
        return {
            "function": rng.integers(-1, 4, n),
            "level": rng.integers(0, 6, n),
            "site": rng.integers(0, 3, n),
        }

    pairs = np.stack([rng.integers(0, mentees, mentees), rng.integers(0, mentors, mentees)], axis=1)
    wishes = np.concatenate(
        [np.unique(pairs, axis=0), np.full((len(np.unique(pairs, axis=0)), 1), 700)], axis=1
    )
    return PairingProblem(
        **{
            "mentee_people": np.arange(mentees),
            "mentor_people": np.arange(mentees - 1, mentees + mentors - 1),
            "capacity": rng.integers(0, 3, mentors),
            "mentee_columns": columns(mentees),
            "mentor_columns": columns(mentors),
            "mentee_bits": {"topics": bits(mentees, 2, 0.05), "hours": bits(mentees, 1, 0.2)},
            "mentor_bits": {"topics": bits(mentors, 2, 0.08), "hours": bits(mentors, 1, 0.2)},
            "rules": (
                Rule(kind="gap", column="level", least=-1, most=3),
                Rule(kind="overlap", column="hours", least=1),
            ),
            "criteria": (
                Criterion(kind="coverage", column="topics", points=400, weights=tuple(range(1, 70))),
                Criterion(kind="overlap", column="hours", points=150, least=1, most=4),
                Criterion(kind="gap", column="level", points=90, least=-1, table=(10, 50, 90, 20)),
                Criterion(kind="differ", column="function", points=80),
                Criterion(kind="same", column="site", points=60),
                Criterion(kind="any", column="topics", points=20),
                Criterion(kind="wish", points=200),
            ),
            "excluded": pairs[: mentees // 4],
            "wishes": wishes,
            **changes,
        }
    )
