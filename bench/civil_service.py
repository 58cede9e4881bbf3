"""The UK Civil Service sample under its own rules, through the whole service: import, match, publish.

Different organisation; the mentor one grade (9 points) or two (12) above; same profession 10; the wished
identity among the mentor's characteristics, if the mentee asked for it, 6. Every mentee asks for one mentor.
"""

import argparse
import json
import time
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.policy.policy import Policy
from matcher.jobs.child import SolverChild
from matcher.jobs.clock import database_clock
from matcher.mail.links import Links
from matcher.schemas.mapping import mapping_from
from matcher.services.cycle import cycles
from matcher.services.imports import people
from matcher.services.imports.files import SourceFile
from matcher.services.matching import runs
from matcher.services.ports import Report
from matcher.services.programme import programmes
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from matcher.services.review.draft_summary import Review
from matcher.store.engine import make_engine, migrate, session_factory
from matcher.store.tables import Draft
from solver.check import check
from solver.files import load_plan, load_problem

OURS = files("matcher.services.imports").joinpath("mappings")
LINKS = Links(base_url="http://127.0.0.1:8000")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", required=True, type=Path, help="folder with small/ and large/")
    parser.add_argument("--size", choices=("small", "large"), default="large")
    parser.add_argument("--capacity", type=int, default=1, help="mentees each mentor takes")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """solve_seconds: the child process, from its start to its plan. whole_seconds: import to publication."""
    handed_in = [
        SourceFile(name=name, data=(args.data / args.size / name).read_bytes())
        for name in ("mentees.csv", "mentors.csv")
    ]
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        migrate(url)
        engine = make_engine(url)
        try:
            yield _whole(session_factory(engine), handed_in, args.capacity)
        finally:
            engine.dispose()


def _whole(sessions: sessionmaker[Session], handed_in: list[SourceFile], capacity: int) -> dict[str, Any]:
    solving = _Timed()
    clock = database_clock(sessions)
    with sessions.begin() as session:
        cycle_id = _open_cycle(session, clock())
    began = time.perf_counter()
    with sessions.begin() as session:
        _import(session, cycle_id, handed_in, capacity, clock())
        run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=clock())
    runs.solve(sessions, run_id, run_solver=solving, clock=clock, worker="bench")
    draft = _publish(sessions, run_id, clock())
    whole = time.perf_counter() - began
    return {
        "placed": draft.fairness.placed,
        "total": draft.fairness.total,
        "violations": _violations(sessions, draft),
        "solve_seconds": round(solving.seconds, 3),
        "whole_seconds": round(whole, 3),
    }


class _Timed:
    """The solver's child, with a stop watch."""

    seconds = 0.0

    def __call__(self, problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
        began = time.perf_counter()
        plan = SolverChild()(problem, seconds=seconds, memory_mb=memory_mb, report=report)
        self.seconds = time.perf_counter() - began
        return plan


def _open_cycle(session: Session, now: datetime) -> UUID:
    policy = Policy.from_data(json.loads(OURS.joinpath("civil-service.json").read_text("utf-8")))
    programme_id = programmes.create(
        session, name="Civil Service", slug="civil-service", policy=policy, by=None, now=now
    )
    today = now.astimezone(UTC).date()
    cycle_id = cycles.create(
        session,
        programme_id=programme_id,
        name="The sample",
        opens_on=today,
        closes_on=today,
        starts_on=today,
        ends_on=today + timedelta(weeks=12),
        by=None,
        now=now,
    )
    cycles.open_(session, cycle_id=cycle_id, by=None, now=now)
    return cycle_id


def _import(
    session: Session, cycle_id: UUID, handed_in: list[SourceFile], capacity: int, now: datetime
) -> None:
    told = tomllib.loads(OURS.joinpath("civil-service.toml").read_text("utf-8"))
    mapping = mapping_from(told, fixed={"capacity": str(capacity)})
    monday = date(2026, 3, 2)  # no hours are told, so any week will do
    people.confirm(session, handed_in, mapping, cycle_id=cycle_id, monday=monday, by=None, now=now)


def _publish(sessions: sessionmaker[Session], run_id: UUID, now: datetime) -> Review:
    with sessions.begin() as session:
        progress = runs.progress(session, run_id)
        if progress.draft_id is None:
            raise RuntimeError(progress.sentence)
        draft = draft_summary.summary(session, progress.draft_id)
        publication.publish(
            session, draft_id=draft.draft_id, seen_hash=draft.hash, by=None, now=now, links=LINKS
        )
    return draft


def _violations(sessions: sessionmaker[Session], draft: Review) -> int:
    """Breaches the independent checker finds in the plan as stored."""
    with sessions() as session:
        problem = load_problem(runs.export_problem(session, draft.run_id))
        plan = load_plan(session.get_one(Draft, draft.draft_id).plan)
    return len(check(problem, plan).breaches)
