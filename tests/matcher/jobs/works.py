"""Work for a worker of the tests' own: a solving that only remembers, and events to wait for."""
# ruff: noqa: ARG002 (the signatures are those of what they stand for)

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Condition
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from matcher.jobs.bells import make_huey
from matcher.jobs.clock import database_clock
from matcher.jobs.worker import Work
from matcher.mail.handover import Delivery
from matcher.mail.links import Links
from matcher.services.ports import Clock, RunSolver
from tests.matcher.jobs.outboxes import SENDER, Postbox

SECRET = "the tests' own"
PATIENCE = 20.0


@dataclass
class Remembered:
    """Values that come in from other threads, and a way to wait for enough of them."""

    values: list[object] = field(default_factory=list)
    _changed: Condition = field(default_factory=Condition)

    def add(self, value: object) -> None:
        with self._changed:
            self.values.append(value)
            self._changed.notify_all()

    def wait_for(self, enough: Callable[[list[object]], bool]) -> list[object]:
        with self._changed:
            assert self._changed.wait_for(lambda: enough(self.values), PATIENCE), self.values
            return list(self.values)


@dataclass
class Solves:
    """Runs that wait in memory instead of in rows. A run is solved by looking at it."""

    waiting: list[UUID] = field(default_factory=list)
    solved: Remembered = field(default_factory=Remembered)
    at_once: int = 0
    most_at_once: int = 0

    def solve(
        self,
        sessions: sessionmaker[Session],
        run_id: UUID,
        *,
        run_solver: RunSolver,
        clock: Clock,
        worker: str,
    ) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        if run_id in self.waiting:
            self.waiting.remove(run_id)
            run_solver(b"", seconds=1, memory_mb=64, report=lambda *_: None)
            self.solved.add(run_id)
        self.at_once -= 1

    def sweep(self, session: Session, *, now: datetime) -> Iterable[UUID]:
        return list(self.waiting)


class CountingBox(Postbox):
    """A postbox that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived = Remembered()

    def finish(self):
        reply = super().finish()
        self.arrived.add(self.kept[-1].recipient)
        return reply


def no_solver(problem: bytes, **_limits: object) -> bytes:
    return problem


def a_work(
    sessions: sessionmaker[Session],
    database_url: str,
    *,
    delivery: Delivery | None = None,
    solves: Solves | None = None,
    run_solver: RunSolver = no_solver,
    lanes: int = 1,
    links: Links | None = None,
) -> Work:
    return Work(
        huey=make_huey(database_url, SECRET),
        sessions=sessions,
        delivery=delivery or Postbox(),
        sender=SENDER,
        clock=database_clock(sessions),
        solving=solves or Solves(),
        run_solver=run_solver,
        lanes=lanes,
        links=links,
    )
