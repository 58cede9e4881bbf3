"""What holds on every page of the site: it is open to everybody, light, and works without scripts."""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Response
from sqlalchemy.orm import Session, sessionmaker

from matcher.mail import messages
from matcher.mail.folder import FolderDelivery
from matcher.mail.links import Links
from matcher.mail.wire import envelope
from matcher.services.account import sign_in
from matcher.store.engine import make_engine, session_factory
from matcher.store.tables import ProgrammeRole
from tests.conftest import Databases
from tests.journeys.conftest import DESK, SAY_WHAT_THE_POLICY_STOPPED, free_port, served
from tests.journeys.people import AXE
from tests.matcher.services.privacy.forgettable import everywhere
from tests.web.places import Place, Setting, places
from web.app import create_app
from web.config import Config

pytestmark = pytest.mark.browser

MOST_BYTES = 120_000
DRAWS_CHARTS = "vendor/vega"
"""Pages with charts load the library that draws them, once a year; their limit is their own weight."""
AT_400_PERCENT = {"width": 320, "height": 256}
"""A window of 1280 × 1024 enlarged four times (WCAG 2.2, 1.4.10)."""
PARTS = 2
"""The walk is made in so many parts, so that no process of the tests walks alone at the end."""
EXPECTED = {"error-404": 404, "error-410": 410}


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page as it is open, all addresses fetched for it, and what its console has said so far."""

    place: Place
    page: Page
    answer: Response
    asked: frozenset[str]
    heard: list[str]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """The whole site, somebody signed in for each kind of visitor."""

    url: str
    pages: tuple[Place, ...]
    sessions: sessionmaker[Session]
    setting: Setting
    browser: Browser

    def window(self, visitor: str, *, script: bool = True) -> Page:
        context = self.browser.new_context(
            base_url=self.url,
            viewport=DESK,  # type: ignore[arg-type]  # playwright wants its own TypedDict
            java_script_enabled=script,
            # Colours halfway from one theme to the other are nobody's colours.
            reduced_motion="reduce",
        )
        if script:
            context.add_init_script(SAY_WHAT_THE_POLICY_STOPPED)
        page = context.new_page()
        if visitor in self.setting.people:
            with self.sessions.begin() as session:
                person = self.setting.people[visitor]
                token = sign_in.give(session, person_id=person, now=datetime.now(UTC))
            page.goto(f"/sign-in/{token}")
            page.locator("main form button").click()
        return page

    def walked(self, part: int, *, script: bool = True) -> Iterator[Visit]:
        """Every page of this part in turn, opened by its visitor with nothing kept from the page before."""
        pages = self.pages[part::PARTS]
        for visitor in dict.fromkeys(place.visitor for place in pages):
            page = self.window(visitor, script=script)
            page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
            asked: set[str] = set()
            heard: list[str] = []
            page.on("request", lambda request, asked=asked: asked.add(request.url))
            page.on("console", lambda said, heard=heard: heard.append(said.text))
            for place in pages:
                if place.visitor == visitor:
                    asked.clear()
                    heard.clear()
                    answer = page.goto(place.path)
                    assert answer is not None
                    yield Visit(place=place, page=page, answer=answer, asked=frozenset(asked), heard=heard)
            page.context.close()


@pytest.fixture(scope="module")
def whole(
    browser: Browser, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Whole]:
    port = free_port()
    config = Config(
        database_url=databases.migrated(),
        secret_key="the walk's own secret, long enough for it",
        base_url=f"http://127.0.0.1:{port}",
        mail=f"folder:{tmp_path_factory.mktemp('mail')}",
        dev_inbox=True,
    )
    engine = make_engine(config.database_url)
    sessions = session_factory(engine)
    known = everywhere(sessions)
    with sessions.begin() as session:
        role = ProgrammeRole(
            programme_id=known.programme_id,
            person_id=known.handler,
            role="handler",
            given_at=datetime.now(UTC),
        )
        session.add(role)
        session.flush()
        setting = Setting.of(session, datetime.now(UTC), mails=a_letter_in(config))
    app = create_app(config, session_factory=sessions)
    with served(app, port):
        yield Whole(
            url=config.base_url,
            pages=places(app, setting),
            sessions=sessions,
            setting=setting,
            browser=browser,
        )
    engine.dispose()


def a_letter_in(config: Config) -> Path:
    """The folder of mails, with one in it."""
    assert config.mail_folder is not None
    mail = messages.sign_in_link(
        id=uuid4(),
        to="lena@example.org",
        name="Lena",
        token="used",
        code="12345678",
        minutes=10,
        links=Links(base_url=config.base_url),
    )
    talk = FolderDelivery(config.mail_folder).open()
    talk.offer(envelope(mail, sender="evenhand@example.org", attempt=1, written_at=datetime.now(UTC)))
    talk.finish()
    talk.close()
    return config.mail_folder


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_open_to_everybody_keeps_its_policy_and_is_light(whole, part):
    faults: dict[str, list[str]] = {}
    weights: dict[str, int] = {}
    for visit in whole.walked(part):
        page = visit.page
        found = wrong_status(visit) + too_heavy(visit, weights)
        page.evaluate(AXE)
        found += complaints(page, "light, 1280", "")
        page.set_viewport_size(AT_400_PERCENT)
        page.emulate_media(color_scheme="dark")
        found += [*complaints(page, "dark, 320", "runOnly: ['color-contrast'],"), *sideways(page)]
        page.set_viewport_size(DESK)
        page.emulate_media(color_scheme="light")
        found += [said for said in visit.heard if "policy" in said.lower()]
        if found:
            faults[visit.place.name] = found
    assert faults == {}


def wrong_status(visit: Visit) -> list[str]:
    status = visit.answer.status
    return [] if status == EXPECTED.get(visit.place.name, 200) else [f"status {status}"]


def too_heavy(visit: Visit, weights: dict[str, int]) -> list[str]:
    """What a first visit fetches beyond the limit. weights: bytes of each address that is known already."""
    # Fetched once more, for a browser gives no body of what it has navigated away from.
    wanted = {address for address in visit.asked if DRAWS_CHARTS not in address}
    for address in wanted - weights.keys():
        weights[address] = packed_size(visit.page, address)
    weight = sum(weights[address] for address in wanted)
    return [f"{weight} bytes"] if weight > MOST_BYTES else []


def complaints(page: Page, how: str, only: str) -> list[str]:
    found = page.evaluate(f"axe.run(document, {{{only} resultTypes: ['violations']}})")
    return [
        f"{how}: {one['id']}: {one['help']} {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    wide, window = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    return [f"{wide} wide in a window of {window}"] if wide > window else []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_works_without_scripts(whole, part):
    faults = {}
    for visit in whole.walked(part, script=False):
        heading = visit.page.locator("h1:visible").count()
        dead = visit.page.locator("button[type=button]:visible:not([data-look])").count()
        if wrong_status(visit) or heading != 1 or dead:
            faults[visit.place.name] = (
                f"status {visit.answer.status}, {heading} headings, {dead} buttons do nothing"
            )
    faults.pop("development-components", None)
    assert faults == {}


def packed_size(page: Page, address: str) -> int:
    """Bytes on the way: the page as a proxy would pack it, files as the site packs them."""
    return len(gzip.compress(page.request.get(address).body(), 6))
