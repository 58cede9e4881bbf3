"""Counting options for pages: in a child process, few at a time, and the same question only once."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

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


class Counting:
    """A counter (`RunSolver`) that remembers its latest answers; they hold numbers only.

    At most `at_once` children count at the same time; whoever comes then waits for one of them.
    """

    def __init__(self, count: RunSolver, at_once: int = AT_ONCE) -> None:
        self._count = count
        self._room = BoundedSemaphore(at_once)
        self._lock = Lock()
        self._known: OrderedDict[str, bytes] = OrderedDict()

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        name = sha256(problem).hexdigest()
        with self._lock:
            known = self._known.get(name)
        if known is not None:
            return known
        with self._room:
            answer = self._count(problem, seconds=seconds, memory_mb=memory_mb, report=report)
        with self._lock:
            self._known[name] = answer
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return answer


class LatestValues(Generic[Value]):
    """Values made once for each state of what they are made from, the latest `most` of them by name.

    Whoever asks while one is being made waits for that one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._making: dict[Hashable, Lock] = {}
        self._known: OrderedDict[Hashable, tuple[Hashable, Value]] = OrderedDict()

    def __call__(self, name: Hashable, mark: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            making = self._making.setdefault(name, Lock())
        with making:
            known = self._known.get(name)
            if known is None or known[0] != mark:
                known = mark, make()
            self._keep(name, known)
        return known[1]

    def _keep(self, name: Hashable, known: tuple[Hashable, Value]) -> None:
        with self._lock:
            self._known[name] = known
            self._known.move_to_end(name)
            while len(self._known) > self._most:
                old, _ = self._known.popitem(last=False)
                self._making.pop(old, None)


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
