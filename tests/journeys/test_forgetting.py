"""Somebody takes their data along, erases themselves, and signs out a device they lost."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Somebody
from tests.journeys.test_stories import the_person

pytestmark = pytest.mark.browser


def diego_at(stage: Stage, **window: object) -> Somebody:
    page = stage.window(**window)  # type: ignore[arg-type]  # passed on as given
    diego = Somebody(page=page, address="diego.ruiz@example.org", slug=stage.slug)
    diego.signs_in_with(stage.link_for(the_person(stage, diego.address)))
    diego.sees("You are signed in.")
    return diego


@pytest.mark.parametrize("script", [True, False], ids=["", "without JavaScript"])
def test_somebody_takes_their_data_along_and_erases_themselves(stage, script):
    diego = diego_at(stage, size=PHONE, script=script)
    diego.page.get_by_role("link", name="My data").click()
    diego.sees("Who sees it")

    with diego.page.expect_download() as download:
        diego.presses("Download my data")
    assert download.value.suggested_filename.startswith("evenhand-my-data-")

    diego.page.get_by_role("link", name="What erasing means").click()
    diego.sees("What stays, and why")
    diego.sees_no_sideways_scrolling()
    diego.presses("Erase everything about me")
    diego.sees("You are forgotten here")
    expect(diego.page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_lost_device_is_signed_out_from_another(stage):
    lost, here = diego_at(stage), diego_at(stage)
    here.opens("/my-data/sign-ins")
    here.sees("this one")

    here.presses("End all others")

    here.sees("One other sign-in is ended.")
    lost.opens("/my-data")
    lost.sees("You need no password.")
