"""A site for every test, and the cycle most of them are about."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.orm import Session, sessionmaker

from matcher.services.programme import programmes
from matcher.services.review.what_if import WhatIf
from matcher.store.tables import Cycle, Programme
from tests import in_process
from tests.builders import NOON, a_cycle, a_programme, stored
from tests.conftest import Clock
from tests.web.visitors import Site
from web import clock as clocks
from web import counting, database
from web.app import create_app
from web.config import Config
from web.counting import Counting, Crowds
from web.development.routes import MAIL_FOLDER
from web.organiser.what_if.routes import KEY as WHAT_IF

SECRET = "a secret of the tests, thirty-two characters and more"
ADDRESS = "http://localhost"


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    return Config(
        database_url=database_url,
        secret_key=SECRET,
        base_url=ADDRESS,
        mail=f"folder:{tmp_path / 'mail'}",
        dev_inbox=True,
    )


@pytest.fixture(scope="session")
def built() -> Flask:
    """The site built once for each test process: its routes and templates take longer than a test."""
    config = Config(
        database_url="sqlite://", secret_key=SECRET, base_url=ADDRESS, mail="folder:unused", dev_inbox=True
    )
    return create_app(config)


@pytest.fixture
def site(built: Flask, config: Config, open_session: sessionmaker[Session], clock: Clock) -> Iterator[Site]:
    """The built site with a database, a clock, a bell, solvers and memories of the test's own.

    A test that changes the app itself asks for `site_of_its_own`.
    """
    rings: list[tuple[str, UUID]] = []
    kept, settings = dict(built.extensions), dict(built.config)
    clocks.register(built, clock)
    built.extensions |= {
        database.KEY: open_session,
        database.RING: lambda name, about: rings.append((name, about)),
        WHAT_IF: WhatIf(in_process.asked),
        counting.KEY: Counting(in_process.counted),
        counting.CROWDS_KEY: Crowds(),
        MAIL_FOLDER: config.mail_folder,
    }
    yield Site(app=built, open_session=open_session, clock=clock, rings=rings)
    built.extensions.clear()
    built.extensions.update(kept)
    built.config.clear()
    built.config.update(settings)


@pytest.fixture
def site_of_its_own(config: Config, open_session: sessionmaker[Session], clock: Clock) -> Site:
    rings: list[tuple[str, UUID]] = []
    app = create_app(
        config,
        session_factory=open_session,
        ring=lambda name, about: rings.append((name, about)),
        clock=clock,
    )
    return Site(app=app, open_session=open_session, clock=clock, rings=rings)


@dataclass(frozen=True, kw_only=True)
class Together:
    """A programme with an open cycle, an organiser, and somebody who might sign up."""

    slug: str
    programme_id: UUID
    cycle_id: UUID
    organiser: UUID
    lena: UUID
    outsider: UUID


@pytest.fixture
def together(site: Site) -> Together:
    with site.open_session.begin() as session:
        organiser = stored(session, "Ola Organiser")
        programme_id = a_programme(session)
        programmes.add_organiser(session, programme_id=programme_id, person_id=organiser, by=None, now=NOON)
        cycle_id = a_cycle(session, programme=programme_id)
        return Together(
            slug=session.get_one(Programme, programme_id).slug,
            programme_id=programme_id,
            cycle_id=session.get_one(Cycle, cycle_id).id,
            organiser=organiser,
            lena=stored(session, "Lena Brandt", function="Finance"),
            outsider=stored(session, "Otto Outside"),
        )
