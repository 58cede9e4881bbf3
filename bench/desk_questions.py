"""What if, as the organiser asks it: each kind of question by its page, over a draft of that many people.

Keys: people, kind; first_s: until the price of the first question of that kind, which may have to start a
solver; then asked; at_once: priced by the first answer (who waits asks again, and all of that counts); p50_s,
p95_s and worst_s until the price stood on the page; home: times the home page's p50.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, sleep
from typing import Any
from urllib.parse import urlencode

import numpy as np
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.desk_pages import measured
from bench.desk_world import FOLDER, DeskWorld, reviewed
from bench.pages import signed_in
from matcher.store.tables import DraftPair

WAITING = b'http-equiv="refresh"'
"""Stands in the page while the solver gets ready."""
LONGEST = 120.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--each", type=int, default=8, help="questions of each kind")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where what was made is kept")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """One row for each kind of question."""
    world = reviewed(args.folder, args.people, args.seed)
    app = world.app()
    client = signed_in(app, world.sessions, world.organiser)
    home = measured(client, "/", [])["p50_ms"] / 1000
    page = f"/organise/{world.cycle_id}/what-if"
    for kind, asked in questions(world, args.each, np.random.default_rng(args.seed)).items():
        found = [priced(client, f"{page}?{urlencode({'kind': kind, **one})}") for one in asked]
        times = [seconds for seconds, _ in found]
        yield {
            "people": args.people,
            "kind": kind,
            "first_s": times[0],
            "asked": len(found) - 1,
            "at_once": sum(once for _, once in found[1:]),
            "p50_s": float(np.median(times[1:])),
            "p95_s": float(np.percentile(times[1:], 95)),
            "worst_s": max(times[1:]),
            "home": float(np.median(times[1:])) / home,
        }
    world.engine.dispose()


def questions(world: DeskWorld, each: int, rng: np.random.Generator) -> dict[str, list[dict[str, str]]]:
    """One more than `each` of every kind, about pairs drawn by lot; weights and rules in turn."""
    with world.sessions() as session:
        found = select(DraftPair.mentee_id, DraftPair.mentor_id).where(DraftPair.draft_id == world.draft_id)
        pairs = [
            (str(mentee), str(mentor)) for mentee, mentor in session.execute(found.order_by(DraftPair.id))
        ]

    def drawn(number: int) -> list[tuple[str, str]]:
        return [pairs[place] for place in rng.choice(len(pairs), number, replace=False).tolist()]

    couples = list(zip(drawn(each + 1), drawn(each + 1), strict=True))
    weights = [("topics", 3), ("cross_functional", 7), ("grade_gap", 5), ("topics", 9), ("grade_gap", 0)]
    rules = ("shared_language", "shared_hours", "different_function", "grade_gap", "shared_session")
    return {
        "pin": [{"mentee": one[0], "mentor": other[1]} for one, other in couples],
        "forbid": [{"mentee": mentee, "mentor": mentor} for mentee, mentor in drawn(each + 1)],
        "swap": [{"mentee": one[0], "other": other[0]} for one, other in couples],
        "capacity": [{"mentor": mentor, "places": "3"} for _, mentor in drawn(each + 1)],
        "weight": [{"criterion": name, "weight": str(weight)} for name, weight in weights],
        "rule": [{"rule": name} for name in rules],
    }


def priced(client: FlaskClient, path: str) -> tuple[float, bool]:
    """Seconds until the page shows the price, and whether the first answer did."""
    began, once = perf_counter(), True
    while WAITING in client.get(path).data and perf_counter() - began < LONGEST:
        once = False
        sleep(0.1)
    return perf_counter() - began, once
