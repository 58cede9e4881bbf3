"""A run through the real worker and the solver's child: to a draft, also when the first worker is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import RunState
from matcher.domain.people import Role
from matcher.jobs.child import SolverChild
from matcher.jobs.worker import EmbeddedWorker
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.store import tables
from tests.builders import NOON, a_cycle, enrolled
from tests.matcher.jobs.works import PATIENCE, a_work

ROOT = Path(__file__).parents[3]


def a_queued_run(sessions: sessionmaker[Session]) -> UUID:
    """A closed cycle of four mentors and four mentees, and its first run."""
    with sessions.begin() as session:
        cycle_id = a_cycle(session)
        for number in range(4):
            enrolled(session, cycle_id, Role.MENTOR, name=f"Mentor {number}")
            enrolled(session, cycle_id, Role.MENTEE, name=f"Mentee {number}")
        return cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)


def wait_until(true: Callable[[], bool]) -> None:
    """Look again and again, for other processes cannot tell us."""
    pause = Event()
    assert any(true() or pause.wait(0.05) for _ in range(int(PATIENCE / 0.05)))


def run_state(sessions: sessionmaker[Session], run_id: UUID) -> RunState:
    with sessions() as session:
        return runs.progress(session, run_id).state


def drafts(sessions: sessionmaker[Session]) -> int:
    with sessions() as session:
        return session.scalar(select(func.count()).select_from(tables.Draft)) or 0


def finish(sessions: sessionmaker[Session], database_url: str, run_id: UUID, *, later: timedelta) -> None:
    """A worker whose clock is so much later solves the run, with nobody ringing."""
    work = replace(
        a_work(sessions, database_url, run_solver=SolverChild()),
        solving=runs,
        clock=lambda: datetime.now(UTC) + later,
    )
    worker = EmbeddedWorker(work)
    worker.start()
    try:
        wait_until(lambda: run_state(sessions, run_id) not in (RunState.QUEUED, RunState.RUNNING))
    finally:
        worker.stop()


def test_queued_run_becomes_a_draft(open_session: sessionmaker[Session], database_url: str) -> None:
    run_id = a_queued_run(open_session)

    finish(open_session, database_url, run_id, later=timedelta(0))

    with open_session() as session:
        progress = runs.progress(session, run_id)
    assert (progress.state, progress.stage) == (RunState.DONE, "stored"), progress.sentence
    assert drafts(open_session) == 1


def test_run_whose_worker_was_killed_is_finished_by_the_next(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    run_id = a_queued_run(open_session)
    command = [
        sys.executable,
        "-m",
        "tests.matcher.jobs.worker_process",
        database_url,
        f"folder:{tmp_path}",
        "hang",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"solving\n"
        worker.kill()
    assert worker.returncode == -signal.SIGKILL
    assert run_state(open_session, run_id) is RunState.RUNNING

    finish(open_session, database_url, run_id, later=timedelta(minutes=1))

    assert run_state(open_session, run_id) is RunState.DONE
    assert drafts(open_session) == 1


def test_crash_of_the_solver_is_tried_again_and_then_told(
    open_session: sessionmaker[Session], database_url: str
) -> None:
    run_id = a_queued_run(open_session)
    crashing = SolverChild(command=(sys.executable, "-c", "import os; os.abort()"))
    work = replace(a_work(open_session, database_url, run_solver=crashing), solving=runs)

    worker = EmbeddedWorker(work)
    worker.start()
    try:
        wait_until(lambda: run_state(open_session, run_id) is RunState.FAILED)
    finally:
        worker.stop()

    with open_session() as session:
        sentence = runs.progress(session, run_id).sentence
    assert sentence.startswith(
        "The solver crashed 3 times. The last time: The solver ended with SIGABRT and said nothing."
    )
    assert drafts(open_session) == 0
