"""Warm solvers in child processes: one for each problem asked about, started by its first question.

A child solves its problem once and then answers from warm data. It is kept a few minutes after the last
question; when too many are warm, the one not asked for longest ends. While any is warm, one more stands ready
with its libraries loaded: a weight or a rule that changes makes another problem. The asking process never
loads the solver's libraries.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import sys
import time
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from subprocess import TimeoutExpired
from tempfile import NamedTemporaryFile
from threading import Condition, Lock, Thread, Timer
from typing import IO, Any

from matcher.domain.sentences import say
from matcher.jobs.child import REFUSED, child_process
from matcher.services.ports import SolverCrashed, SolverRefused, SolverTimedOut

SERVE = (sys.executable, "-m", "solver", "--serve")
MOST_WARM = 3
IDLE_SECONDS = 240.0
LONGEST_SECONDS = 180.0
MEMORY_MB = 2048
MOST_KEPT = 64
ENDED = say("The solver that answers questions ended in the middle. Ask again: it starts anew.")


@dataclass
class WarmSolver:
    """AskWarmSolver of services.ports. At most `most` children, each ended after `idle` seconds without a
    question, or `longest` seconds without an answer."""

    command: tuple[str, ...] = SERVE
    most: int = MOST_WARM
    idle: float = IDLE_SECONDS
    longest: float = LONGEST_SECONDS
    memory_mb: int = MEMORY_MB
    _warm: OrderedDict[str, _Warm] = field(default_factory=OrderedDict, init=False)
    _ready: _Begun | None = field(default=None, init=False)
    _lock: Lock = field(default_factory=Lock, init=False)

    def __post_init__(self) -> None:
        atexit.register(self.close)

    def __call__(
        self, problem: bytes, questions: Sequence[Mapping[str, Any]], *, patience: float
    ) -> tuple[Mapping[str, Any], ...] | None:
        lines = [json.dumps(question, sort_keys=True) for question in questions]
        until = time.monotonic() + patience
        while True:
            child = self._child(problem)
            try:
                return child.answers(lines, until)
            except (SolverCrashed, SolverRefused, SolverTimedOut) as ended:
                self.drop(child)
                # One that answered before and died meanwhile is started anew; one that never did may never.
                if not (isinstance(ended, SolverCrashed) and child.answered):
                    raise

    def warm(self) -> int:
        """How many children are there now."""
        with self._lock:
            return len(self._warm)

    def close(self) -> None:
        """End all children."""
        with self._lock:
            children = list(self._warm.values())
            self._warm.clear()
            ready, self._ready = self._ready, None
        for child in children:
            child.end()
        if ready is not None:
            ready.end()

    def _child(self, problem: bytes) -> _Warm:
        name = hashlib.sha256(problem).hexdigest()
        with self._lock:
            child = self._warm.pop(name, None)
            if child is None:
                ready, self._ready = self._ready, None
                if ready is not None and ready.process.poll() is not None:
                    ready.end()
                    ready = None
                child = _Warm(name, problem, self, ready or _Begun(self.command, self.memory_mb))
            self._warm[name] = child
            child.rest(self.idle)
            beyond = [self._warm.popitem(last=False)[1] for _ in range(len(self._warm) - self.most)]
        for old in beyond:
            old.end()
        return child

    def drop(self, child: _Warm) -> None:
        """End one child; the next question about its problem starts another."""
        ready = None
        with self._lock:
            if self._warm.get(child.name) is child:
                del self._warm[child.name]
            if not self._warm:
                ready, self._ready = self._ready, None
        child.end()
        if ready is not None:
            ready.end()

    def prepare(self) -> None:
        """Have one ready for the next problem, as long as anybody asks at all."""
        with self._lock:
            if self._warm and self._ready is None:
                self._ready = _Begun(self.command, self.memory_mb)


class _Begun:
    """A child that loads its libraries and waits for the name of a problem file."""

    def __init__(self, command: Sequence[str], memory_mb: int) -> None:
        self.files = ExitStack()
        full = [*command, "--memory-mb", str(memory_mb)]
        self.process = self.files.enter_context(child_process(full, memory_mb))

    def end(self) -> None:
        self.files.close()


class _Warm:
    """One child: questions go in line by line, a thread files the answers."""

    def __init__(self, name: str, problem: bytes, solver: WarmSolver, begun: _Begun) -> None:
        self.name = name
        self._solver = solver
        self._files, self._child = begun.files, begun.process
        try:
            given = self._files.enter_context(
                NamedTemporaryFile(prefix="evenhand-", suffix=".json")  # noqa: SIM115 (closed by the stack)
            )
            given.write(problem)
            given.flush()
        except BaseException:
            self._files.close()
            raise
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        assert self._child.stderr is not None
        self._questions = self._child.stdin
        self._changed = Condition()
        self._asked: deque[str] = deque()
        self._answers: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._since = time.monotonic()
        self._said: deque[bytes] = deque(maxlen=5)
        self._silent = False
        self.answered = False
        self._timer: Timer | None = None
        self._say(given.name)
        listening = Thread(target=self._listen, args=(self._child.stderr,), daemon=True)
        listening.start()
        Thread(target=self._file, args=(self._child.stdout, listening), daemon=True).start()

    def answers(self, lines: Sequence[str], until: float) -> tuple[Mapping[str, Any], ...] | None:
        """The answers to these, or None at that moment of the monotonic clock. Raises as `__call__` does."""
        with self._changed:
            for line in lines:
                if line not in self._answers and line not in self._asked:
                    self._ask(line)
            while any(line not in self._answers for line in lines):
                if self._silent:
                    raise self._why()
                now = time.monotonic()
                if now - self._since > self._solver.longest:
                    raise SolverTimedOut(say("The question took too long and was stopped. Nothing changed."))
                if now >= until:
                    return None
                self._changed.wait(min(until, self._since + self._solver.longest) - now + 0.01)
            return tuple(self._answers[line] for line in lines)

    def rest(self, idle: float) -> None:
        """End after so many seconds, unless asked again before."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = Timer(idle, self._solver.drop, [self])
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        """Kill the child; whoever waits for an answer is told."""
        if self._timer is not None:
            self._timer.cancel()
        with self._changed:
            self._silent = True
            self._changed.notify_all()
        self._files.close()

    def _ask(self, line: str) -> None:
        if not self._asked:
            self._since = time.monotonic()
        self._asked.append(line)
        self._say(line)

    def _say(self, line: str) -> None:
        # A child that has died is seen by its silence.
        with suppress(OSError, ValueError):
            self._questions.write(line.encode() + b"\n")
            self._questions.flush()

    def _file(self, pipe: IO[bytes], listening: Thread) -> None:
        with suppress(OSError, ValueError):
            for line in pipe:
                answer = json.loads(line)
                with self._changed:
                    self._answers[self._asked.popleft()] = answer
                    first, self.answered = not self.answered, True
                    self._since = time.monotonic()
                    while len(self._answers) > MOST_KEPT:
                        self._answers.popitem(last=False)
                    self._changed.notify_all()
                if first:
                    self._solver.prepare()
        # What it said last comes before the news that it is silent.
        listening.join()
        with self._changed:
            self._silent = True
            self._changed.notify_all()

    def _listen(self, pipe: IO[bytes]) -> None:
        with suppress(OSError, ValueError):
            self._said.extend(pipe)

    def _why(self) -> Exception:
        # Its pipes close a moment before it is gone.
        with suppress(TimeoutExpired):
            self._child.wait(timeout=1)
        if self._child.poll() == REFUSED:
            return SolverRefused(b"".join(self._said).decode("utf-8", "replace").strip())
        return SolverCrashed(ENDED)
