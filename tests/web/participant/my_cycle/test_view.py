"""The timeline and the words of my cycle, without any page."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from matcher.domain.lifecycle import CycleState
from matcher.services.groups.my_match import MyCircle, MyMatch, MyWaiting, OwnTurn
from matcher.services.groups.waitlist import Role, WaitlistPlace
from tests.builders import a_person
from tests.web.parts.test_parts import a_line
from web.participant.my_cycle import timeline
from web.participant.my_cycle import view as my_cycle_view
from web.participant.my_cycle.timeline import Event

MARCH = datetime(2027, 3, 18, 14, 0, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def a_session(number: int, *, weeks: int) -> Event:
    begins = MARCH + timedelta(weeks=weeks)
    return Event(kind="pair", what=f"Session {number}", begins=begins, ends=begins + timedelta(hours=1))


def test_timeline_tells_what_is_over_what_is_next_and_what_lies_ahead():
    line = a_line(CycleState.RUNNING)

    drawn = timeline.of(
        line, [a_session(1, weeks=0), a_session(2, weeks=2)], zone=BERLIN, now=MARCH + timedelta(days=1)
    )

    assert [(row.when, row.what, row.place) for row in drawn.rows] == [
        ("1 February", "Sign-up opened", "past"),
        ("12 March", "Sign-up closed, and the matching began", "past"),
        ("16 March", "The cycle begins", "past"),
        ("Thu 18 March, 15:00", "Session 1", "past"),
        ("Thu 1 April, 16:00", "Session 2", "next"),
        ("1 July", "The cycle ends: thanks and feedback", "ahead"),
    ]
    assert [row.what for row in drawn.coming] == ["Session 2", "The cycle ends: thanks and feedback"]
    assert [name for _, name in drawn.months] == ["Feb", "Mar", "Apr", "May", "Jun", "Jul"]


def test_timeline_says_in_a_sentence_what_it_draws():
    drawn = timeline.of(a_line(CycleState.RUNNING), [a_session(1, weeks=0)], zone=BERLIN, now=MARCH)

    assert drawn.label == (
        "Your cycle from 1 February 2027 to 2 July 2027 with 1 session. Today is 18 March 2027."
    )


def test_session_that_goes_on_is_not_over():
    drawn = timeline.of(
        a_line(CycleState.RUNNING),
        [a_session(1, weeks=0)],
        zone=BERLIN,
        now=MARCH + timedelta(minutes=30),
    )

    assert drawn.coming[0].what == "Session 1"


@pytest.mark.parametrize("days", [-100, 400])
def test_today_is_marked_only_within_the_cycle(days):
    drawn = timeline.of(a_line(CycleState.RUNNING), [], zone=BERLIN, now=MARCH + timedelta(days=days))

    assert drawn.today == ""


def a_circle(*names: str) -> MyCircle:
    members = tuple(a_person(name) for name in names)
    return MyCircle(
        id=uuid4(),
        number=1,
        slot=3 * 48 + 28,
        members=members,
        first=MARCH,
        duties=(),
        starts=(MARCH, MARCH + timedelta(weeks=2)),
        turns=(OwnTurn(id=uuid4(), session=2, duty="facilitator", person=members[0].id),),
    )


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        (("Ada", "Ben"), "Your peer pair"),
        (("Ada", "Ben", "Cem"), "Your trio, and whose turn it is"),
        (("Ada", "Ben", "Cem", "Dan"), "Your circle, and whose turn it is"),
    ],
)
def test_peers_are_called_by_how_many_they_are(names, heading):
    circle = a_circle(*names)

    shown = my_cycle_view.circle(circle, circle.members[0], (), MARCH)

    assert shown.heading == heading
    assert shown.mine == ("Thu 1 April, 16:00: facilitator",)


def test_somebody_who_waits_reads_each_sentence_once():
    waiting = MyWaiting(
        role=Role.MENTEE,
        sentences=(
            "There is no mentor for you yet.",
            "Every place is taken.",
            "You go first in the next cycle.",
        ),
    )

    shown = my_cycle_view.waits(waiting, WaitlistPlace(role=Role.MENTEE, number=2, of=9))

    assert shown.heading == "There is no mentor for you yet"
    assert shown.sentences == ("Every place is taken.",)
    assert shown.place == "You are number 2 of 9 on this waitlist."


def test_before_publication_the_day_of_the_introductions_is_said():
    line = replace(a_line(CycleState.OPEN), starts_on=date(2027, 3, 16))

    said = my_cycle_view.soon(MyMatch(published=False), line)

    assert said[0].startswith("The introductions go out by 16 March 2027.")
