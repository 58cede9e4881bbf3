"""My cycle: a peer swaps a duty, two partners share a goal, a calendar is subscribed to."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.store import tables
from tests.builders import NOON
from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Somebody
from tests.matcher.services.publishing.publications import TUESDAY_EIGHT, add, pair_words, publish_rows, seat

pytestmark = pytest.mark.browser

PEERS = ("Jonas Lind", "Sofia Costa", "Tariq Aziz", "Ines Moreau")


@pytest.fixture
def ids(stage: Stage) -> dict[str, UUID]:
    """Diego with Amira, four peers in a circle; the sessions begin next week."""
    today = datetime.now(UTC).date()
    with stage.sessions.begin() as session:
        cycle = session.get_one(tables.Cycle, stage.cycle_id)
        run_id = cycles.close(session, cycle_id=cycle.id, by=None, now=NOON)
        session.execute(update(tables.SolveRun).values(state="cancelled"))
        cycle.starts_on, cycle.ends_on = today + timedelta(weeks=1), today + timedelta(weeks=14)
        publish_rows(session, cycle.id, run_id)
        cycle.state = "running"
        names = ("Diego Ruiz", "Amira Okonkwo", *PEERS)
        found = people.by_addresses(session, [stage.address_of(name) for name in names])
        ids = {name: found[stage.address_of(name)] for name in names}
        add(session, tables.Pair(**pair_words(cycle.id, ids["Amira Okonkwo"], ids["Diego Ruiz"])))
        circle = add(session, tables.Circle(cycle_id=cycle.id, number=1, slot=TUESDAY_EIGHT))
        seat(session, circle, [ids[name] for name in PEERS])
    return ids


class Member(Somebody):
    """Somebody in a pair or circle."""

    def opens_my_cycle(self) -> None:
        self.opens(f"/c/{self.slug}/my-match")

    def follows(self, link: str) -> None:
        self.page.get_by_role("link", name=link).first.click()

    def clicks(self, start: str) -> None:
        """Press the first button whose name begins so."""
        self.page.get_by_role("button", name=start).first.click()

    def writes(self, field: str, text: str) -> None:
        self.page.get_by_label(field).first.fill(text)

    def finds_this_page_open_to_all(self) -> None:
        assert self.complaints_here() == []
        self.sees_no_sideways_scrolling()


def member(stage: Stage, ids: dict[str, UUID], name: str, **window: object) -> Member:
    page = stage.window(**window)  # type: ignore[arg-type]  # passed on as given
    one = Member(page=page, address=stage.address_of(name), slug=stage.slug)
    one.signs_in_with(stage.link_for(ids[name]))
    one.sees("You are signed in.")
    return one


def test_a_peer_swaps_a_duty(stage, ids):
    jonas = member(stage, ids, "Jonas Lind", size=PHONE)
    jonas.opens_my_cycle()
    jonas.sees("Session 1 of your circle")
    jonas.finds_this_page_open_to_all()
    jonas.follows("Swap a duty")
    jonas.sees("Facilitator in session 1")
    jonas.clicks("Offer it")
    jonas.sees("Your duty is offered.")
    jonas.finds_this_page_open_to_all()

    sofia = member(stage, ids, "Sofia Costa", script=False)
    sofia.opens_my_cycle()
    sofia.follows("Swap a duty")
    sofia.sees("Jonas Lind offers: Facilitator in session 1")
    sofia.clicks("Take it")
    sofia.sees("It is yours now.")
    sofia.sees("Facilitator in session 2")

    jonas.opens("/dev/inbox")
    jonas.sees("Sofia Costa")
    jonas.opens_my_cycle()
    jonas.follows("Swap a duty")
    jonas.sees("None. You may take one from somebody")


def test_two_partners_share_a_goal_and_keep_their_own_notes(stage, ids):
    diego = member(stage, ids, "Diego Ruiz", size=PHONE)
    diego.opens_my_cycle()
    diego.follows("Sessions, goals and notes")
    diego.writes("A new goal", "Present without notes")
    diego.clicks("Add the goal")
    diego.writes("A small step", "Find a date")
    diego.clicks("Add the step")
    diego.writes("What you want to remember", "Ask about Lyon.")
    diego.clicks("Save my notes")
    diego.sees("Your note is saved.")
    diego.finds_this_page_open_to_all()

    amira = member(stage, ids, "Amira Okonkwo", script=False, dark=True)
    amira.opens_my_cycle()
    amira.follows("Sessions, goals and notes")
    amira.clicks("Find a date")
    amira.sees("1 of 1 step done")
    assert amira.page.get_by_text("Ask about Lyon.").count() == 0

    diego.opens_my_cycle()
    diego.sees("1 of 1 step done")
    diego.follows("Questions for your sessions")
    diego.sees("You wrote: “Present without notes”.")
    diego.finds_this_page_open_to_all()


def test_what_was_typed_survives_the_end_of_a_sign_in(stage, ids):
    diego = member(stage, ids, "Diego Ruiz")
    diego.opens_my_cycle()
    diego.follows("Sessions, goals and notes")
    here = diego.here()
    diego.writes("What you want to remember", "A long thought.")
    diego.page.context.clear_cookies()
    diego.clicks("Save my notes")

    diego.signs_in_with(stage.link_for(ids["Diego Ruiz"]))
    diego.opens(here)

    diego.sees("What you had typed here before is back.")
    diego.clicks("Save my notes")
    diego.sees("Your note is saved.")
    diego.opens(here)
    assert diego.page.get_by_label("What you want to remember").input_value() == "A long thought."


def test_a_calendar_address_is_made_and_ended(stage, ids):
    sofia = member(stage, ids, "Sofia Costa")
    sofia.opens_my_cycle()
    sofia.follows("All of it in my own calendar")
    sofia.clicks("Make my address")
    sofia.sees("it is shown only this once")
    sofia.finds_this_page_open_to_all()
    address = sofia.page.get_by_label("Your secret address").input_value()
    calendar = sofia.page.request.get(address)
    assert "SUMMARY:Circle 1 of Together" in calendar.text()

    sofia.clicks("End the address")
    sofia.sees("You have none yet.")
    assert sofia.page.request.get(address).status == 404
