"""A worker in a process of its own beside the site: begun with it, ended with it, begun again if it dies."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from matcher.jobs.worker import GRACE_SECONDS

PAUSE_SECONDS, LONGEST_PAUSE = 1.0, 30.0
"""The wait before a dead worker is started again doubles each time, up to this."""
GOOD_WHILE = 60.0
"""Who lived that long, in seconds, had begun well: the next wait is the first again."""


@dataclass
class WorkerBeside:
    """`command` as a child that works until its standard input ends, and so never longer than this process,
    however this one ends.

    say: told in a sentence when it died. grace: seconds it has to finish what is in hand.
    """

    command: tuple[str, ...]
    say: Callable[[str], None]
    pause: float = PAUSE_SECONDS
    grace: float = GRACE_SECONDS + 5
    _stopping: Event = field(default_factory=Event, init=False)
    _child: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _thread: Thread | None = field(default=None, init=False)

    @property
    def pid(self) -> int | None:
        """The process at work now."""
        return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Begin, and watch over it in a thread."""
        self._child = self._begun()
        self._thread = Thread(target=self._watch, args=(self._child,), name="beside", daemon=True)
        self._thread.start()

    def stop(self) -> bool:
        """Let it finish what is in hand; whether it did. Whoever takes longer than `grace` is killed."""
        self._stopping.set()
        if self._thread is None or self._child is None:
            return True
        _end_input_of(self._child)
        self._thread.join(self.grace)
        if self._thread.is_alive():
            self._child.kill()
            self._thread.join()
        # A service manager may have sent SIGTERM to both, and to one that had not yet begun to work.
        return self._child.returncode in {0, -signal.SIGTERM}

    def _begun(self) -> subprocess.Popen[bytes]:
        # A session of its own: Ctrl-C is for the site, which then asks the worker.
        return subprocess.Popen(self.command, stdin=subprocess.PIPE, start_new_session=True)

    def _watch(self, child: subprocess.Popen[bytes]) -> None:
        pause = self.pause
        while True:
            began = time.monotonic()
            code = child.wait()
            _end_input_of(child)
            if self._stopping.is_set():
                return
            pause = self.pause if time.monotonic() - began > GOOD_WHILE else pause
            self.say(f"The worker ended ({_how(code)}). It is started again in {pause:g} s.")
            if self._stopping.wait(pause):
                return
            # A machine without room for another process may have some later.
            with suppress(OSError):
                self._child = child = self._begun()
            if self._stopping.is_set():
                _end_input_of(child)
            pause = min(2 * pause, LONGEST_PAUSE)


def _end_input_of(child: subprocess.Popen[bytes]) -> None:
    """Asks it to stop, even if it is only just beginning."""
    assert child.stdin is not None
    with suppress(OSError):
        child.stdin.close()


def _how(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"status {code}"
