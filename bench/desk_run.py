"""The site while a real run works: `matcher run` over a large cycle in review, asked several times a second.

Keys: people, when (idle, or while the run works), address; asked; p50_ms, p95_ms and worst_ms as a browser
waits; idle: times the idle p50 of the same address. The last row tells of the run page: how often its live
part changed and the longest time it stood still, in seconds, beside how long the run worked.
"""

import argparse
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import numpy as np
from sqlalchemy import select

from bench.desk_world import FOLDER, DeskWorld, copied, opened, reviewed
from matcher.services.account import sign_in
from matcher.store.engine import read_only
from matcher.store.tables import PolicyVersion, SolveRun
from tests.web.visitors import TOKEN

EACH_SECONDS = 0.2
IDLE_ROUNDS = 20
ENDED = ("done", "failed", "cancelled")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where what was made is kept")
    parser.add_argument("--seconds", type=float, default=120.0, help="watch the run no longer than this")


def run(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Rows of each address, idle and while the run works; then the run page itself."""
    before = reviewed(args.folder, args.people, args.seed)
    before.engine.dispose()
    with TemporaryDirectory(prefix="evenhand-run-") as folder:
        path = Path(folder) / "evenhand.db"
        copied(Path(before.url.removeprefix("sqlite:///")), path)
        world = opened(path)
        with site(world, Path(folder)) as address:
            browser = visitor(world, address)
            live = f"/organise/{world.cycle_id}/runs/live"
            addresses = ("/health", "/readyz", live)
            idle: dict[str, list[float]] = {one: [] for one in addresses}
            for _ in range(IDLE_ROUNDS):
                for one in addresses:
                    idle[one].append(timed(browser, address + one)[0])
            begin(world, browser, address)
            busy, told = watched(world, browser, address, addresses, args.seconds)
        world.engine.dispose()
    for when, found in (("idle", idle), ("while it works", busy)):
        for one, times in found.items():
            yield {"people": args.people, "when": when, **figures(one, times, idle[one], live)}
    yield {"people": args.people, "when": "while it works", "address": "live part", **told}


@contextmanager
def site(world: DeskWorld, folder: Path) -> Iterator[str]:
    """`matcher run` over it, in a process of its own; its address."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    settings = {
        "DATABASE_URL": world.url,
        "SECRET_KEY": world.config().secret_key,
        "BASE_URL": address,
        "MAIL": f"folder:{folder / 'mails'}",
    }
    command = [sys.executable, "-m", "web.cli", "run", "--port", str(port)]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=os.environ | settings, stdout=quiet, stderr=quiet) as process:
        try:
            yield ready(address)
        finally:
            process.terminate()


def ready(address: str) -> str:
    """The address, once somebody answers there. Raises TimeoutError."""
    until = perf_counter() + 60
    while perf_counter() < until:
        try:
            build_opener().open(f"{address}/health").read()
        except URLError:
            sleep(0.1)
        else:
            return address
    raise TimeoutError(f"Nobody answers at {address}.")


def visitor(world: DeskWorld, address: str) -> OpenerDirector:
    """A browser in which the organiser is signed in."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    with world.sessions.begin() as session:
        token = sign_in.give(session, person_id=world.organiser, now=datetime.now(UTC))
    post(browser, f"{address}/sign-in", f"{address}/sign-in/{token}", {})
    return browser


def begin(world: DeskWorld, browser: OpenerDirector, address: str) -> None:
    """A run under the present policy, by the organiser's own button."""
    with world.sessions() as session:
        policy = session.scalars(select(PolicyVersion.id).order_by(PolicyVersion.number.desc())).first()
    page = f"{address}/organise/{world.cycle_id}/runs"
    post(browser, page, f"{page}/begin", {"policy": str(policy)})


def post(browser: OpenerDirector, page: str, to: str, fields: dict[str, str]) -> None:
    """Send the form of that page."""
    found = TOKEN.search(browser.open(page).read().decode())
    sent = {**fields, "csrf_token": found[1] if found else ""}
    browser.open(to, urlencode(sent).encode()).read()


def watched(
    world: DeskWorld, browser: OpenerDirector, address: str, addresses: tuple[str, ...], seconds: float
) -> tuple[dict[str, list[float]], dict[str, Any]]:
    """Milliseconds by address until the run ends, and how the last of them changed."""
    times: dict[str, list[float]] = {one: [] for one in addresses}
    began = changed = perf_counter()
    seen, changes, longest = b"", 0, 0.0
    while perf_counter() - began < seconds and not ended(world):
        for one in addresses:
            took, body = timed(browser, address + one)
            times[one].append(took)
        if body != seen:
            longest = max(longest, perf_counter() - changed)
            seen, changed, changes = body, perf_counter(), changes + 1
        sleep(EACH_SECONDS)
    longest = max(longest, perf_counter() - changed)
    return times, {"changes": changes, "longest_s": longest, "worked_s": perf_counter() - began}


def ended(world: DeskWorld) -> bool:
    """Whether the newest run is over."""
    with world.sessions() as session:
        newest = select(SolveRun.state).order_by(SolveRun.queued_at.desc()).limit(1)
        return read_only(session).scalars(newest).one() in ENDED


def timed(browser: OpenerDirector, address: str) -> tuple[float, bytes]:
    """Milliseconds until everything has arrived, and what."""
    began = perf_counter()
    body = browser.open(address).read()
    return 1000 * (perf_counter() - began), body


def figures(address: str, times: list[float], idle: list[float], live: str) -> dict[str, Any]:
    """How long one address took."""
    p50 = float(np.median(times))
    return {
        "address": "live part" if address == live else address,
        "asked": len(times),
        "p50_ms": p50,
        "p95_ms": float(np.percentile(times, 95)),
        "worst_ms": max(times),
        "idle": p50 / float(np.median(idle)),
    }
