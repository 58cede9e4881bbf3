"""Two drafts compared, and two organisers who publish at once, in a real browser with the real worker."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from matcher.services.programme import programmes
from matcher.store.tables import Cycle
from tests.builders import stored
from tests.journeys.conftest import Stage
from tests.journeys.people import Organiser

pytestmark = pytest.mark.browser


def ola_at(stage: Stage) -> Organiser:
    ola = Organiser(page=stage.window(), address=stage.address_of("Ola Organiser"), slug=stage.slug)
    ola.signs_in_with(stage.link_for(stage.organiser))
    return ola


def sven_at(stage: Stage) -> Organiser:
    with stage.sessions.begin() as session:
        second = stored(session, "Sven Second")
        programme = session.get_one(Cycle, stage.cycle_id).programme_id
        programmes.add_organiser(
            session, programme_id=programme, person_id=second, by=None, now=datetime.now(UTC)
        )
    sven = Organiser(page=stage.window(), address=stage.address_of("Sven Second"), slug=stage.slug)
    sven.signs_in_with(stage.link_for(second))
    return sven


def has_a_draft(ola: Organiser) -> None:
    ola.opens_the_cycle("Spring")
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()


def test_two_drafts_are_compared_and_one_is_looked_into(stage):
    ola = ola_at(stage)
    has_a_draft(ola)
    ola.presses("Run the match again")
    ola.waits_for_the_draft()

    ola.page.get_by_role("link", name="Compare", exact=True).click()
    ola.sees("Compare drafts")
    expect(ola.page.get_by_role("heading", name="Whose partners differ")).to_be_visible()
    for _ in range(20):
        if ola.page.get_by_role("heading", name="In figures").is_visible():
            break
        ola.page.reload()
    ola.sees("Mentees placed")
    compared = ola.here()
    ola.page.get_by_role("link", name="Draft 2", exact=True).click()
    draft = ola.here()
    ola.opens(f"{draft}/report")
    ola.sees("The independent check found every rule kept and every number right.")

    ola.finds_every_page_accessible(compared, f"{draft}/report")
    with ola.page.expect_download() as downloaded:
        ola.page.get_by_role("link", name="Download as one page").click()
    assert downloaded.value.suggested_filename == "fairness.html"


def test_of_two_who_publish_at_once_one_wins_and_the_other_learns_who_and_when(stage):
    ola, sven = ola_at(stage), sven_at(stage)
    has_a_draft(ola)
    ola.reviews_the_draft()
    publishing = f"{ola.here()}/publishing"
    for one in (ola, sven):
        one.opens(publishing)
        one.sees("What is sent to whom")
    ola.finds_every_page_accessible(publishing)

    ola.presses("Publish and introduce everybody")
    ola.sees("The introductions are on their way.")
    sven.presses("Publish and introduce everybody")

    expect(sven.page.get_by_role("main")).to_contain_text(
        re.compile(r"Ola Organiser published “Spring” on \d+ \w+ \d{4} at \d\d:\d\d UTC")
    )
    parts = ola.page.get_by_role("navigation", name="Parts of this cycle")
    parts.get_by_role("link", name="Mails", exact=True).click()
    expect(ola.page.get_by_role("heading", name="Delivery")).to_be_visible()
    expect(ola.page.get_by_role("status")).to_contain_text("All mails have left.", timeout=20_000)
    ola.finds_every_page_accessible(ola.here())
