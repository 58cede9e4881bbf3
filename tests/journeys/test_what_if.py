"""What if: an organiser tries two changes by hand; one is dropped, one is applied and run."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import aliased

from matcher.store import tables
from tests.journeys.conftest import PHONE
from tests.journeys.people import Organiser

pytestmark = pytest.mark.browser


class Trying(Organiser):
    """An organiser who tries a change by hand before making it."""

    def would_pair(self, mentee: str, mentor: str) -> None:
        self.page.get_by_role("link", name="Pair two people").click()
        self.page.get_by_label("Mentee", exact=True).fill(mentee)
        self.page.get_by_label("Mentor", exact=True).fill(mentor)
        self.presses("See the price")
        self.sees(f"Paired by hand: {mentee} with {mentor}.")
        self.sees("People placed")

    def writes_why(self, reason: str) -> None:
        self.page.get_by_label("Why?").fill(reason)


def mentor_in_the_draft(stage, mentee):
    with stage.sessions() as session:
        learner, mentor = aliased(tables.PersonRow), aliased(tables.PersonRow)
        found = (
            select(mentor.name)
            .join(tables.DraftPair, tables.DraftPair.mentor_id == mentor.id)
            .join(learner, tables.DraftPair.mentee_id == learner.id)
            .where(learner.name == mentee)
        )
        return session.scalars(found).one()


def test_one_change_is_dropped_and_one_is_applied_and_run(stage):
    ola = Trying(page=stage.window(), address="ola.organiser@example.org", slug=stage.slug)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()
    ola.page.get_by_role("link", name="What if").click()
    page = ola.here()

    own = mentor_in_the_draft(stage, "Diego Ruiz")
    other = "Mei Tan" if own != "Mei Tan" else "Amira Okonkwo"
    ola.would_pair("Diego Ruiz", other)
    ola.sees(f"Diego Ruiz: from {own} to {other}.")
    assert ola.complaints_here() == []
    ola.page.get_by_role("link", name="Drop it").click()
    ola.sees("None so far.")

    ola.would_pair("Diego Ruiz", other)
    ola.writes_why("They have met and want to work together.")
    ola.presses("Apply it")
    ola.sees("The change is noted.")
    ola.sees("They have met and want to work together.")
    assert ola.complaints_here() == []
    ola.presses("Run again with these changes")
    ola.sees("A new run has begun, with the changes made by hand.")
    ola.waits_for_the_draft()
    ola.opens(page)
    ola.sees("The newest draft contains all that stand.")
    ola.presses("Undo change 1")
    ola.sees("The change is undone.")


def test_a_change_is_tried_on_a_phone_without_scripts(stage):
    ola = Trying(
        page=stage.window(size=PHONE, script=False), address="ola.organiser@example.org", slug=stage.slug
    )
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()
    ola.page.get_by_role("link", name="What if").click()
    ola.would_pair("Noor Haddad", "Mei Tan")
    assert ola.page.locator("html").evaluate("page => page.scrollWidth <= innerWidth")
