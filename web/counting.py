"""Counting options for pages: in a child process, few at a time, and the same question only once."""

from collections import OrderedDict
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Any
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy.orm import Session

from matcher.domain.snapshot import Snapshot
from matcher.jobs.child import SOLVE, SolverChild
from matcher.services.ports import Report, RunSolver
from matcher.store.before_queries import crowd_mark
from matcher.store.history import snapshot_of
from matcher.store.tables import Cycle

KEY = "evenhand.counting"
CROWDS_KEY = "evenhand.crowds"
AT_ONCE = 2
CROWDS = 2
REMEMBERED = 32


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


class Crowds:
    """Reads everybody in a cycle, and again only when something has changed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[UUID, tuple[tuple[Any, ...], Snapshot]] = OrderedDict()

    def __call__(self, session: Session, cycle: Cycle) -> Snapshot:
        mark = crowd_mark(session, cycle.id)
        with self._lock:
            known = self._known.get(cycle.id)
        if known is not None and known[0] == mark:
            return known[1]
        snapshot = snapshot_of(session, cycle)
        with self._lock:
            self._known[cycle.id] = mark, snapshot
            while len(self._known) > CROWDS:
                self._known.popitem(last=False)
        return snapshot


def register(app: Flask) -> None:
    """Give the app its counter."""
    app.extensions[KEY] = Counting(SolverChild(command=(*SOLVE, "--options")))
    app.extensions[CROWDS_KEY] = Crowds()


def counting() -> Counting:
    """The app's counter."""
    counter: Counting = current_app.extensions[KEY]
    return counter


def crowds() -> Crowds:
    """The app's reader."""
    reader: Crowds = current_app.extensions[CROWDS_KEY]
    return reader


def unheard(_stage: str, _done: int, _of: int) -> None:
    """Nobody waits for progress within a request."""
