"""The worker: a process of its own (`matcher work`, beside the site or alone), or threads of a program that
needs one for a while; it runs the same."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from types import FrameType
from typing import Protocol
from uuid import UUID, uuid4

from huey import Huey
from huey.consumer import Consumer, ConsumerStopped
from sqlalchemy.orm import Session, sessionmaker

from matcher.jobs import upkeep
from matcher.jobs.bells import make_huey
from matcher.jobs.child import REPAIR, SolverChild
from matcher.jobs.clock import database_clock
from matcher.jobs.postmen import LANES, Postmen
from matcher.jobs.tasks import Bell
from matcher.mail.delivery import Delivery, from_setting
from matcher.mail.links import Links
from matcher.services.fairness import reports
from matcher.services.matching import runs
from matcher.services.ports import Clock, Report, Ring, RunSolver, WorkerStopping
from matcher.services.post import outbox
from matcher.services.post.lane import LaneContext, Leases
from matcher.services.repair import find as repair_find

GRACE_SECONDS = 25
THREADS = 3
SOLVES_AT_ONCE = 1


class Solving(Protocol):
    """The solves' side of the work: `services.matching`."""

    def solve(
        self,
        sessions: sessionmaker[Session],
        run_id: UUID,
        *,
        run_solver: RunSolver,
        clock: Clock,
        worker: str,
    ) -> None:
        """Claim the run, solve it and keep the draft; nothing if it is not to be had."""

    def sweep(self, session: Session, *, now: datetime) -> Iterable[UUID]:
        """Take up runs of dead workers; the runs to ring for."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """All a worker needs. `clock` says the time for leases and schedules.

    links: where its own mails (check-ins) lead; without them it only delivers those of others.
    """

    huey: Huey
    sessions: sessionmaker[Session]
    delivery: Delivery
    sender: str
    clock: Clock
    solving: Solving
    run_solver: RunSolver = field(default_factory=SolverChild)
    run_repair: RunSolver = field(default_factory=lambda: SolverChild(command=REPAIR))
    links: Links | None = None
    lanes: int = LANES
    name: str = field(default_factory=lambda: f"{socket.gethostname()}/{os.getpid()}/{uuid4().hex[:8]}")


def make_work(
    sessions: sessionmaker[Session],
    *,
    database_url: str,
    secret: str,
    mail: str,
    sender: str,
    links: Links | None = None,
) -> Work:
    """A worker's needs from the settings. `mail` as in `mail.delivery.from_setting`."""
    return Work(
        huey=make_huey(database_url, secret),
        sessions=sessions,
        delivery=from_setting(mail),
        sender=sender,
        clock=database_clock(sessions),
        solving=runs,
        links=links,
    )


class Round:
    """What this worker does when the bell rings (`tasks.Duties`)."""

    def __init__(self, work: Work, ring: Ring, stopping: Event) -> None:
        self._work = work
        self._ring = ring
        self._stopping = stopping
        self._solving = BoundedSemaphore(SOLVES_AT_ONCE)
        post = LaneContext(
            sessions=work.sessions,
            delivery=work.delivery,
            sender=work.sender,
            worker=work.name,
            clock=work.clock,
            leases=Leases(),
            stopping=stopping,
            # One lane stays free for the others, whatever one domain does.
            per_domain=max(1, work.lanes - 1),
        )
        self._postmen = Postmen(post, lanes=work.lanes)

    def deliver(self) -> None:
        self._postmen.deliver()

    def solve(self, run_id: UUID) -> None:
        """One solve at a time: it takes all cores. The others stay queued, and are rung for afterwards."""
        if not self._solving.acquire(blocking=False):
            return
        try:
            with suppress(WorkerStopping):
                self._work.solving.solve(
                    self._work.sessions,
                    run_id,
                    run_solver=self._watched(self._work.run_solver),
                    clock=self._work.clock,
                    worker=self._work.name,
                )
        finally:
            self._solving.release()
        if not self._stopping.is_set():
            self._ring_report(run_id)
            self._ring_solves()

    def repair(self, repair_id: UUID) -> None:
        """Find the smallest change somebody asked for; seconds, so it does not wait for a solve to end."""
        with suppress(WorkerStopping):
            repair_find.find(
                self._work.sessions,
                repair_id,
                run_solver=self._watched(self._work.run_repair),
                clock=self._work.clock,
            )

    def report(self, draft_id: UUID) -> None:
        """Make the fairness report of a draft; one that is lost is asked for again by its page."""
        with suppress(WorkerStopping):
            reports.make(self._work.sessions, draft_id, run_solver=self._watched(self._work.run_solver))

    def sweep(self) -> None:
        """Take up what dead workers left and ring for all that waits: this makes good every lost bell."""
        with self._work.sessions.begin() as session:
            due = outbox.sweep(session, now=self._work.clock())
            asked_for = repair_find.sweep(session, now=self._work.clock())
        asked = self._keep_up()
        self._ring_solves()
        for repair_id in asked_for:
            self._ring("repair", repair_id)
        if due or asked:
            self._ring("mail", uuid4())

    def _keep_up(self) -> bool:
        """What time alone brings about; whether there are mails to deliver."""
        if self._work.links is None:
            return False
        with self._work.sessions.begin() as session:
            return upkeep.sweep(
                session, now=self._work.clock(), links=self._work.links, seed=secrets.randbits(63)
            )

    def _ring_solves(self) -> None:
        with self._work.sessions.begin() as session:
            waiting = tuple(self._work.solving.sweep(session, now=self._work.clock()))
        for run_id in waiting:
            self._ring("solve", run_id)

    def _ring_report(self, run_id: UUID) -> None:
        with self._work.sessions() as session:
            draft_id = reports.missing(session, run_id)
        if draft_id is not None:
            self._ring("report", draft_id)

    def _watched(self, run_solver: RunSolver) -> RunSolver:
        """The solver, ended as soon as this worker is asked to stop."""

        def run(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
            def watched(stage: str, done: int, of: int) -> None:
                if self._stopping.is_set():
                    raise WorkerStopping("The worker was asked to stop.")
                report(stage, done, of)

            return run_solver(problem, seconds=seconds, memory_mb=memory_mb, report=watched)

        return run


class _Consumer(Consumer):  # type: ignore[misc]  # huey has no types
    """huey's, without signal handlers: the process it runs in has its own, or is a thread."""

    def _set_signal_handlers(self) -> None:
        pass

    def watch(self) -> None:
        """Replace threads that died, until stopped: what huey's `run` does after `start`."""
        checked: float | None = time.monotonic()
        with suppress(ConsumerStopped):
            while True:
                checked = self.loop(checked)


class EmbeddedWorker:
    """A worker in threads of this process: `start()`, and `stop()` in good order within 25 seconds.

    `ring` is the bell it answers, for whoever else in this process wants to ring.
    """

    def __init__(self, work: Work) -> None:
        self._stopping = Event()
        self._huey = work.huey
        bell = Bell(work.huey)
        self._round = Round(work, bell, self._stopping)
        bell.answered_by(self._round)
        self.ring: Ring = bell
        self._consumer = _Consumer(
            work.huey,
            workers=THREADS,
            # The wait of an idle worker for the next bell grows to this, and no further.
            max_delay=0.5,
            shutdown_timeout=GRACE_SECONDS,
        )
        self._thread = Thread(target=self._consumer.watch, name="worker")

    def start(self) -> None:
        """Begin, with a sweep first: what an earlier worker left is taken up at once."""
        self._round.sweep()
        self._consumer.start()
        self._thread.start()

    def stop(self) -> None:
        """Claim nothing more, finish what is in hand, end."""
        self._stopping.set()
        if self._thread.is_alive():
            self._consumer.stop(graceful=True)
            self._thread.join()
        self._huey.storage.close()


class Worker:
    """A worker as a process: runs until SIGTERM or SIGINT, then stops in good order."""

    def __init__(self, work: Work) -> None:
        self._embedded = EmbeddedWorker(work)
        # Unlike an Event, this may be set by a signal handler at any moment.
        self._asked: SimpleQueue[int] = SimpleQueue()

    def run(self, *, with_input: int | None = None) -> None:
        """Work until asked to stop. Call it in the main thread.

        with_input: a file descriptor; when that ends, so does the work.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)
        if with_input is not None:
            Thread(target=self._follow, args=(with_input,), name="input", daemon=True).start()
        self._embedded.start()
        self._asked.get()
        self._embedded.stop()

    def _ask(self, number: int, _frame: FrameType | None) -> None:
        self._asked.put(number)

    def _follow(self, descriptor: int) -> None:
        with suppress(OSError):
            while os.read(descriptor, 1024):
                pass
        self._asked.put(0)
