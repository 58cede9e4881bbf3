"""The solver as a child process: numbers through pipes, under a memory cap and a deadline.

A crash of the child is an ordinary outcome: native code may crash, lie or overrun its limits. The parent
decides when it is over, and ends it with SIGKILL, which no code can hold up.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread
from typing import IO

from matcher.domain.sentences import say
from matcher.services.ports import Report, SolverCrashed, SolverRefused, SolverTimedOut

SOLVE = (sys.executable, "-m", "solver")
REPAIR = (*SOLVE, "--repair")
"""What the child is asked: a problem file, or a published plan to be repaired."""

HEARTBEAT = 5.0
REFUSED, NO_PLAN = 2, 3
KEPT_LINES = 40
# Neither secrets nor addresses of databases are any business of the child.
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True)
class SolverChild:
    """Solves a problem file by `command` (RunSolver of services.ports).

    The child gets `--seconds` and `--memory-mb` and is killed at 1.5 × seconds + 10 s. `heartbeat`: the
    longest time, in seconds, between two reports.
    """

    command: tuple[str, ...] = SOLVE
    heartbeat: float = HEARTBEAT

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        command = [*self.command, "--seconds", f"{seconds:g}", "--memory-mb", str(memory_mb)]
        with child_process(command, memory_mb) as child:
            # Only now does the problem go in: the child works on it under its limits.
            conversation = _Conversation(child, problem, self.heartbeat)
            conversation.follow(report, deadline=time.monotonic() + 1.5 * seconds + 10)
            return conversation.plan()


@contextmanager
def child_process(command: list[str], memory_mb: int) -> Iterator[subprocess.Popen[bytes]]:
    """A child with pipes, under a memory cap and without secrets; killed with all it started on leaving."""
    child = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONHASHSEED": "0"},
        # Its own group: Ctrl-C is for the worker, and a kill takes whatever the child started.
        start_new_session=True,
    )
    try:
        _limit(child.pid, memory_mb)
        yield child
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        for pipe in (child.stdin, child.stdout, child.stderr):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()


def _limit(pid: int, memory_mb: int) -> None:
    """Cap the child's memory, and forbid core files, which would hold the problem.

    Linux only; elsewhere the child limits itself by `--memory-mb`.
    """
    if hasattr(resource, "prlimit"):
        cap = memory_mb * 2**20
        with contextlib.suppress(ProcessLookupError):
            resource.prlimit(pid, resource.RLIMIT_AS, (cap, cap))
            resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


class _Conversation:
    """Feeds the problem, follows the progress lines and collects the plan; a thread for each pipe."""

    def __init__(self, child: subprocess.Popen[bytes], problem: bytes, heartbeat: float) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stderr is not None
        self._child = child
        self._heartbeat = heartbeat
        self._lines: Queue[bytes | None] = Queue()
        self._said: deque[str] = deque(maxlen=KEPT_LINES)
        self._plan: list[bytes] = []
        self._threads = [
            Thread(target=_feed, args=(child.stdin, problem), daemon=True),
            Thread(target=self._collect, args=(child.stdout,), daemon=True),
            Thread(target=self._listen, args=(child.stderr,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def follow(self, report: Report, *, deadline: float) -> None:
        """Pass progress on until the child is silent. Raises SolverTimedOut, or what `report` raises."""
        stage, done, of = "started", 0, 0
        report(stage, done, of)
        told = time.monotonic()
        while True:
            now = time.monotonic()
            if now >= deadline:
                raise SolverTimedOut(say("The solver had no plan when its time was over, and was stopped."))
            try:
                line = self._lines.get(timeout=max(0.0, min(deadline, told + self._heartbeat) - now))
            except Empty:
                line = b""
            if line is None:
                return
            progress = _progress(line)
            if progress is None and line:
                self._said.append(line.decode("utf-8", "replace").rstrip())
            stage, done, of = progress or (stage, done, of)
            if progress or time.monotonic() - told >= self._heartbeat:
                report(stage, done, of)
                told = time.monotonic()

    def plan(self) -> bytes:
        """The plan, if the child ended well. Raises SolverRefused, SolverTimedOut or SolverCrashed."""
        code = self._child.wait()
        for thread in self._threads:
            thread.join()
        said = "\n".join(self._said)
        if code == REFUSED:
            raise SolverRefused(said or say("The solver refused the problem and gave no reason."))
        if code == NO_PLAN:
            raise SolverTimedOut(said or say("The solver found no plan in its time."))
        if code != 0:
            how = signal.Signals(-code).name if code < 0 else str(code)
            if not self._said:
                raise SolverCrashed(say("The solver ended with {how} and said nothing.", how=how))
            raise SolverCrashed(say("The solver ended with {how}: {last}", how=how, last=self._said[-1]))
        if not self._plan:
            raise SolverCrashed(say("The solver ended well but gave no plan."))
        return b"".join(self._plan)

    def _collect(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            while part := pipe.read(2**16):
                self._plan.append(part)

    def _listen(self, pipe: IO[bytes]) -> None:
        with contextlib.suppress(OSError, ValueError):
            for line in pipe:
                self._lines.put(line)
        self._lines.put(None)


def _feed(pipe: IO[bytes], problem: bytes) -> None:
    # A child that died before it read everything: its exit code says more than this.
    with contextlib.suppress(OSError, ValueError):
        pipe.write(problem)
    with contextlib.suppress(OSError, ValueError):
        pipe.close()


def _progress(line: bytes) -> tuple[str, int, int] | None:
    """`{"stage": "scored", "done": 3, "of": 10}`, or None if the line is anything else."""
    if not line.startswith(b"{"):
        return None
    try:
        data = json.loads(line)
        return str(data["stage"]), int(data["done"]), int(data["of"])
    except (ValueError, KeyError, TypeError):
        return None
