"""The question "who leads which session?" and its answer: frozen values of integers that check themselves."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Duties = tuple[tuple[int, ...], ...]
"""duties[session][duty]: who holds it, or -1 when nobody does."""

PAIR = 2
LONGEST = 64
"""Most sessions of a cycle and most duties of a session."""


@dataclass(frozen=True, kw_only=True)
class RotaWeights:
    """Costs: a duty left open; a first facilitator without experience; the same duty twice running;
    each count beyond one between those willing to hold a duty; each step between the highest and
    the lowest load, balance included; in a repair, each standing duty that changes hands."""

    open: int = 1000
    first: int = 200
    running: int = 20
    spread: int = 10
    load: int = 3
    change: int = 0

    def __post_init__(self) -> None:
        for name in ("open", "first", "running", "spread", "load", "change"):
            if not 0 <= getattr(self, name) <= 1_000_000:
                raise ValueError(f"Rota: weight {name} is {getattr(self, name)}; expected 0 to 1000000.")


def nobody_absent() -> Ints:
    """An empty list of absences."""
    return np.zeros((0, 2), np.int64)


@dataclass(frozen=True, kw_only=True, eq=False)
class RotaTerms:
    """What the rota must know about all N people; who sits together is given apart.

    sessions: of the cycle, each circle alike. duties: per session; duty 0 is the facilitator, and the only
    one of a pair ("leads the session"). willing (N, duties): has not opted out. experienced (N,): may
    facilitate the first session at no cost. balance (N,): load carried over from earlier cycles, positive for
    those who did more than their share. absent (k, 2): [person, session]. pairs: mentor-mentee pairs
    rotate as well.
    Raises ValueError naming everything that is wrong.
    """

    sessions: int
    duties: int = 3
    willing: Flags
    experienced: Flags
    balance: Ints
    absent: Ints = field(default_factory=nobody_absent)
    weights: RotaWeights = field(default_factory=RotaWeights)
    pairs: bool = False

    def __post_init__(self) -> None:
        wrong = list(_problems(self))
        if wrong:
            raise ValueError("Rota: " + " ".join(wrong))

    def duties_of(self, members: int) -> int:
        """Number of duties a session of so many members has: a pair only has who leads the session, and
        nobody holds two."""
        return 1 if members <= PAIR else min(self.duties, members)


@dataclass(frozen=True, kw_only=True, eq=False)
class RotaProblem:
    """One group of m members: present (m, sessions), willing (m, duties), experienced (m,), balance (m,).

    most (m,): the most duties each may hold, None without such limits. In a repair, standing: the duties as
    they were, by members; begun: an earlier session has been held.
    """

    present: Flags
    willing: Flags
    experienced: Flags
    balance: Ints
    weights: RotaWeights = field(default_factory=RotaWeights)
    standing: Duties | None = None
    begun: bool = False
    most: Ints | None = None

    @property
    def members(self) -> int:
        """Number of people in the group."""
        return int(self.present.shape[0])

    @property
    def sessions(self) -> int:
        """Number of sessions."""
        return int(self.present.shape[1])

    @property
    def duties(self) -> int:
        """Number of duties in each session."""
        return int(self.willing.shape[1])


@dataclass(frozen=True, kw_only=True)
class GroupRota:
    """The duties of one group; members and holders are places in the list of all people."""

    members: tuple[int, ...]
    duties: Duties


@dataclass(frozen=True, kw_only=True)
class RotaPlan:
    """All duties in the order of the groups asked for; cost: recounted sum; proved: no rota costs less."""

    groups: tuple[GroupRota, ...]
    cost: int
    proved: bool


def presence(terms: RotaTerms) -> Flags:
    """(N, sessions): comes to that session."""
    present = np.ones((len(terms.willing), terms.sessions), bool)
    present[terms.absent[:, 0], terms.absent[:, 1]] = False
    return present


def group_problem(terms: RotaTerms, present: Flags, members: tuple[int, ...]) -> RotaProblem:
    """The part of the terms, and of everyone's presence, that concerns one group."""
    people = np.array(members, np.int64)
    return RotaProblem(
        present=present[people],
        willing=terms.willing[people, : terms.duties_of(len(members))],
        experienced=terms.experienced[people],
        balance=terms.balance[people],
        weights=terms.weights,
    )


def _problems(terms: RotaTerms) -> Iterator[str]:
    people = len(terms.willing)
    if not 1 <= terms.sessions <= LONGEST or not 1 <= terms.duties <= LONGEST:
        yield f"{terms.sessions} sessions of {terms.duties} duties; expected 1 to {LONGEST} of each."
    yield from _array(terms.willing, "willing", np.bool_, (people, terms.duties))
    yield from _array(terms.experienced, "experienced", np.bool_, (people,))
    yield from _array(terms.balance, "balance", np.int64, (people,))
    yield from _array(terms.absent, "absent", np.int64, (len(terms.absent), 2))
    if terms.absent.ndim == 2 and len(terms.absent):
        who, when = terms.absent[:, 0], terms.absent[:, -1]
        if who.min() < 0 or who.max() >= people or when.min() < 0 or when.max() >= terms.sessions:
            yield f"absent: expected people 0 to {people - 1} and sessions 0 to {terms.sessions - 1}."


def _array(array: NDArray[Any], name: str, kind: type, shape: tuple[int, ...]) -> Iterator[str]:
    if array.shape != shape or array.dtype != kind:
        yield f"{name}: {array.dtype} {array.shape}; expected {np.dtype(kind)} {shape}."
