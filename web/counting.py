"""Counting options for pages: in a child process, few at a time, and the same question only once."""

from collections import OrderedDict
from hashlib import sha256
from threading import BoundedSemaphore, Lock

from flask import Flask, current_app

from matcher.jobs.child import SOLVE, SolverChild
from matcher.services.ports import Report, RunSolver

KEY = "evenhand.counting"
AT_ONCE = 2
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


def register(app: Flask) -> None:
    """Give the app its counter."""
    app.extensions[KEY] = Counting(SolverChild(command=(*SOLVE, "--options")))


def counting() -> Counting:
    """The app's counter."""
    counter: Counting = current_app.extensions[KEY]
    return counter


def unheard(_stage: str, _done: int, _of: int) -> None:
    """Nobody waits for progress within a request."""
