"""Weekly hours across zones, and answers that check themselves."""

from datetime import date

import pytest

from matcher.domain.people import Answers, Role, Week, key, overlap, start_bits

SUMMER, WINTER = date(2026, 7, 6), date(2026, 1, 5)


@pytest.mark.parametrize(
    ("zone", "monday", "slot"),
    [
        ("Etc/UTC", SUMMER, 18),
        ("Europe/Berlin", SUMMER, 14),
        ("Europe/Berlin", WINTER, 16),
        ("America/New_York", WINTER, 28),
        ("Asia/Kolkata", WINTER, 7),
        ("Pacific/Auckland", WINTER, 328),  # Monday 09:00 there is Sunday 20:00 UTC
    ],
)
def test_local_hours_become_utc(zone: str, monday: date, slot: int) -> None:
    week = Week.from_local([(0, "09:00")], zone, monday)

    assert week == Week(1 << slot)
    assert week.local(zone, monday) == ((0, "09:00"),)


def test_quarter_hour_zones_keep_what_is_wholly_free() -> None:
    week = Week.from_local([(0, "09:00"), (0, "09:30"), (0, "10:00")], "Asia/Kathmandu", WINTER)

    assert week == Week(0b11 << 7)  # 03:30 to 04:30 of 03:15 to 04:45
    assert week.local("Asia/Kathmandu", WINTER) == ((0, "09:30"),)


def test_windows_that_only_touch_share_nothing() -> None:
    morning, noon = Week(0b0011), Week(0b1100)

    assert overlap(morning, noon) == 0
    assert overlap(Week(0b0111), Week(0b1110)) == 60


def test_sessions_fit_without_a_gap_and_around_the_weekend() -> None:
    assert Week(0b1011).starts(60) == (0,)
    assert Week(1 | 1 << 335).starts(60) == (335,)
    assert Week(0b111).starts(90) == (0,)
    assert Week((1 << 336) - 1).starts(60) == tuple(range(336))


def test_a_session_fits_both_exactly_where_it_fits_their_common_hours() -> None:
    first, second = 0b1110111, 0b0111110

    assert start_bits(first & second, 60) == start_bits(first, 60) & start_bits(second, 60)


def test_answers_name_everything_wrong() -> None:
    with pytest.raises(ValueError, match=r"role.*capacity|Choose.*Places.*Mentors"):
        Answers(roles=(), capacity=21, mentors_wanted=0)
    with pytest.raises(ValueError, match="At most in all: 0; expected 1 to 60"):
        Answers(roles=(Role.PEER,), most_load=0)
    with pytest.raises(ValueError, match="bits 0 to 335"):
        Week(1 << 336)


def test_answers_survive_storage() -> None:
    said = Answers(
        roles=(Role.MENTOR, Role.PEER),
        capacity=3,
        topics_offered=("Ünïcode",),
        week=Week(5),
        characteristics=("parent",),
        experienced=True,
        most_load=7,
        grade_wish="near",
    )

    assert Answers.from_data(said.to_data()) == said


def test_answers_stored_before_limits_and_levels_were_asked_still_load() -> None:
    said = Answers(roles=(Role.MENTOR,), capacity=3)
    older = {name: value for name, value in said.to_data().items() if name not in {"most_load", "grade_wish"}}

    assert Answers.from_data(older) == said


@pytest.mark.parametrize(
    ("roles", "most_load", "circles", "places"),
    [
        ((Role.MENTOR,), None, True, 3),
        ((Role.MENTOR,), 5, True, 3),
        ((Role.MENTOR,), 2, True, 2),
        ((Role.MENTOR, Role.PEER), 2, True, 1),
        ((Role.MENTOR, Role.PEER), 2, False, 2),
        ((Role.MENTOR, Role.MENTEE), 4, True, 2),
        ((Role.MENTOR, Role.MENTEE, Role.PEER), 1, True, 0),
    ],
)
def test_a_limit_leaves_a_mentor_what_their_other_wishes_do_not_take(
    roles: tuple[Role, ...], most_load: int | None, circles: bool, places: int
) -> None:
    said = Answers(roles=roles, capacity=3, mentors_wanted=2, most_load=most_load)

    assert said.places(circles) == places


def test_words_from_lists_are_compared_kindly() -> None:
    assert key("  Data   Science ") == key("data science")
