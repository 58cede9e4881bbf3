"""Every way to hold one duty over the sessions, as tables to look up; the same for all groups of one size."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from solver.rota.problem import Ints

MOST = 300_000
"""Largest table; a group with more ways is given to another method."""


@dataclass(frozen=True, eq=False)
class Sequences:
    """N ways to hold a duty: bits (N,): bit session·m + member; counts (N, m) per member; running (N,): same
    holder twice running; opens (N,): sessions without a holder; first (N,): holder of session 0, else m."""

    bits: Ints
    counts: NDArray[np.int8]
    running: NDArray[np.int8]
    opens: NDArray[np.int8]
    first: NDArray[np.int8]


def fits(members: int, sessions: int, duties: int) -> bool:
    """Whether the tables for such a group are small enough."""
    return members * sessions <= 62 and max((members + 1) ** sessions, (members + 1) ** duties) <= MOST


@lru_cache(maxsize=16)
def sequences(members: int, sessions: int, with_open: bool) -> Sequences:
    """All sequences of holders, in lexicographic order; with_open: sessions may stay without one."""
    symbols = members + with_open
    grid = np.indices((symbols,) * sessions, dtype=np.int8).reshape(sessions, -1)
    held = grid < members
    place = np.arange(sessions, dtype=np.int64)[:, None] * members
    bits = np.where(held, np.int64(1) << (place + np.minimum(grid, members - 1)), np.int64(0)).sum(0)
    counts = np.stack([(grid == member).sum(0, dtype=np.int8) for member in range(members)], 1)
    running = ((grid[1:] == grid[:-1]) & held[1:]).sum(0, dtype=np.int8)
    return Sequences(bits, counts, running, (~held).sum(0, dtype=np.int8), grid[0])


@lru_cache(maxsize=16)
def assignments(members: int, duties: int) -> Ints:
    """(k, duties): every way to fill one session's duties with different members, or with nobody (m)."""
    rows = np.indices((members + 1,) * duties).reshape(duties, -1).T.astype(np.int64)
    clash = np.zeros(len(rows), bool)
    for duty in range(1, duties):
        clash |= ((rows[:, :duty] == rows[:, duty, None]) & (rows[:, :duty] < members)).any(1)
    return rows[~clash]


def holders(bits: int, members: int, sessions: int) -> list[int]:
    """The holder of each session of one sequence, -1 when nobody."""
    chunks = [(bits >> (session * members)) & ((1 << members) - 1) for session in range(sessions)]
    return [chunk.bit_length() - 1 for chunk in chunks]
