"""The worker beside the site: ended with it however it ends, and started again when it dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from matcher.jobs.beside import WorkerBeside

PATIENCE = 30
WORKS = """
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
folder.joinpath("begun").touch()
sys.stdin.read()
folder.joinpath("ended").touch()
"""
DIES = "import sys; sys.exit(3)"
HANGS = "import time; time.sleep(600)"


@dataclass
class Told:
    """What was said, as it is said."""

    sentences: SimpleQueue[str] = field(default_factory=SimpleQueue)

    def next(self) -> str:
        return self.sentences.get(timeout=PATIENCE)


@contextmanager
def beside(
    words: str, *more: str, told: Told, pause: float = 0.01, grace: float = PATIENCE
) -> Iterator[WorkerBeside]:
    worker = WorkerBeside(
        (sys.executable, "-c", words, *more), say=told.sentences.put, pause=pause, grace=grace
    )
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def test_it_finishes_what_is_in_hand_when_asked_to_stop(tmp_path: Path) -> None:
    told = Told()

    with beside(WORKS, str(tmp_path), told=told) as worker:
        finished = worker.stop()

    assert (finished, (tmp_path / "ended").exists(), told.sentences.empty()) == (True, True, True)


def test_one_that_is_killed_is_started_again_and_that_is_said(tmp_path: Path) -> None:
    told = Told()

    with beside(WORKS, str(tmp_path), told=told) as worker:
        first = worker.pid
        os.kill(first, signal.SIGKILL)
        said = told.next()
        while worker.pid == first:
            os.sched_yield()
        finished = worker.stop()

    assert said == "The worker ended (SIGKILL). It is started again in 0.01 s."
    assert (finished, (tmp_path / "ended").exists()) == (True, True)


def test_one_that_cannot_begin_is_tried_again_ever_more_rarely() -> None:
    told = Told()

    with beside(DIES, told=told):
        said = [told.next() for _ in range(4)]

    assert said == [
        f"The worker ended (status 3). It is started again in {pause} s."
        for pause in ("0.01", "0.02", "0.04", "0.08")
    ]


def test_one_that_does_not_end_is_killed_and_that_is_known() -> None:
    with beside(HANGS, told=Told(), grace=0.05) as worker:
        finished = worker.stop()

    assert finished is False


def test_it_ends_with_a_site_that_was_killed(tmp_path: Path) -> None:
    site = (
        "import os, signal, sys, time\n"
        "from matcher.jobs.beside import WorkerBeside\n"
        "WorkerBeside((sys.executable, '-c', sys.argv[1], sys.argv[2]), say=print).start()\n"
        "while not os.path.exists(os.path.join(sys.argv[2], 'begun')): time.sleep(0.01)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    # Its output ends only when the last who holds it has ended: the worker.
    ended = subprocess.run(
        [sys.executable, "-c", site, WORKS, str(tmp_path)], capture_output=True, timeout=PATIENCE, check=False
    )

    assert (ended.returncode, (tmp_path / "ended").exists()) == (-signal.SIGKILL, True)
