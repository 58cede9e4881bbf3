"""The worker: answers the bell, makes good a lost one, stops in good order, and is not alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest
from huey import Huey
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.jobs.bells import make_huey
from matcher.jobs.clock import database_clock
from matcher.jobs.tasks import Bell
from matcher.jobs.worker import EmbeddedWorker, Work
from matcher.mail.folder import letters
from matcher.services.ports import Report
from matcher.services.post import outbox
from matcher.store.tables import Cycle
from tests.matcher.jobs.outboxes import ledger, write_mail, write_mails
from tests.matcher.jobs.works import PATIENCE, SECRET, CountingBox, Solves, a_work
from tests.matcher.services.during.care import LINKS, a_village_under_way

ROOT = Path(__file__).parents[3]


@contextmanager
def at_work(work: Work) -> Iterator[EmbeddedWorker]:
    worker = EmbeddedWorker(work)
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@pytest.fixture
def huey(database_url: str) -> Iterator[Huey]:
    """The bell's Huey as the web has it: its own, on the same database."""
    huey = make_huey(database_url, SECRET)
    yield huey
    huey.storage.close()


@pytest.fixture
def ring(huey: Huey) -> Bell:
    return Bell(huey)


def test_rung_worker_delivers_and_solves(
    open_session: sessionmaker[Session], database_url: str, ring: Bell
) -> None:
    box, solves, run_id = CountingBox(), Solves(), uuid4()
    with at_work(a_work(open_session, database_url, delivery=box, solves=solves)):
        write_mails(open_session, 3, now=datetime.now(UTC))
        ring("mail", uuid4())
        solves.waiting.append(run_id)
        ring("solve", run_id)

        assert solves.solved.wait_for(bool) == [run_id]
        assert len(box.arrived.wait_for(lambda values: len(values) == 3)) == 3

    assert ledger(open_session, [f"<{each.name[:36]}@river.example>" for each in box.kept]).kept


def test_what_waits_when_the_worker_starts_is_taken_up_without_a_bell(
    open_session: sessionmaker[Session], database_url: str
) -> None:
    write_mails(open_session, 2, now=datetime.now(UTC))
    box, solves = CountingBox(), Solves(waiting=[uuid4()])

    with at_work(a_work(open_session, database_url, delivery=box, solves=solves)):
        box.arrived.wait_for(lambda values: len(values) == 2)
        solves.solved.wait_for(bool)


def test_lost_bell_is_made_good_by_the_sweep(open_session: sessionmaker[Session], database_url: str) -> None:
    """The rows are there and no message is: the task the clock rings each minute finds them."""
    box, solves = CountingBox(), Solves()
    work = a_work(open_session, database_url, delivery=box, solves=solves)
    with at_work(work):
        write_mails(open_session, 2, now=datetime.now(UTC))
        solves.waiting.append(uuid4())
        (sweep,) = work.huey.read_periodic(datetime(2026, 3, 2, 9, 17, tzinfo=UTC))
        work.huey.enqueue(sweep)

        box.arrived.wait_for(lambda values: len(values) == 2)
        solves.solved.wait_for(bool)


def test_a_check_in_that_is_due_is_sent_by_the_sweep(
    open_session: sessionmaker[Session], database_url: str
) -> None:
    box = CountingBox()
    with open_session.begin() as session:
        village = a_village_under_way(session)
        cycle = session.get_one(Cycle, village.cycle)
        # A third of it is over today, whenever this runs.
        today = datetime.now(UTC).date()
        cycle.starts_on, cycle.ends_on = today - timedelta(days=40), today + timedelta(days=80)
    with at_work(a_work(open_session, database_url, delivery=box, links=LINKS)):
        box.arrived.wait_for(lambda values: len(values) == 5)


@pytest.mark.parametrize("minute", [0, 1, 29, 59])
@pytest.mark.usefixtures("ring")
def test_sweep_is_rung_every_minute(huey: Huey, minute: int) -> None:
    assert len(huey.read_periodic(datetime(2026, 3, 2, 9, minute, tzinfo=UTC))) == 1


def test_message_holds_a_name_and_an_id_and_is_signed(database_url: str, huey: Huey, ring: Bell) -> None:
    run_id = uuid4()
    ring("solve", run_id)

    task = huey.dequeue()
    assert (task.name, task.args, task.kwargs) == ("solve", (str(run_id),), {})

    stranger = make_huey(database_url, "another secret")
    Bell(stranger)("mail", run_id)
    assert stranger.pending_count() == 1
    stranger.storage.close()
    with pytest.raises(ValueError, match="mismatch"):
        huey.dequeue()


def test_bell_is_rung_for_known_work_only(ring: Bell) -> None:
    with pytest.raises(ValueError, match="known: solve, repair, report, mail"):
        ring("dance", uuid4())


def test_process_that_only_rings_does_not_answer(huey: Huey, ring: Bell) -> None:
    ring("mail", uuid4())

    with pytest.raises(RuntimeError, match="a worker answers it"):
        huey.dequeue().execute()


def test_solves_follow_one_another(
    open_session: sessionmaker[Session], database_url: str, ring: Bell
) -> None:
    runs = [uuid4() for _ in range(4)]
    solves = Solves(waiting=list(runs))

    with at_work(a_work(open_session, database_url, solves=solves)):
        for run_id in runs:
            ring("solve", run_id)
        solved = solves.solved.wait_for(lambda values: len(values) == 4)

    assert sorted(map(str, solved)) == sorted(map(str, runs))
    assert solves.most_at_once == 1


def test_solve_is_ended_when_the_worker_stops(open_session: sessionmaker[Session], database_url: str) -> None:
    """The next report ends the child; the run goes back and the next worker takes it up."""
    begun, pause = Event(), Event()

    def endless(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        begun.set()
        while not pause.wait(0.01):
            report("fair", 1, 2)
        return problem

    solves = Solves(waiting=[uuid4()])
    with at_work(a_work(open_session, database_url, solves=solves, run_solver=endless)):
        assert begun.wait(PATIENCE)

    assert solves.solved.values == []


def test_worker_may_be_stopped_at_any_moment(open_session: sessionmaker[Session], database_url: str) -> None:
    EmbeddedWorker(a_work(open_session, database_url)).stop()
    with at_work(a_work(open_session, database_url)):
        pass


def test_database_says_what_time_it_is(open_session: sessionmaker[Session]) -> None:
    before = datetime.now(UTC)

    told = database_clock(open_session)()

    assert abs((told - before).total_seconds()) < 5
    assert told.tzinfo is UTC


@contextmanager
def processes(database_url: str, folder: Path, count: int) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Workers as processes of their own, none of which outlives the test."""
    command = [sys.executable, "-m", "tests.matcher.jobs.worker_process", database_url, f"folder:{folder}"]
    workers = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(count)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()


def finish(worker: subprocess.Popen[bytes]) -> None:
    """Wait until nothing is left to deliver, then ask the worker to stop, which it does in good order."""
    assert worker.stdout is not None
    assert worker.stdout.readline() == b"nothing left\n"
    worker.terminate()
    assert worker.wait(30) == 0


def message_ids(folder: Path) -> list[str]:
    return [f"<{each.id.partition('.')[0]}@river.example>" for each in letters(folder)]


def test_two_workers_at_once_send_each_mail_once(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    write_mails(open_session, 60, now=datetime.now(UTC))

    with processes(database_url, tmp_path, 2) as workers:
        for worker in workers:
            finish(worker)

    found = ledger(open_session, message_ids(tmp_path))
    assert found.kept
    assert found.uncertain == 0


def test_worker_asked_to_stop_finishes_what_it_has_in_hand(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    """SIGTERM in the middle: nothing is uncertain, nothing is held, and the next worker does the rest."""
    write_mails(open_session, 120, now=datetime.now(UTC))

    class Messenger(CountingBox):
        """Asks this very process to stop, as the system would, after five mails."""

        def finish(self):
            reply = super().finish()
            if len(self.kept) == 5:
                os.kill(os.getpid(), signal.SIGUSR1)
            return reply

    box = Messenger()
    asked = Event()
    before = signal.signal(signal.SIGUSR1, lambda *_: asked.set())
    try:
        with at_work(a_work(open_session, database_url, delivery=box, lanes=1)):
            box.arrived.wait_for(lambda values: len(values) >= 5)
    finally:
        signal.signal(signal.SIGUSR1, before)

    with open_session() as session:
        tally = outbox.tally(session)
    assert set(tally) <= {MailState.SENT, MailState.QUEUED}
    assert tally[MailState.SENT] == len(box.kept) < 120
    with at_work(a_work(open_session, database_url, delivery=box)):
        box.arrived.wait_for(lambda values: len(values) == 120)


def test_killed_process_is_followed_by_one_that_finishes(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    write_mails(open_session, 20, now=datetime.now(UTC))
    with processes(database_url, tmp_path, 1) as (first,):
        first.kill()
        assert first.wait(30) == -signal.SIGKILL
    with processes(database_url, tmp_path, 1) as (second,):
        finish(second)

    assert not ledger(open_session, message_ids(tmp_path)).twice


@pytest.mark.torture
def test_rolling_restarts_leave_nothing_uncertain(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    write_mails(open_session, 3000, now=datetime.now(UTC))
    pause = Event()

    for _ in range(100):
        before = len(message_ids(tmp_path))
        with processes(database_url, tmp_path, 1) as (worker,):
            while len(list((tmp_path / "new").glob("*"))) < min(before + 5, 3000):
                pause.wait(0.01)
            worker.terminate()
            assert worker.wait(30) == 0
        with open_session() as session:
            assert set(outbox.tally(session)) <= {MailState.SENT, MailState.QUEUED}
    with processes(database_url, tmp_path, 1) as (last,):
        finish(last)

    found = ledger(open_session, message_ids(tmp_path))
    assert found.kept
    assert found.uncertain == 0


def test_sign_in_mail_is_not_kept_waiting_by_a_solve(
    open_session: sessionmaker[Session], database_url: str, ring: Bell
) -> None:
    begun, freed = Event(), Event()

    def long(problem: bytes, **_limits: object) -> bytes:
        begun.set()
        assert freed.wait(PATIENCE)
        return problem

    box, solves = CountingBox(), Solves(waiting=[UUID(int=1), UUID(int=2)])
    with at_work(a_work(open_session, database_url, delivery=box, solves=solves, run_solver=long)):
        assert begun.wait(PATIENCE)
        with open_session.begin() as session:
            mail_id = write_mail(session, 1, now=datetime.now(UTC))
        ring("mail", mail_id)
        box.arrived.wait_for(bool)
        freed.set()
        solves.solved.wait_for(lambda values: len(values) == 2)
