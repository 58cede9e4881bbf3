"""Every page of the organiser's desk over a real draft: the server's time, and its ratio to the first page's.

Keys: people, page, status; p50_ms and p95_ms of the server in one process; queries; home: times the first
page's p50. People, answers and the plan are made for the occasion; the plan by the real solver.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, insert, select
from sqlalchemy.orm import Session, sessionmaker

from bench.pages import signed_in
from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy import CircleFormat, CriterionUse, Policy, RuleUse
from matcher.jobs.child import SolverChild
from matcher.services import cycles, matching, people, programmes
from matcher.store.engine import make_engine, migrate, session_factory
from matcher.store.tables import Draft, DraftPair, Enrolment, Person
from web.app import create_app
from web.config import Config

TOPICS = tuple(f"Topic {number}" for number in range(30))
FUNCTIONS = ("Finance", "Sales", "Engineering", "Data", "People", "Legal", "Product", "Operations")
SITES = ("Leeds", "Porto", "Berlin", "Pune", "Toronto")
OFFICE = sum(1 << (48 * day + slot) for day in range(5) for slot in range(16, 36))
ROLES = (Role.MENTOR, Role.MENTEE, Role.MENTEE) * 3 + (Role.PEER,)
"""Twice as many mentees as mentors, a tenth peers."""
EACH = 20
LISTS = (
    "",
    "/pairs",
    "/pairs?find=an",
    "/pairs?fit=good&order=mentor&page=3",
    "/pairs?function=Finance&site=Leeds",
    "/waiting",
    "/circles?page=3",
    "/rota?page=3",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row for each page."""
    with TemporaryDirectory(prefix="evenhand-desk-") as folder:
        url = f"sqlite:///{Path(folder) / 'evenhand.db'}"
        migrate(url)
        engine = make_engine(url)
        sessions = session_factory(engine)
        organiser, cycle_id = drafted(sessions, args.people, args.seed)
        config = Config(
            database_url=url, secret_key=uuid4().hex * 2, base_url="http://localhost", mail=f"folder:{folder}"
        )
        app = create_app(config, session_factory=sessions)
        asked: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        client, home = signed_in(app, sessions, organiser), 0.0
        for name, path in paths(app, sessions, cycle_id):
            row = measured(client, path, asked)
            home = home or row["p50_ms"]
            yield {"people": args.people, "page": name, **row, "home": row["p50_ms"] / home}
        engine.dispose()


def drafted(sessions: sessionmaker[Session], count: int, seed: int) -> tuple[UUID, UUID]:
    """The organiser and the cycle, closed and solved."""
    organiser, cycle_id, run_id = closed_cycle(sessions, count, seed)
    matching.solve(
        sessions, run_id, run_solver=SolverChild(), clock=lambda: datetime.now(UTC), worker="bench", effort=20
    )
    return organiser, cycle_id


def closed_cycle(
    sessions: sessionmaker[Session],
    count: int,
    seed: int,
    *,
    roles: Sequence[Role] = ROLES,
    week: Callable[[Any], Week] = lambda _rng: Week(OFFICE),
) -> tuple[UUID, UUID, UUID]:
    """The organiser, the cycle whose sign-ups have closed, and its first run. roles: taken in turn; week: the
    hours of one person, by chance."""
    now = datetime.now(UTC)
    with sessions.begin() as session:
        organiser = people.ensure(session, email="ola@example.org", name="Ola Organiser", now=now)
        programme_id = programmes.create(
            session, name="Together", slug="together", policy=policy(), topics=TOPICS, by=organiser, now=now
        )
        programmes.add_organiser(session, programme_id=programme_id, person_id=organiser, by=None, now=now)
        today = now.date()
        cycle_id = cycles.create(
            session,
            programme_id=programme_id,
            name="Spring",
            opens_on=today,
            closes_on=today + timedelta(days=14),
            starts_on=today + timedelta(days=28),
            ends_on=today + timedelta(days=150),
            by=organiser,
            now=now,
        )
        cycles.open_(session, cycle_id=cycle_id, by=organiser, now=now)
        enrol(session, cycle_id, count, np.random.default_rng(seed), now, roles=roles, week=week)
        run_id = cycles.close(session, cycle_id=cycle_id, by=organiser, now=now)
    return organiser, cycle_id, run_id


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
    rng: Any,
    now: datetime,
    *,
    roles: Sequence[Role],
    week: Callable[[Any], Week],
) -> None:
    """People of these roles in turn, mentors with two places each; with topics of their own."""
    persons, enrolments = [], []
    for number in range(count):
        role = roles[number % len(roles)]
        person_id = UUID(bytes=rng.bytes(16), version=4)
        persons.append(
            {
                "id": person_id,
                "email": f"person{number}@example.org",
                "name": f"{FUNCTIONS[number % 7]} Antony {number}",
                "function": str(rng.choice(FUNCTIONS)),
                "site": str(rng.choice(SITES)),
                "grade": int(rng.integers(1, 9)),
                "languages": ["English"],
                "created_at": now,
            }
        )
        chosen = tuple(str(one) for one in rng.choice(TOPICS, 3, replace=False))
        said = Answers(
            roles=(role,),
            capacity=2,
            topics_offered=chosen if role is Role.MENTOR else (),
            topics_sought=chosen if role is Role.MENTEE else (),
            week=week(rng),
        )
        enrolments.append(
            {
                "id": uuid4(),
                "cycle_id": cycle_id,
                "person_id": person_id,
                "answers": said.to_data(),
                "ref": int(rng.integers(1, 2**62)),
                "enrolled_at": now,
                "changed_at": now,
            }
        )
    session.execute(insert(Person), persons)
    session.execute(insert(Enrolment), enrolments)


def paths(app: Flask, sessions: sessionmaker[Session], cycle_id: UUID) -> Iterator[tuple[str, str]]:
    """The home page, every page of the cycle's own, and those of its draft."""
    with sessions() as session:
        draft_id = session.scalars(select(Draft.id).where(Draft.cycle_id == cycle_id)).one()
        mentee = session.scalars(select(DraftPair.mentee_id).where(DraftPair.draft_id == draft_id)).first()
    yield "home", "/"
    urls = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" in (rule.methods or ()) and rule.rule.startswith("/organise"):
            known = {"cycle_id": cycle_id, "draft_id": draft_id, "person_id": mentee}
            if rule.arguments <= set(known):
                yield rule.endpoint, urls.build(rule.endpoint, {name: known[name] for name in rule.arguments})
    for some in LISTS:
        yield f"draft{some}", f"/organise/{cycle_id}/drafts/{draft_id}{some}"


def measured(client: FlaskClient, path: str, asked: list[str]) -> dict[str, Any]:
    """How long the server takes for a page, warm."""
    client.get(path)
    times = []
    for _ in range(EACH):
        asked.clear()
        began = perf_counter()
        answer = client.get(path)
        times.append(1000 * (perf_counter() - began))
    return {
        "status": answer.status_code,
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "queries": sum(not said.startswith(("BEGIN", "PRAGMA")) for said in asked),
    }
