"""What pages say and draw, without any page."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.fairness import fairness
from matcher.domain.policy.policy import Policy
from matcher.services.cycle.lists import CycleLine
from matcher.services.review.lists import DraftCounts
from tests.builders import a_person
from web.language import ngettext
from web.organiser.draft import summary_view
from web.parts import circle, levels, meeting, week
from web.parts import words as parts_words
from web.parts.road import road

ALL, ONLY_PEERS = Policy().roles, Policy(pairs=False).roles
THURSDAY_15_IN_BERLIN = datetime(2027, 3, 18, 14, 0, tzinfo=UTC)


def a_line(state: CycleState) -> CycleLine:
    return CycleLine(
        id=uuid4(),
        programme_id=uuid4(),
        slug="together",
        programme="Together",
        name="Spring",
        number=1,
        state=state,
        opens_on=date(2027, 2, 1),
        closes_on=date(2027, 3, 12),
        starts_on=date(2027, 3, 16),
        ends_on=date(2027, 7, 1),
    )


@pytest.mark.parametrize(
    ("state", "places"),
    [
        (CycleState.DRAFT, "ahead ahead ahead ahead ahead"),
        (CycleState.OPEN, "now ahead ahead ahead ahead"),
        (CycleState.REVIEW, "past now ahead ahead ahead"),
        (CycleState.PUBLISHED, "past past now ahead ahead"),
        (CycleState.RUNNING, "past past past now ahead"),
        (CycleState.ARCHIVED, "past past past past past"),
    ],
)
def test_the_road_shows_where_the_cycle_is(state, places):
    assert " ".join(stop.place for stop in road(a_line(state))) == places


def test_the_road_names_dates_and_sessions():
    assert [(stop.name, stop.when) for stop in road(a_line(CycleState.OPEN), sessions=1)] == [
        ("Sign-up", "now"),
        ("Matching", "after 12 March"),
        ("Introductions", "by 16 March"),
        ("One session", "until 1 July"),
        ("Thanks and feedback", "after 1 July"),
    ]


def test_whole_and_half_hours_become_values_of_the_form():
    cells = [(0, "09:00"), (0, "09:30"), (2, "13:30"), (6, "20:00")]

    assert week.spans(cells) == ["0-0900-60", "2-1330-30", "6-2000-30"]


def test_a_half_hour_stays_half_in_the_grid():
    (row,) = week.rows(["2-1330-30"], [13])

    assert [(box.value, box.chosen, box.half) for box in row.boxes[1:4]] == [
        ("1-1300-60", False, False),
        ("2-1330-30", True, True),
        ("3-1300-60", False, False),
    ]
    assert row.boxes[2].label == "Wednesday 13:00 to 14:00"


def test_a_time_is_said_in_ones_own_zone():
    assert meeting.said(THURSDAY_15_IN_BERLIN, "Asia/Tokyo") == "Thursday, 18 March 2027 at 23:00"
    assert meeting.usual(3 * 48 + 28, "Europe/Berlin", date(2027, 3, 15)) == "Thursday at 15:00"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ("Europe/Paris", ""),
        ("Africa/Nairobi", "2 hours ahead of you"),
        ("Europe/London", "1 hour behind you"),
        ("Asia/Kathmandu", "4.75 hours ahead of you"),
    ],
)
def test_how_far_another_clock_is(other, said):
    assert meeting.apart("Europe/Berlin", other, THURSDAY_15_IN_BERLIN) == said


def test_a_circle_is_drawn_with_everybodys_turn():
    jonas, lena = a_person("Jonas Lind"), a_person("Lena Brandt")

    drawn = circle.draw(
        [jonas, lena],
        {jonas.id: "facilitator", lena.id: "note-taker"},
        me=lena.id,
        title="Session 3",
        when="Thu 10 April, 15:00",
    )

    assert drawn.label == "Circle of 2. Session 3: Jonas Lind leads and you take notes."
    assert [(seat.name, seat.x, seat.y, seat.kind, seat.me) for seat in drawn.seats] == [
        ("Jonas", 170, 60, "leads", False),
        ("You", 170, 260, "notes", True),
    ]


def test_levels_are_bars_in_proportion_with_their_numbers():
    drawn = levels.draw([("weak", 0), ("good", 5), ("very good", 10)])

    assert drawn.label == "Fit of the pairs: 5 good and 10 very good."
    assert [(bar.height, bar.below) for bar in drawn.bars] == [(2, True), (64, False), (128, False)]
    assert {bar.y + bar.height for bar in drawn.bars} == {164}


def test_nothing_to_draw_is_said_too():
    assert levels.draw([]).label == "Fit of the pairs: no pairs."


def test_numbers_are_said_as_people_say_them():
    assert [parts_words.number(n) for n in (0, 1, 2, 11, 1200)] == ["no", "one", "two", "11", "1,200"]
    assert [ngettext("%(num)s pair", "%(num)s pairs", n) for n in (1, 1200)] == ["1 pair", "1,200 pairs"]
    assert parts_words.listed(["a", "b", "c"]) == "a, b and c"


def test_a_draft_shows_figures_of_the_roles_there_are(site):
    counts = DraftCounts(pairs=0, across=0, waiting=0, left=0, circles=2, seated=9)
    fair = fairness(Policy(), mentees=(), pairs=())

    with site.app.test_request_context():
        labels = [
            [tile.label for tile in summary_view.tiles(fair, counts, roles)] for roles in (ALL, ONLY_PEERS)
        ]

    assert labels == [
        ["mentees placed", "for the worst-placed", "across functions", "circles", "every rule kept"],
        ["circles", "every rule kept"],
    ]
