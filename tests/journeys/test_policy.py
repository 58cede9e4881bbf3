"""The policy editor at work: a preview while one types, a new version, and the way back."""

import pytest
from playwright.sync_api import expect

from matcher.domain.people import Role
from tests.builders import enrolled
from tests.journeys.conftest import Stage
from tests.journeys.people import Somebody

pytestmark = pytest.mark.browser


@pytest.fixture
def ola(stage: Stage) -> Somebody:
    """The organiser of a cycle with a mentor and two mentees, one of whom speaks another language."""
    with stage.sessions.begin() as session:
        enrolled(session, stage.cycle_id, Role.MENTOR, name="Mira Mentor", capacity=2)
        enrolled(session, stage.cycle_id, Role.MENTEE, name="Eva Easy")
        enrolled(session, stage.cycle_id, Role.MENTEE, name="Hans Hard", person={"languages": ("German",)})
    one = Somebody(page=stage.window(), address=stage.address_of("Ola Organiser"), slug=stage.slug)
    one.signs_in_with(stage.link_for(stage.organiser))
    one.sees("You are signed in.")
    return one


def test_a_rule_is_tried_saved_and_taken_back(ola: Somebody, stage: Stage) -> None:
    ola.opens(f"/organise/{stage.cycle_id}/policy")
    preview = ola.page.locator("#preview")
    rule = ola.page.get_by_role("checkbox", name="A common language")
    expect(preview).to_contain_text("One person has no option at all.")

    rule.uncheck()
    expect(preview).to_contain_text("Nobody is left without any option.")
    ola.presses("Save as a new version")
    ola.sees("Version 2 counts from now on.")

    ola.page.get_by_role("link", name="All versions and what changed").click()
    ola.sees("Rule left out: Both speak a common language.")
    ola.page.get_by_text("Use this one again").first.click()
    ola.presses("Use version 1 again")
    ola.sees("counts again, as version 3.")
