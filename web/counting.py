"""Counting options for pages: in a child process, few at a time, and the same question only once."""

from collections.abc import Callable, Hashable
from hashlib import sha256
from operator import attrgetter
from threading import BoundedSemaphore, Condition
from typing import Generic, TypeVar

from cachetools import LRUCache, cachedmethod
from flask import Flask, current_app
from sqlalchemy.orm import Session

from matcher.domain.matching.snapshot import Snapshot
from matcher.jobs.child import SOLVE, SolverChild
from matcher.services.forecast.lists import crowd_mark
from matcher.services.ports import Report, RunSolver
from matcher.store.history import snapshot_of
from matcher.store.tables import Cycle

KEY = "evenhand.counting"
CROWDS_KEY = "evenhand.crowds"
KEPT_KEY = "evenhand.kept"
AT_ONCE = 2
CROWDS = 2
REMEMBERED = 32

Value = TypeVar("Value")
KNOWN, SETTLED = attrgetter("_known"), attrgetter("_settled")


class Counting:
    """A counter (`RunSolver`) that remembers its latest answers; they hold numbers only.

    At most `at_once` children count at the same time; whoever comes then waits for one of them, and whoever
    asks what is being counted already waits for that answer.
    """

    def __init__(self, count: RunSolver, at_once: int = AT_ONCE) -> None:
        self._count = count
        self._room = BoundedSemaphore(at_once)
        self._known: LRUCache[bytes, bytes] = LRUCache(REMEMBERED)
        self._settled = Condition()

    @cachedmethod(KNOWN, key=lambda _, problem, **__: sha256(problem).digest(), condition=SETTLED)
    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        with self._room:
            return self._count(problem, seconds=seconds, memory_mb=memory_mb, report=report)


class LatestValues(Generic[Value]):
    """Values made once for each state (`mark`) of what they are made from, the latest `most` of them.

    Whoever asks while one is being made waits for that one.
    """

    def __init__(self, most: int) -> None:
        self._known: LRUCache[Hashable, Value] = LRUCache(most)
        self._settled = Condition()

    @cachedmethod(KNOWN, key=lambda _, name, mark, _make: (name, mark), condition=SETTLED)
    def __call__(self, name: Hashable, mark: Hashable, make: Callable[[], Value]) -> Value:  # noqa: ARG002 - its key
        return make()


class Crowds:
    """Reads everybody in a cycle, and again only when something has changed."""

    def __init__(self) -> None:
        self._kept: LatestValues[Snapshot] = LatestValues(CROWDS)

    def __call__(self, session: Session, cycle: Cycle) -> Snapshot:
        return self._kept(cycle.id, crowd_mark(session, cycle.id), lambda: snapshot_of(session, cycle))


def register(app: Flask) -> None:
    """Give the app its counter."""
    app.extensions[KEY] = Counting(SolverChild(command=(*SOLVE, "--options")))
    app.extensions[CROWDS_KEY] = Crowds()
    app.extensions[KEPT_KEY] = LatestValues(REMEMBERED)


def counting() -> Counting:
    """The app's counter."""
    counter: Counting = current_app.extensions[KEY]
    return counter


def crowds() -> Crowds:
    """The app's reader."""
    reader: Crowds = current_app.extensions[CROWDS_KEY]
    return reader


def kept(name: Hashable, mark: Hashable, make: Callable[[], Value]) -> Value:
    """What `make` gives, made once for that mark."""
    keeper: LatestValues[Value] = current_app.extensions[KEPT_KEY]
    return keeper(name, mark, make)


def unheard(_stage: str, _done: int, _of: int) -> None:
    """Nobody waits for progress within a request."""
