"""Every page of the organiser's desk at that size: the server's time, and its ratio to the first page's.

Keys: people, cycle, page, status; first_ms the first time, p50_ms and p95_ms of the server in one process;
cpu_ms of that process alone, which a busy machine changes less; queries; kb as sent; home: times the first
page's p50. Pages of a draft in review, then of the same cycle published and running. What was made is kept in
the folder and used again.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from bench.desk_world import FOLDER, DeskWorld, reviewed, running
from bench.pages import signed_in
from matcher.store.tables import DraftPair

EACH, LONG_MS, LONG_EACH = 20, 400.0, 3
"""What takes long is asked for less often."""
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
STATES = {"review": reviewed, "running": running}
OTHERS = ("/during?page=9", "/during/duties?page=9", "/log?page=2")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where what was made is kept")
    parser.add_argument("--state", choices=("", *STATES), default="", help="only a cycle in that state")
    parser.add_argument("--only", default="", help="only pages with this in their name")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row for each page."""
    for state, make in STATES.items():
        if args.state not in ("", state):
            continue
        world = make(args.folder, args.people, args.seed)
        asked: list[str] = []
        event.listen(
            world.engine, "before_cursor_execute", lambda *given, asked=asked: asked.append(given[2])
        )
        client = signed_in(world.app(), world.sessions, world.organiser)
        home = 0.0
        for name, path in paths(world):
            if args.only in name or not home:
                row = measured(client, path, asked)
                home = home or row["p50_ms"]
                yield {
                    "people": args.people,
                    "cycle": state,
                    "page": name,
                    **row,
                    "home": row["p50_ms"] / home,
                }
        world.engine.dispose()


def paths(world: DeskWorld) -> Iterator[tuple[str, str]]:
    """The home page, every page of the cycle's own, those of its draft, and later pages of lists."""
    yield "home", "/"
    app, here = world.app(), f"/organise/{world.cycle_id}"
    urls = app.url_map.bind("localhost")
    with world.sessions() as session:
        mentee = session.scalars(
            select(DraftPair.mentee_id).where(DraftPair.draft_id == world.draft_id)
        ).first()
    known = {"cycle_id": world.cycle_id, "draft_id": world.draft_id, "person_id": mentee}
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        ours = "GET" in (rule.methods or ()) and rule.rule.startswith("/organise")
        if ours and rule.arguments <= set(known):
            yield rule.endpoint, urls.build(rule.endpoint, {name: known[name] for name in rule.arguments})
    for some in LISTS:
        yield f"draft{some}", f"{here}/drafts/{world.draft_id}{some}"
    for some in OTHERS:
        yield f"cycle{some}", f"{here}{some}"


def _asked(engine: Engine) -> list[str]:
    """Everything the database will be asked, as it is asked."""
    asked: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


def measured(client: FlaskClient, path: str, asked: list[str]) -> dict[str, Any]:
    """How long the server takes for a page, the first time and warm."""
    first, answer = timed(client, path)
    times, rounds = [], LONG_EACH if first > LONG_MS else EACH
    began = process_time()
    for _ in range(rounds):
        asked.clear()
        took, answer = timed(client, path)
        times.append(took)
    cpu = (process_time() - began) / rounds
    return {
        "status": answer.status_code,
        "first_ms": first,
        "p50_ms": float(np.percentile(times, 50)),
        "p95_ms": float(np.percentile(times, 95)),
        "cpu_ms": 1000 * cpu,
        "queries": sum(not said.startswith(("BEGIN", "PRAGMA")) for said in asked),
        "kb": len(answer.data) / 1000,
    }


def timed(client: FlaskClient, path: str) -> tuple[float, Any]:
    """Milliseconds, and the answer with its whole body."""
    began = perf_counter()
    answer = client.get(path)
    _ = answer.data
    return 1000 * (perf_counter() - began), answer
