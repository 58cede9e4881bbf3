"""When it is hard: somebody leaves and comes back, somebody asks for help, somebody says how it goes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import update

from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.during import check_ins
from matcher.services.programme import programmes
from matcher.store import tables
from tests.builders import NOON, stored
from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Somebody
from tests.matcher.services.during.care import LINKS, tokens
from tests.matcher.services.publishing.publications import TUESDAY_EIGHT, add, pair_words, publish_rows, seat

pytestmark = pytest.mark.browser

PEERS = ("Jonas Lind", "Sofia Costa", "Tariq Aziz", "Ines Moreau")


@pytest.fixture
def ids(stage: Stage) -> dict[str, UUID]:
    """Diego with Amira, four peers in a circle; the sessions began a week ago. Hana is a handler."""
    today = datetime.now(UTC).date()
    with stage.sessions.begin() as session:
        cycle = session.get_one(tables.Cycle, stage.cycle_id)
        run_id = cycles.close(session, cycle_id=cycle.id, by=None, now=NOON)
        session.execute(update(tables.SolveRun).values(state="cancelled"))
        cycle.starts_on, cycle.ends_on = today - timedelta(weeks=1), today + timedelta(weeks=11)
        publish_rows(session, cycle.id, run_id)
        cycle.state = "running"
        names = ("Diego Ruiz", "Amira Okonkwo", *PEERS)
        found = people.by_addresses(session, [stage.address_of(name) for name in names])
        ids = {name: found[stage.address_of(name)] for name in names}
        add(session, tables.Pair(**pair_words(cycle.id, ids["Amira Okonkwo"], ids["Diego Ruiz"])))
        circle = add(session, tables.Circle(cycle_id=cycle.id, number=1, slot=TUESDAY_EIGHT))
        seat(session, circle, [ids[name] for name in PEERS])
        ids["Hana Handler"] = stored(session, "Hana Handler", function="Works council")
        programmes.add_handler(
            session, programme_id=cycle.programme_id, person_id=ids["Hana Handler"], by=None, now=NOON
        )
    return ids


def somebody(stage: Stage, ids: dict[str, UUID], name: str, **window: object) -> Somebody:
    page = stage.window(**window)  # type: ignore[arg-type]  # passed on as given
    one = Somebody(page=page, address=stage.address_of(name), slug=stage.slug)
    one.signs_in_with(stage.link_for(ids[name]))
    one.sees("You are signed in.")
    return one


def test_somebody_leaves_and_comes_back(stage, ids):
    diego = somebody(stage, ids, "Diego Ruiz", size=PHONE)
    diego.opens(f"/c/{stage.slug}/care")
    diego.page.get_by_role("link", name="Leave this cycle").click()
    diego.sees("Your sessions with Amira Okonkwo end, and leave your calendar.")
    diego.sees_no_sideways_scrolling()
    diego.presses("Leave this cycle")
    diego.sees("You have left this cycle.")

    amira = somebody(stage, ids, "Amira Okonkwo")
    amira.opens("/dev/inbox")
    amira.sees("your sessions with Diego Ruiz have ended")
    amira.opens(f"/c/{stage.slug}/care")
    amira.sees("You are not in a pair or circle at the moment.")

    diego.presses("Come back")
    diego.sees("Welcome back. Duties that somebody took over meanwhile stay with them.")
    amira.opens(f"/c/{stage.slug}/care")
    amira.sees("Diego Ruiz")


def test_a_pair_that_does_not_work_ends_without_a_reason(stage, ids):
    diego = somebody(stage, ids, "Diego Ruiz", script=False)
    diego.opens(f"/c/{stage.slug}/care")
    diego.page.get_by_role("link", name="Amira Okonkwo").click()
    diego.sees("We do not ask why.")
    diego.presses("End these sessions")
    diego.sees("Choose what you would like now.")
    diego.page.get_by_role("radio", name="Look for somebody else for me").check(force=True)
    diego.presses("End these sessions")
    diego.sees("The others are told that, and what happens next, and nothing else.")
    diego.presses("Take it back")
    diego.sees("Taken back, and the others are told.")


def test_somebody_asks_for_help_and_is_answered(stage, ids):
    diego = somebody(stage, ids, "Diego Ruiz", size=PHONE)
    care = f"/c/{stage.slug}/care"
    diego.finds_every_page_accessible(care, f"{care}/pause", f"{care}/leave", f"{care}/help")
    diego.opens(f"{care}/help")
    diego.page.get_by_role("radio", name="Hana Handler").check(force=True)
    diego.page.get_by_role("checkbox", name="Amira Okonkwo").check(force=True)
    diego.page.get_by_label("What is it?").fill("She laughs at what I say.")
    diego.presses("Send it to them alone")
    diego.sees("Hana Handler has your request now, and nobody else.")
    diego.sees_no_sideways_scrolling()

    hana = somebody(stage, ids, "Hana Handler", dark=True)
    hana.opens("/handle")
    hana.page.get_by_role("link", name="Diego Ruiz").click()
    hana.sees("She laughs at what I say.")
    thread = hana.here()
    hana.page.get_by_label("Your answer").fill("Thank you for telling me. Shall we talk tomorrow?")
    hana.presses("Send")
    hana.presses("Do not match them again")
    hana.sees("Diego Ruiz and Amira Okonkwo will not be matched again.")
    hana.finds_every_page_accessible("/handle", thread)

    diego.page.reload()
    diego.sees("Shall we talk tomorrow?")
    assert diego.complaints_here() == []


def test_three_questions_are_answered_from_the_mail_without_signing_in(stage, ids):
    with stage.sessions.begin() as session:
        check_ins.open_round(session, cycle_id=stage.cycle_id, by=None, now=datetime.now(UTC), links=LINKS)
        link = f"/check-in/{tokens(session)[ids['Sofia Costa']]}"
    page = stage.window(size=PHONE)
    sofia = Somebody(page=page, address="", slug=stage.slug)
    sofia.finds_every_page_accessible(link)
    sofia.opens(link)
    sofia.sees_no_sideways_scrolling()
    page.get_by_role("radio", name="Yes").check(force=True)
    page.get_by_role("radio", name="4").check(force=True)
    sofia.presses("Send")

    sofia.sees("Your answer is stored without your name.")
    sofia.opens(link)
    sofia.sees("You have answered already. Thank you.")
