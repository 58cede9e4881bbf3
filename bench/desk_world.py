"""A house with so many people: a closed and solved cycle, and the same one published and running.

Made once by the real services and the real solver, kept in a folder as two SQLite files, and used again.
"""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from flask import Flask
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.check_in import DAYS_OPEN
from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy.policy import CircleFormat, CriterionUse, Policy, RuleUse
from matcher.jobs.child import REPAIR, SolverChild
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.account import people
from matcher.services.audit import Act
from matcher.services.cycle import cycles
from matcher.services.during import check_ins
from matcher.services.fairness import reports as fair_reports
from matcher.services.matching import runs
from matcher.services.programme import programmes
from matcher.services.publishing import publication
from matcher.services.repair import find as repair_find
from matcher.services.sign_up import enrolment
from matcher.store.engine import make_engine, migrate, session_factory
from matcher.store.participant_tables import CheckIn, CheckInAnswer, CheckInInvitation
from matcher.store.tables import Cycle, Draft, EnrolmentRow, Pair, PersonRow
from web.app import create_app
from web.config import Config

FOLDER = Path("build/bench")
ORGANISER = "ola@example.org"
SITE = "http://localhost"
TOPICS = tuple(f"Topic {number}" for number in range(30))
FUNCTIONS = ("Finance", "Sales", "Engineering", "Data", "People", "Legal", "Product", "Operations")
SITES = ("Leeds", "Porto", "Berlin", "Pune", "Toronto")
HALF_DAYS = tuple(
    sum(1 << 48 * day + slot for slot in range(start, start + 8)) for day in range(5) for start in (16, 26)
)
ROLES = (Role.MENTOR, Role.MENTEE, Role.MENTEE) * 3 + (Role.PEER,)
"""Twice as many mentees as mentors, a tenth peers."""
MakeWeek = Callable[[np.random.Generator], Week]
EFFORT = 20
LEAVERS = 12


@dataclass(frozen=True, kw_only=True)
class DeskWorld:
    """A database with one cycle and one draft."""

    url: str
    engine: Engine
    sessions: sessionmaker[Session]
    organiser: UUID
    cycle_id: UUID
    draft_id: UUID

    def app(self) -> Flask:
        """The site over it."""
        return create_app(self.config(), session_factory=self.sessions)

    def config(self) -> Config:
        """Settings of that site."""
        mails = self.url.removeprefix("sqlite:///").removesuffix(".db")
        return Config(
            database_url=self.url, secret_key=uuid4().hex * 2, base_url=SITE, mail=f"folder:{mails}-mails"
        )


def reviewed(folder: Path, count: int, seed: int) -> DeskWorld:
    """The cycle in review, with its draft and its fairness report."""
    return opened(_kept(folder / f"review-{count}-{seed}.db", lambda path: _draft(path, count, seed)))


def running(folder: Path, count: int, seed: int) -> DeskWorld:
    """The same cycle published and running: a check-in answered, some who left, and a repair found."""
    before = reviewed(folder, count, seed)
    before.engine.dispose()
    made = Path(before.url.removeprefix("sqlite:///"))
    return opened(_kept(folder / f"running-{count}-{seed}.db", lambda path: _run(made, path)))


def opened(path: Path) -> DeskWorld:
    """The world in that file."""
    url = f"sqlite:///{path}"
    engine = make_engine(url)
    sessions = session_factory(engine)
    with sessions() as session:
        return DeskWorld(
            url=url,
            engine=engine,
            sessions=sessions,
            organiser=session.scalars(select(PersonRow.id).where(PersonRow.email == ORGANISER)).one(),
            cycle_id=session.scalars(select(Cycle.id)).one(),
            draft_id=session.scalars(select(Draft.id)).one(),
        )


def copied(source: Path, target: Path) -> None:
    """The database as it is now, what still stands in its log included."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _kept(path: Path, make: Callable[[Path], None]) -> Path:
    """Made beside its place and moved there when it is whole; brought up to date when it is used again."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        unfinished.unlink(missing_ok=True)
        make(unfinished)
        unfinished.rename(path)
    migrate(f"sqlite:///{path}")
    return path


def _draft(path: Path, count: int, seed: int) -> None:
    migrate(f"sqlite:///{path}")
    engine = make_engine(f"sqlite:///{path}")
    sessions = session_factory(engine)
    with sessions.begin() as session:
        run_id = closed(session, count, seed, datetime.now(UTC))
    runs.solve(sessions, run_id, run_solver=SolverChild(), clock=_clock, worker="bench", effort=EFFORT)
    with sessions() as session:
        draft_id = session.scalars(select(Draft.id)).one()
    fair_reports.make(sessions, draft_id, run_solver=SolverChild())
    engine.dispose()


def half_days(rng: np.random.Generator) -> Week:
    """Three half-days of the office week."""
    return Week(sum(HALF_DAYS[place] for place in rng.choice(len(HALF_DAYS), 3, replace=False).tolist()))


def closed(
    session: Session,
    count: int,
    seed: int,
    now: datetime,
    *,
    roles: Sequence[Role] = ROLES,
    week: MakeWeek = half_days,
) -> UUID:
    """The run of a cycle that was closed. roles: taken in turn; week: the hours of one person, by chance."""
    organiser, cycle_id = open_cycle(session, now)
    enrol(session, cycle_id, count, np.random.default_rng(seed), now, roles=roles, week=week)
    return cycles.close(session, cycle_id=cycle_id, by=organiser, now=now)


def open_cycle(session: Session, now: datetime) -> tuple[UUID, UUID]:
    """The organiser, and a cycle in which nobody is yet."""
    organiser = people.ensure(session, email=ORGANISER, name="Ola Organiser", now=now)
    programme_id = programmes.create(
        session, name="Together", slug="together", policy=policy(), topics=TOPICS, by=organiser, now=now
    )
    programmes.add_organiser(session, programme_id=programme_id, person_id=organiser, by=None, now=now)
    days = [now.date() + timedelta(days=days) for days in (0, 14, 28, 150)]
    names = ("opens_on", "closes_on", "starts_on", "ends_on")
    cycle_id = cycles.create(
        session,
        programme_id=programme_id,
        name="Spring",
        by=organiser,
        now=now,
        **dict(zip(names, days, strict=True)),
    )
    cycles.open_(session, cycle_id=cycle_id, by=organiser, now=now)
    return organiser, cycle_id


def policy() -> Policy:
    """The usual rules and criteria, with circles of four to six."""
    return Policy(
        rules=(RuleUse(name="same_person"), RuleUse(name="not_blocked"), RuleUse(name="shared_language")),
        criteria=(
            CriterionUse(name="topics", weight=5),
            CriterionUse(name="cross_functional", weight=2),
            CriterionUse(name="grade_gap", weight=2),
        ),
        circles=CircleFormat(on=True, smallest=4, target=5, largest=6),
    )


def enrol(
    session: Session,
    cycle_id: UUID,
    count: int,
    rng: np.random.Generator,
    now: datetime,
    *,
    roles: Sequence[Role] = ROLES,
    week: MakeWeek = half_days,
) -> None:
    """People of these roles in turn, mentors with two places each; everybody with topics and hours."""
    persons, enrolments = [], []
    for number in range(count):
        person = _person(number, rng)
        persons.append({**person, "created_at": now})
        enrolments.append(
            {
                "id": uuid4(),
                "cycle_id": cycle_id,
                "person_id": person["id"],
                "answers": _answers(roles[number % len(roles)], week, rng).to_data(),
                "ref": int(rng.integers(1, 2**62)),
                "enrolled_at": now,
                "changed_at": now,
            }
        )
    session.execute(insert(PersonRow), persons)
    session.execute(insert(EnrolmentRow), enrolments)
    audit.append_all(session, [Act(act="enrolled", about=one["id"]) for one in enrolments], by=None, now=now)


def _person(number: int, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "id": UUID(bytes=rng.bytes(16), version=4),
        "email": f"person{number}@example.org",
        "name": f"{FUNCTIONS[number % 7]} Antony {number}",
        "function": str(rng.choice(FUNCTIONS)),
        "site": str(rng.choice(SITES)),
        "grade": int(rng.integers(1, 9)),
        "languages": ["English"],
    }


def _answers(role: Role, week: MakeWeek, rng: np.random.Generator) -> Answers:
    chosen = tuple(str(one) for one in rng.choice(TOPICS, 3, replace=False))
    return Answers(
        roles=(role,),
        capacity=2,
        topics_offered=chosen if role is Role.MENTOR else (),
        topics_sought=chosen if role is Role.MENTEE else (),
        week=week(rng),
    )


def _run(before: Path, path: Path) -> None:
    copied(before, path)
    world, links = opened(path), Links(base_url=SITE)
    by, now = world.organiser, datetime.now(UTC)
    with world.sessions.begin() as session:
        seen = session.get_one(Draft, world.draft_id).hash
        publication.publish(session, draft_id=world.draft_id, seen_hash=seen, by=by, now=now, links=links)
    with world.sessions.begin() as session:
        cycles.start(session, cycle_id=world.cycle_id, by=by, now=now)
        check_ins.open_round(session, cycle_id=world.cycle_id, by=by, now=now, links=links)
        _answer(session)
        check_ins.close_due(session, now=now + timedelta(days=DAYS_OPEN + 1), seed=0)
        for person_id in session.scalars(select(Pair.mentee_id).order_by(Pair.id).limit(LEAVERS)):
            enrolment.leave(session, cycle_id=world.cycle_id, person_id=person_id, by=by, now=now)
        _weeks_later(session)
    with world.sessions.begin() as session:
        repair_id = repair_find.ask(session, cycle_id=world.cycle_id, by=by, now=now)
    repair_find.find(world.sessions, repair_id, run_solver=SolverChild(command=REPAIR), clock=_clock)
    world.engine.dispose()


def _weeks_later(session: Session) -> None:
    """As if the sessions had begun a month ago: by then most pairs have left no trace, and count as quiet."""
    cycle = session.scalars(select(Cycle)).one()
    for name in ("opens_on", "closes_on", "starts_on", "ends_on"):
        setattr(cycle, name, getattr(cycle, name) - timedelta(days=60))


def _answer(session: Session) -> None:
    """Everybody who was asked says something."""
    check_in_id = session.scalars(select(CheckIn.id)).one()
    asked = len(session.scalars(select(CheckInInvitation.id)).all())
    session.execute(update(CheckInInvitation).values(answered=True))
    rows = [
        {
            "id": uuid4(),
            "check_in_id": check_in_id,
            "met": ("yes", "planned", "no")[number % 3],
            "helpful": 1 + number % 5,
            "comment": f"It helps, {number}.",
        }
        for number in range(asked)
    ]
    session.execute(insert(CheckInAnswer), rows)


def _clock() -> datetime:
    return datetime.now(UTC)
