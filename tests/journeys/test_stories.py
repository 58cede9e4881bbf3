"""From the first visit to the introduction, in a real browser with the real worker."""

import pytest

from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Organiser, Participant

pytestmark = pytest.mark.browser


def lena_at(stage: Stage, **window: object) -> Participant:
    page = stage.window(**window)  # type: ignore[arg-type]  # passed on as given
    return Participant(page=page, address="lena.brandt@example.org", slug=stage.slug)


def ola_at(stage: Stage, **window: object) -> Organiser:
    page = stage.window(**window)  # type: ignore[arg-type]  # passed on as given
    return Organiser(page=page, address="ola.organiser@example.org", slug=stage.slug)


def fills_the_form(lena: Participant) -> None:
    lena.chooses("Mentee", "Peer")
    lena.wants_to_learn("leadership")
    lena.is_free("Tuesday", 9, 10, 11)
    lena.is_free("Thursday", 13, 14, 15)


def test_a_mentee_signs_in_by_mail_and_signs_up_on_a_phone(stage):
    lena = lena_at(stage, size=PHONE)
    lena.opens(f"/c/{stage.slug}/sign-up")
    lena.asks_for_a_link()
    lena.follows_the_link_of_the_mail()

    lena.sees("When you could usually meet")
    lena.sees_no_sideways_scrolling()
    lena.chooses("Mentee")
    lena.presses("Look it over")
    lena.sees("2 things need another look")
    lena.sees_no_sideways_scrolling()
    fills_the_form(lena)
    lena.presses("Look it over")
    lena.presses("Sign up")

    lena.sees("Your answers are saved.")
    lena.sees("You are signed up.")


def test_a_cycle_from_closing_to_the_introduction(stage):
    ola = ola_at(stage)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.sees("people signed up")
    cycle = ola.here()
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()

    ola.reviews_the_draft()
    draft = ola.here()
    ola.sees("2 of 2")
    ola.sees("Diego Ruiz")
    ola.presses("Publish and introduce everybody")
    ola.sees("The introductions are on their way.")
    ola.finds_every_page_accessible("/organise", cycle, draft)

    diego = Participant(page=stage.window(size=PHONE), address="diego.ruiz@example.org", slug=stage.slug)
    diego.asks_for_a_link()
    diego.follows_the_link_of_the_mail()
    diego.opens_my_match()
    diego.sees("Your mentor this cycle")
    diego.sees("Why you two")
    diego.sees_no_sideways_scrolling()
    diego.finds_every_page_accessible(f"/c/{stage.slug}/my-match")


def test_the_organisers_pages_and_the_match_shut_nobody_out_in_the_dark(stage):
    ola = ola_at(stage, dark=True)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    cycle = ola.here()
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()
    ola.reviews_the_draft()
    draft = ola.here()
    ola.finds_every_page_accessible(draft)
    ola.opens(draft)
    ola.presses("Publish and introduce everybody")
    ola.finds_every_page_accessible("/organise", cycle, draft)

    sofia = Participant(page=stage.window(dark=True), address="sofia.costa@example.org", slug=stage.slug)
    sofia.signs_in_with(stage.link_for(the_person(stage, sofia.address)))
    sofia.finds_every_page_accessible(f"/c/{stage.slug}/my-match", f"/c/{stage.slug}")


def test_everything_works_without_javascript(stage):
    lena = lena_at(stage, size=PHONE, script=False)
    lena.asks_for_a_link()
    lena.signs_in_with(stage.link_for(the_person(stage, lena.address)))
    lena.opens_the_sign_up_form()
    fills_the_form(lena)
    lena.presses("Look it over")
    lena.presses("Sign up")
    lena.sees("Your answers are saved.")

    ola = ola_at(stage, script=False)
    ola.signs_in_with(stage.link_for(stage.organiser))
    ola.opens_the_cycle("Spring")
    ola.presses("Close the sign-up and match")
    ola.waits_for_the_draft()
    ola.reviews_the_draft()
    ola.presses("Publish and introduce everybody")
    ola.sees("The introductions are on their way.")

    lena.opens_my_match()
    lena.sees("Your circle, and whose turn it is")


def the_person(stage: Stage, address: str):
    from matcher.services.account import people

    with stage.sessions() as session:
        return people.by_addresses(session, [address])[address]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nobody_is_shut_out(stage, dark):
    lena = lena_at(stage, dark=dark)
    lena.finds_every_page_accessible("/", "/sign-in", "/sign-in/sent", "/dev/inbox", "/no-such-page")
    lena.signs_in_with(stage.link_for(the_person(stage, lena.address)))
    lena.finds_every_page_accessible("/", f"/c/{stage.slug}", f"/c/{stage.slug}/sign-up")
    lena.opens(f"/c/{stage.slug}/sign-up")
    lena.presses("Look it over")
    lena.sees("2 things need another look")
    assert lena.complaints_here() == []
