"""From nothing to an open sign-up by clicking: a template, a mail text, a cycle; and on a phone, too."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Somebody

pytestmark = pytest.mark.browser


@pytest.fixture
def ola(stage: Stage) -> Somebody:
    """The organiser, at a phone."""
    one = Somebody(page=stage.window(size=PHONE), address=stage.address_of("Ola Organiser"), slug=stage.slug)
    one.signs_in_with(stage.link_for(stage.organiser))
    one.sees("You are signed in.")
    return one


def test_a_programme_is_made_from_a_template_and_its_sign_up_opened(ola: Somebody) -> None:
    ola.opens("/organise")
    ola.page.get_by_role("link", name="New programme").click()
    ola.page.get_by_role("radio", name="Reverse mentoring").check()
    ola.page.get_by_label("Name").fill("Listening up")
    ola.presses("Create programme")
    ola.sees("Listening up is there.")

    ola.page.get_by_role("link", name="Plan a cycle").click()
    ola.sees_no_sideways_scrolling()
    ola.presses("Plan cycle")
    ola.presses("Open the sign-up")
    ola.opens("/c/listening-up")

    ola.sees("Those who came last often see what others no longer notice.")


def test_a_mail_text_is_put_right_looked_at_and_saved(ola: Somebody) -> None:
    ola.opens("/organise")
    ola.page.get_by_role("link", name="Set up").first.click()
    ola.page.get_by_role("link", name="Mail texts").click()
    ola.page.get_by_role("link", name="English").first.click()
    words = ola.page.get_by_label("Your words at the head of the mail")
    words.fill("Dear {frist_name}")
    ola.presses("Look at it")
    ola.sees("Did you mean “first_name”?")
    expect(words).to_have_value("Dear {frist_name}")
    assert ola.complaints_here() == []

    words.fill("Dear {first_name}")
    ola.presses("Look at it")
    ola.sees("Dear Sample")
    ola.presses("Save")

    ola.sees("The next mails of this kind begin with it.")
    ola.sees_no_sideways_scrolling()
