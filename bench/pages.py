"""Every page of the demo: how long the server needs, how many questions it asks the database, its weight.

Keys: page, status; p50_ms and p95_ms of the server's own time in one process; queries; html_kb packed. The
pages are those the tests walk (tests/web/places.py), so that none is left out; the last line leaves out the
pages for developers.
"""

import argparse
import gzip
import secrets
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from matcher.services.account import sign_in
from matcher.store.engine import make_engine, session_factory
from tests.web.places import Place, Setting, places
from tests.web.visitors import TOKEN
from web.app import create_app
from web.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=240)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--demo", type=Path, help="the folder of a demo that was made before")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row for each page, the slowest first; then all of them together."""
    with TemporaryDirectory(prefix="evenhand-pages-") as fresh:
        demo = args.demo or made(Path(fresh), args.people)
        engine = make_engine(f"sqlite:///{demo / 'evenhand.db'}")
        rows = sorted(_measured(engine, demo, args.rounds), key=lambda row: -row["p95_ms"])
        engine.dispose()
    yield from rows
    rows = [row for row in rows if not row["page"].startswith("development")]
    yield {
        "page": f"all {len(rows)}",
        "status": "",
        "p50_ms": float(np.median([row["p50_ms"] for row in rows])),
        "p95_ms": max(row["p95_ms"] for row in rows),
        "queries": max(row["queries"] for row in rows),
        "html_kb": max(row["html_kb"] for row in rows),
    }


def made(folder: Path, people: int) -> Path:
    """A demo of that size, in that folder."""
    command = [sys.executable, "-m", "seed", "demo", "--no-serve", "--people", str(people)]
    subprocess.run([*command, "--folder", str(folder)], check=True, stdout=subprocess.DEVNULL)
    return folder


def _measured(engine: Engine, demo: Path, rounds: int) -> Iterator[dict[str, Any]]:
    sessions = session_factory(engine)
    config = Config(
        database_url=str(engine.url),
        secret_key=secrets.token_urlsafe(32),
        base_url="http://localhost",
        mail=f"folder:{demo / 'mail'}",
        dev_inbox=True,
    )
    app = create_app(config, session_factory=sessions)
    with sessions.begin() as session:
        setting = Setting.of(session, datetime.now(UTC), mails=demo / "mail")
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    clients = {None: app.test_client()}
    for place in places(app, setting):
        person = setting.people.get(place.visitor)
        if person not in clients:
            clients[person] = signed_in(app, sessions, person)
        yield _page(clients[person], place, rounds, asked)


def signed_in(app: Flask, sessions: sessionmaker[Session], person: Any) -> FlaskClient:
    """A browser in which that person is signed in."""
    with sessions.begin() as session:
        token = sign_in.give(session, person_id=person, now=datetime.now(UTC))
    client = app.test_client()
    found = TOKEN.search(client.get("/sign-in").text)
    client.post(f"/sign-in/{token}", data={"csrf_token": found[1] if found else ""})
    return client


def _page(client: FlaskClient, place: Place, rounds: int, asked: list[str]) -> dict[str, Any]:
    client.get(place.path)
    times = []
    for _ in range(rounds):
        asked.clear()
        began = perf_counter()
        answer = client.get(place.path)
        times.append(1000 * (perf_counter() - began))
    return {
        "page": place.name,
        "status": answer.status_code,
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "queries": sum(not said.startswith(("BEGIN", "PRAGMA")) for said in asked),
        "html_kb": len(gzip.compress(answer.data, 6)) / 1000,
    }
