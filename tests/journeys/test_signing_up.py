"""Signing up in a real browser: quick on a phone, kept meanwhile, and nothing lost between two windows."""

import re
import time
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from matcher.services.cycle import cycles
from tests.journeys.conftest import PHONE, Stage
from tests.journeys.people import Participant
from tests.journeys.test_stories import lena_at, the_person

pytestmark = pytest.mark.browser

KEYSTROKE_MS = 120
"""A thumb that knows its way: eight letters a second."""


def signed_in_lena(stage: Stage, **window: object) -> Participant:
    lena = lena_at(stage, **window)
    lena.signs_in_with(stage.link_for(the_person(stage, lena.address)))
    return lena


def saved(lena: Participant) -> None:
    expect(lena.page.locator("#so-far .saved")).to_contain_text("Saved", timeout=10_000)


def test_a_mentee_signs_up_on_a_phone_in_under_two_minutes(stage):
    lena = signed_in_lena(stage, size=PHONE)
    lena.opens_the_sign_up_form()
    begun = time.monotonic()

    lena.chooses("Mentee")
    search = lena.page.get_by_role("combobox", name="Search topics").first
    search.press_sequentially("leader", delay=KEYSTROKE_MS)
    search.press("Enter")
    expect(lena.page.get_by_role("button", name="Take out leadership")).to_be_visible()
    lena.page.get_by_label("What you would like to have reached").press_sequentially(
        "Lead my first team well", delay=KEYSTROKE_MS
    )
    lena.presses("Weekday mornings")
    saved(lena)
    lena.sees("Everything needed is there.")
    lena.sees_no_sideways_scrolling()
    assert lena.complaints_here() == []
    lena.presses("Look it over")
    lena.sees("Monday 9:00–12:00")
    assert lena.complaints_here() == []
    lena.sees_no_sideways_scrolling()
    lena.presses("Sign up")

    lena.sees("You are signed up.")
    assert time.monotonic() - begun < 120


def test_a_form_begun_on_a_phone_goes_on_at_the_desk_and_two_windows_lose_nothing(stage):
    phone = signed_in_lena(stage, size=PHONE)
    phone.opens_the_sign_up_form()
    phone.chooses("Mentee")
    phone.writes("What you would like to have reached", "Speak up in meetings")
    saved(phone)

    desk = signed_in_lena(stage)
    desk.opens(f"/c/{stage.slug}/sign-up")
    expect(desk.page.get_by_label("What you would like to have reached")).to_have_value(
        "Speak up in meetings"
    )
    desk.writes("What you would like to have reached", "Write more clearly")
    saved(desk)
    phone.writes("What you would like to have reached", "Speak up, and calmly")
    phone.page.get_by_role("link", name="Show me both").click()

    phone.sees("This form was also filled in somewhere else")
    phone.sees("Write more clearly")
    expect(phone.page.get_by_label("What you would like to have reached")).to_have_value(
        "Speak up, and calmly"
    )
    assert phone.complaints_here() == []


def test_a_mentor_who_changes_capacity_after_closing_is_told_kindly(stage):
    hannah = Participant(page=stage.window(), address="hannah.weiss@example.org", slug=stage.slug)
    hannah.signs_in_with(stage.link_for(the_person(stage, hannah.address)))
    hannah.opens(f"/c/{stage.slug}/sign-up")
    with stage.sessions.begin() as session:
        cycles.close(session, cycle_id=stage.cycle_id, by=stage.organiser, now=datetime.now(UTC))

    hannah.writes("As a mentor: most mentees at once", "0")
    hannah.sees("Sign-up has just closed, so this is no longer saved.")
    hannah.presses("Look it over")

    hannah.sees("Sign-up for Spring is closed")
    hannah.sees("write to your organiser today")
    expect(hannah.page.locator(".answers")).to_contain_text("Most mentees at once")
    assert hannah.complaints_here() == []


def test_hours_are_painted_by_mouse_and_topics_found_by_keyboard(stage):
    lena = signed_in_lena(stage)
    lena.opens_the_sign_up_form()
    chosen = lena.page.locator("[data-week-count]")
    lena.page.locator("#hours").scroll_into_view_if_needed()

    first, last = (
        lena.page.get_by_role("checkbox", name=f"{day} 9:00 to").bounding_box()
        for day in ("Monday", "Wednesday")
    )
    lena.page.mouse.move(first["x"] + 5, first["y"] + 5)
    lena.page.mouse.down()
    lena.page.mouse.move(last["x"] + 5, last["y"] + 5, steps=12)
    lena.page.mouse.up()

    expect(chosen).to_have_text("3 hours a week chosen.")
    lena.page.get_by_role("checkbox", name="Tuesday 9:00 to").click()
    expect(chosen).to_have_text("2 hours a week chosen.")
    lena.page.keyboard.press("ArrowDown")
    lena.page.keyboard.press("Space")
    expect(chosen).to_have_text("3 hours a week chosen.")

    lena.chooses("Mentee")
    search = lena.page.get_by_role("combobox", name="Search topics").first
    search.press_sequentially("sour")
    expect(search).to_have_attribute("aria-expanded", "true")
    search.press("ArrowDown")
    search.press("Enter")
    expect(lena.page.get_by_role("button", name=re.compile("Take out sour"))).to_be_visible()
    lena.page.get_by_role("button", name=re.compile("Take out sour")).click()
    expect(lena.page.get_by_label("Other topics").first).to_have_value("")


def test_a_thumb_paints_hours_sideways_and_taps_them(stage):
    phone = stage.browser.new_context(base_url=stage.url, viewport=PHONE, has_touch=True)
    stage.windows.append(phone)
    lena = Participant(page=phone.new_page(), address="lena.brandt@example.org", slug=stage.slug)
    touch = phone.new_cdp_session(lena.page)
    lena.signs_in_with(stage.link_for(the_person(stage, lena.address)))
    lena.opens_the_sign_up_form()
    chosen = lena.page.locator("[data-week-count]")
    lena.page.locator("#hours").scroll_into_view_if_needed()
    places = [
        lena.page.get_by_role("checkbox", name=f"{day} 9:00 to").bounding_box()
        for day in ("Monday", "Tuesday", "Wednesday", "Thursday")
    ]

    def thumb(kind: str, *at: dict[str, float]) -> None:
        points = [{"x": one["x"] + 12, "y": one["y"] + 12} for one in at]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    thumb("touchStart", places[0])
    for place in places[1:]:
        thumb("touchMove", place)
    thumb("touchEnd")

    expect(chosen).to_have_text("4 hours a week chosen.")
    lena.page.get_by_role("checkbox", name="Tuesday 9:00 to").tap()
    expect(chosen).to_have_text("3 hours a week chosen.")
