"""A real Chromium, a real site with its worker, and an organisation small enough to know by name."""

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.serving import make_server

from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat, Policy
from matcher.jobs.bells import make_huey
from matcher.jobs.tasks import Bell
from matcher.jobs.worker import EmbeddedWorker, make_work
from matcher.services.account import sign_in
from matcher.services.programme import programmes
from tests.builders import a_cycle, a_programme, enrolled, stored
from web.app import create_app
from web.config import Config

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
MISSING = (
    "NO BROWSER: the journeys were not walked. Install Chromium or name one in CHROMIUM; "
    "EVENHAND_REQUIRE_BROWSER=1 makes this a failure."
)
SAY_WHAT_THE_POLICY_STOPPED = """
document.addEventListener("securitypolicyviolation", (stopped) =>
  console.error(`The policy stopped ${stopped.violatedDirective}: ${stopped.blockedURI} ${stopped.sample}`));
"""
"""Whatever the page's own content security policy refuses becomes a complaint of the console."""


def found_chromium() -> str | None:
    """CHROMIUM, or the system's."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The found Chromium; without one a loud skip, or a failure where the browser is required."""
    path = found_chromium()
    if path is None and os.environ.get("EVENHAND_REQUIRE_BROWSER") == "1":
        pytest.fail(MISSING)
    if path is None:
        pytest.skip(MISSING)
    return {
        **browser_type_launch_args,
        "executable_path": path,
        "args": ["--disable-gpu"],
        "chromium_sandbox": False,
    }


@dataclass(kw_only=True)
class Stage:
    """A running site, its people, and ways to let somebody in."""

    url: str
    slug: str
    cycle_id: UUID
    organiser: UUID
    sessions: sessionmaker[Session]
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    windows: list[BrowserContext] = field(default_factory=list)

    def window(self, *, size: dict[str, int] | None = None, script: bool = True, dark: bool = False) -> Page:
        """A new browser window with no cookies; what its console complains of is written down."""
        context = self.browser.new_context(
            base_url=self.url,
            viewport=size or DESK,  # type: ignore[arg-type]  # playwright wants its own TypedDict
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(20_000)
        context.add_init_script(SAY_WHAT_THE_POLICY_STOPPED)
        page = context.new_page()
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.complaints.append(f"A script failed: {error}"))
        self.windows.append(context)
        return page

    def listen(self, message: ConsoleMessage) -> None:
        # A page that answers 4xx is part of a story; everything else a browser complains of is a fault.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def link_for(self, person_id: UUID) -> str:
        with self.sessions.begin() as session:
            return f"/sign-in/{sign_in.give(session, person_id=person_id, now=datetime.now(UTC))}"

    def address_of(self, name: str) -> str:
        return f"{name.lower().replace(' ', '.')}@example.org"


@pytest.fixture
def stage(
    browser: Browser, database_url: str, open_session: sessionmaker[Session], tmp_path: Path
) -> Iterator[Stage]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    config = Config(
        database_url=database_url,
        secret_key="the journeys' own secret, long enough",
        base_url=url,
        mail=f"folder:{tmp_path / 'mail'}",
        dev_inbox=True,
    )
    bells = f"sqlite:///{tmp_path / 'bells.db'}"
    work = make_work(
        open_session,
        database_url=bells,
        secret=config.secret_key,
        mail=config.mail,
        sender="evenhand@example.org",
    )
    app = create_app(config, session_factory=open_session, ring=Bell(make_huey(bells, config.secret_key)))
    slug, cycle_id, organiser = the_organisation(open_session)
    with served(app, port), at_work(EmbeddedWorker(work)):
        stage = Stage(
            url=url, slug=slug, cycle_id=cycle_id, organiser=organiser, sessions=open_session, browser=browser
        )
        yield stage
        for window in stage.windows:
            window.close()
    assert stage.complaints == []


def the_organisation(sessions: sessionmaker[Session]) -> tuple[str, UUID, UUID]:
    """Four mentors, three mentees and five peers; the cycle is open."""
    with sessions.begin() as session:
        organiser = stored(session, "Ola Organiser", function="People")
        policy = Policy(circles=CircleFormat(on=True, smallest=4, target=5, largest=6), sessions=6)
        programme_id = a_programme(session, policy=policy)
        programmes.add_organiser(
            session, programme_id=programme_id, person_id=organiser, by=None, now=datetime.now(UTC)
        )
        cycle_id = a_cycle(session, programme=programme_id)
        stored(session, "Lena Brandt", function="Finance")
        for number, name in enumerate(("Amira Okonkwo", "Hannah Weiss", "Paul Adeyemi", "Mei Tan")):
            enrolled(session, cycle_id, Role.MENTOR, name=name, person={"function": f"Function {number}"})
        for name in ("Diego Ruiz", "Noor Haddad"):
            enrolled(session, cycle_id, Role.MENTEE, name=name)
        for name in ("Jonas Lind", "Sofia Costa", "Tariq Aziz", "Ines Moreau", "Yuki Sato"):
            enrolled(session, cycle_id, Role.PEER, name=name)
        from matcher.store.tables import Programme

        return session.get_one(Programme, programme_id).slug, cycle_id, organiser


class served:  # noqa: N801 (reads as what is so while it lasts)
    """The site answers on a port of its own."""

    def __init__(self, app: Callable[..., Any], port: int) -> None:
        self.server = make_server("127.0.0.1", port, app, threaded=True)
        self.thread = Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class at_work:  # noqa: N801 (reads as what is so while it lasts)
    """The worker is at work."""

    def __init__(self, worker: EmbeddedWorker) -> None:
        self.worker = worker

    def __enter__(self) -> None:
        self.worker.start()

    def __exit__(self, *_: object) -> None:
        self.worker.stop()


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
