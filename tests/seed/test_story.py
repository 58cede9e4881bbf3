"""Three cycles half a year apart, more people each time, the same story for the same day and seed."""

from datetime import date
from itertools import pairwise

import pytest

from seed.people import organisation
from seed.story import cycles, organiser_of, season

TODAY = date(2026, 3, 4)
COLLEAGUES = organisation(240, seed=7)
FEW = organisation(40, seed=7)
STORY = cycles(COLLEAGUES, today=TODAY, seed=7)


def test_the_same_day_and_seed_tell_the_same_story():
    assert cycles(COLLEAGUES, today=TODAY, seed=7) == STORY


def test_the_present_cycle_ends_its_sign_ups_today_and_two_came_before():
    assert [cycle.closes_on for cycle in STORY] == [date(2025, 3, 5), date(2025, 9, 3), TODAY]
    assert [cycle.name for cycle in STORY] == ["Spring 2025", "Autumn 2025", "Spring 2026"]


@pytest.mark.parametrize("day", range(1, 29))
def test_cycles_never_overlap_and_meet_from_a_monday_on(day):
    story = cycles(FEW, today=date(2026, 2, day), seed=7)

    days = [(one.opens_on, one.closes_on, one.starts_on, one.ends_on) for one in story]
    assert all(list(four) == sorted(four) for four in days)
    assert all(earlier[3] < later[0] for earlier, later in pairwise(days))
    assert all(one.starts_on.weekday() == 0 for one in story)


def test_each_cycle_has_more_people_than_the_one_before():
    sizes = [len(cycle.sign_ups) for cycle in STORY]

    assert sizes == sorted(sizes)
    assert sizes[0] >= 60
    assert sizes[2] >= 190


def test_the_organiser_leads_the_people_function_and_takes_no_part():
    organiser = organiser_of(COLLEAGUES)

    assert organiser.function == "People"
    assert all(one.colleague != organiser for cycle in STORY for one in cycle.sign_ups)


def test_seasons_turn_in_march_june_september_and_december():
    assert [season(date(2026, month, 1)) for month in (2, 3, 6, 9, 12)] == [
        "Winter",
        "Spring",
        "Summer",
        "Autumn",
        "Winter",
    ]
