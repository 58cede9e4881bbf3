"""`python -m seed demo`: a whole cycle on an invented organisation, told in the terminal, then the site."""

import argparse
import os
import secrets
import socket
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path

from matcher.jobs.worker import make_work
from matcher.mail.links import Links
from matcher.services.account import people as people_service
from matcher.services.account import sign_in
from matcher.services.matching import runs
from matcher.services.review.draft_summary import Review
from matcher.store.engine import make_engine, migrate, session_factory
from seed import acts, load, telling
from seed.acts import Stage
from seed.people import Colleague, organisation
from seed.places import ORGANISATION
from seed.story import CycleStory
from seed.story import cycles as stories
from seed.terminal import Terminal

SEED = 2026
FEWEST = 40
LINK_MINUTES = 24 * 60
PORTS = 50
"""How many ports are tried, from the asked one on."""


@dataclass(frozen=True, kw_only=True)
class DemoFolder:
    """Where the demo lives: everything in one folder, the site on this machine only."""

    folder: Path
    port: int
    secret: str

    @property
    def database_url(self) -> str:
        return f"sqlite:///{self.folder / 'evenhand.db'}"

    @property
    def mail(self) -> Path:
        return self.folder / "mail"

    @property
    def links(self) -> Links:
        return Links(base_url=f"http://127.0.0.1:{self.port}")

    def made_anew(self) -> None:
        """Remove what an earlier demo left, and only that."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in (*self.folder.glob("evenhand.*"), *self.mail.glob("*/*.eml")):
            old.unlink()


def main(arguments: Sequence[str]) -> int:
    """Run the demo; 0 when it went well."""
    asked = _arguments(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows no “✓” shows “?”
            stream.reconfigure(errors="replace")
    port = asked.port if asked.no_serve else _free_port(asked.port)
    place = DemoFolder(folder=asked.folder, port=port, secret=secrets.token_urlsafe(32))
    terminal = Terminal(sys.stdout, live=sys.stdout.isatty())
    began = time.monotonic()
    terminal.say("", f"Evenhand · a whole cycle at {ORGANISATION}", "")
    stage = _opened(place, terminal)
    colleagues = organisation(asked.people, seed=SEED)
    loaded, draft = _play(stage, colleagues, stories(colleagues, today=datetime.now(UTC).date(), seed=SEED))
    terminal.say("", *telling.labelled("Look at", _next_steps(stage, place, draft)), "")
    terminal.say(f"  All of it took {time.monotonic() - began:.0f} seconds.", "")
    if not asked.no_serve:
        terminal.say(*_doors(stage, loaded, draft), "")
        _serve(place)
    return 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m seed", description=__doc__)
    demo = parser.add_subparsers(required=True).add_parser("demo", help="play the whole road once")
    demo.add_argument("--no-serve", action="store_true", help="end after the summary")
    demo.add_argument("--port", type=int, default=8000, help="the site's port on 127.0.0.1, or the next free")
    demo.add_argument("--folder", type=Path, default=Path("var/demo"), help="where everything is kept")
    demo.add_argument("--people", type=int, default=240, help="how many work there, 40 or more")
    asked = parser.parse_args(arguments)
    if asked.people < FEWEST:
        parser.error(f"{asked.people} people are too few for a cycle; ask for {FEWEST} or more.")
    return asked


def _free_port(first: int) -> int:
    """The first port from there on at which nobody listens yet."""
    for port in range(first, first + PORTS):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise SystemExit(f"Ports {first} to {first + PORTS - 1} are all taken. Give a free one with --port.")


def _opened(place: DemoFolder, terminal: Terminal) -> Stage:
    place.made_anew()
    migrate(place.database_url)
    sessions = session_factory(make_engine(place.database_url))
    work = make_work(
        sessions,
        database_url=place.database_url,
        secret=place.secret,
        mail=f"folder:{place.mail}",
        sender=place.links.sender_address,
        links=place.links,
    )
    terminal.done(f"A new database: {place.folder / 'evenhand.db'}")
    return Stage(
        terminal=terminal,
        sessions=sessions,
        work=work,
        links=place.links,
        mail=place.mail,
        chance=load.SeededIds(SEED),
    )


def _play(
    stage: Stage, colleagues: Sequence[Colleague], told: Sequence[CycleStory]
) -> tuple[load.Loaded, Review]:
    """All acts in order, and the summary of the present cycle."""
    with stage.sessions.begin() as session:
        loaded = load.organisation(session, colleagues, chance=stage.chance, now=told[0].at(told[0].opens_on))
    functions, sites = ({getattr(one, name) for one in colleagues} for name in ("function", "site"))
    stage.terminal.done(
        f"{len(colleagues)} people in {len(functions)} functions at {len(sites)} sites, managers and all"
    )
    for story in told[:-1]:
        acts.past(stage, story, loaded)
    draft = acts.present(stage, told[-1], loaded)
    mails = acts.delivered(stage, draft.cycle_id)
    stage.terminal.say("", f"{told[-1].name} at a glance", "", *telling.summary(draft, mails))
    return loaded, draft


def _next_steps(stage: Stage, place: DemoFolder, draft: Review) -> list[str]:
    """Files and commands worth a look."""
    problem = place.folder / "problem.json"
    with stage.sessions() as session:
        problem.write_bytes(runs.export_problem(session, draft.run_id))
    return [
        f"{place.mail / 'new'}: the mails, as any mail program opens them",
        f"{problem}: all that the solver saw, numbers only",
        f".venv/bin/matcher replay {problem}: the same plan, as often as you like",
    ]


def _doors(stage: Stage, loaded: load.Loaded, draft: Review) -> list[str]:
    """The site's address, and sign-in links for the organiser and the two of one pair."""
    seated = {member.id for circle in draft.circles for member in circle.members}
    # The best fits come last; one whose mentee also sits in a circle shows most.
    pair = next((one for one in reversed(draft.pairs) if one.mentee.id in seated), draft.pairs[-1])
    lines = []
    with stage.sessions.begin() as session:
        for who, person in (
            ("organiser", loaded.organiser),
            ("mentor", pair.mentor.id),
            ("mentee", pair.mentee.id),
        ):
            name = people_service.of(session, person).name
            token = sign_in.give(session, person_id=person, now=stage.work.clock(), minutes=LINK_MINUTES)
            lines.append(f"    {who:<10} {name:<22} {stage.links.sign_in(token)}")
    return [
        f"  The site is at {stage.links.home()} Each link signs one person in, once:",
        "",
        *lines,
        "",
        f"  Anybody else signs in by mail; the mails arrive at {stage.links.base_url}/dev/inbox.",
    ]


def _serve(place: DemoFolder) -> None:
    """Become the site with its worker, as an operator starts it."""
    environment = {
        **os.environ,
        "DATABASE_URL": place.database_url,
        "SECRET_KEY": place.secret,
        "BASE_URL": place.links.base_url,
        "MAIL": f"folder:{place.mail}",
        "DEV_INBOX": "1",
    }
    site = [sys.executable, "-m", "web.cli", "run", "--port", str(place.port)]
    os.execve(sys.executable, site, environment)  # noqa: S606 - a list of our own words, no shell wanted


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
