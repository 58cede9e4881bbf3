"""Somebody reads in German, and the site remembers it."""

import pytest

from tests.journeys.conftest import PHONE
from tests.journeys.people import Participant

pytestmark = pytest.mark.browser


def test_lena_reads_german_from_the_first_page_to_her_answers(stage):
    lena = Participant(page=stage.window(size=PHONE), address="lena.brandt@example.org", slug=stage.slug)
    lena.opens(f"/c/{stage.slug}")
    lena.presses("Deutsch")

    lena.sees("Wie das Matching funktioniert, in sechs Sätzen")
    assert lena.here().endswith(f"/c/{stage.slug}")

    lena.opens("/sign-in")
    lena.page.get_by_label("Ihre dienstliche E-Mail-Adresse").fill(lena.address)
    lena.presses("Senden Sie mir den Link")
    lena.opens("/dev/inbox")
    lena.page.locator("#letters").get_by_role("link", name="Ihr Link zum Einloggen").first.click()
    lena.page.locator("pre a[href*='/sign-in/']").first.click()
    lena.presses("Einloggen")
    lena.sees("Sie sind eingeloggt.")

    lena.opens(f"/c/{stage.slug}/sign-up")
    lena.presses("Durchsehen")
    lena.sees("Stellen brauchen noch einen Blick")
    lena.sees("Wählen Sie mindestens eine Rolle.")
    lena.sees_no_sideways_scrolling()
    assert lena.complaints_here() == []
