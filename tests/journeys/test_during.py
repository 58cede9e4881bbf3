"""During and after: an organiser writes to a quiet pair, completes the cycle and looks at the log."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import update

from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.store import tables
from tests.builders import NOON
from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Organiser
from tests.matcher.services.publishing.publications import add, pair_words, publish_rows

pytestmark = pytest.mark.browser


@pytest.fixture
def ola(stage: Stage) -> Organiser:
    """The organiser of a cycle whose one pair has met for five weeks and written nothing down."""
    today = datetime.now(UTC).date()
    with stage.sessions.begin() as session:
        cycle = session.get_one(tables.Cycle, stage.cycle_id)
        run_id = cycles.close(session, cycle_id=cycle.id, by=None, now=NOON)
        session.execute(update(tables.SolveRun).values(state="cancelled"))
        cycle.starts_on, cycle.ends_on = today - timedelta(weeks=5), today + timedelta(weeks=7)
        publish_rows(session, cycle.id, run_id)
        cycle.state = "running"
        names = ("Amira Okonkwo", "Diego Ruiz")
        found = people.by_addresses(session, [stage.address_of(name) for name in names])
        mentor, mentee = (found[stage.address_of(name)] for name in names)
        add(session, tables.Pair(**pair_words(cycle.id, mentor, mentee)))
    one = Organiser(page=stage.window(size=PHONE), address="ola.organiser@example.org", slug=stage.slug)
    one.signs_in_with(stage.link_for(stage.organiser))
    one.sees("You are signed in.")
    return one


def test_a_quiet_pair_gets_a_kind_word_and_the_cycle_is_completed(stage: Stage, ola: Organiser):
    ola.opens(f"/organise/{stage.cycle_id}/during")
    ola.sees("Amira Okonkwo and Diego Ruiz")
    assert ola.complaints_here() == []
    ola.page.get_by_role("button", name="Write to them").click()
    ola.sees("two kind mails are on their way.")
    ola.sees("Written to on")

    ola.page.locator("summary", has_text="Complete the cycle").click()
    ola.presses("Yes: Complete the cycle")
    ola.sees("is completed. Thank you for looking after it.")
    ola.sees("Stayed together to the end: 1 of 1 pairs.")

    ola.page.get_by_role("link", name="Log", exact=True).click()
    expect(ola.page.get_by_role("cell", name="Reminder to quiet groups written")).to_be_visible()
    ola.sees_no_sideways_scrolling()
    ola.presses("Check the whole chain now")
    ola.sees("Checked: no entry was changed or taken out.")
    with stage.sessions() as session:
        assert session.get_one(tables.Cycle, stage.cycle_id).state == "completed"
