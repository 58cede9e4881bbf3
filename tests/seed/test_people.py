"""The organisation: uneven functions, several zones, a pyramid of grades, the same each time."""

from collections import Counter

import pytest

from seed.people import organisation, shares
from seed.places import FUNCTIONS, LADDER, SITES


def test_the_same_seed_gives_the_same_organisation():
    assert organisation(240, seed=7) == organisation(240, seed=7)


def test_another_seed_gives_other_people():
    assert {one.email for one in organisation(60, seed=7)} != {one.email for one in organisation(60, seed=8)}


@pytest.mark.parametrize("people", [20, 40, 240])
def test_it_has_as_many_people_as_asked_for_each_with_an_address_of_their_own(people):
    colleagues = organisation(people, seed=7)

    assert len({one.email for one in colleagues}) == len(colleagues) == people


def test_fewer_than_twenty_people_are_no_organisation():
    with pytest.raises(ValueError, match="19 people; expected 20 or more"):
        organisation(19, seed=7)


def test_functions_are_as_uneven_as_in_life():
    sizes = Counter(one.function for one in organisation(240, seed=7))

    assert sizes == {name: function.weight for name, function in FUNCTIONS.items()}
    assert max(sizes.values()) > 10 * min(sizes.values())


def test_people_sit_at_every_site_and_on_their_sites_clock():
    found = {(one.site, one.zone) for one in organisation(240, seed=7)}

    assert found == {(site.name, site.zone) for site in SITES.values()}


def test_the_lower_grades_hold_more_people_than_the_higher():
    grades = Counter(one.grade for one in organisation(240, seed=7))

    assert set(grades) == set(range(len(LADDER)))
    assert grades[1] > grades[2] > grades[3] > grades[4] > grades[5]


def test_everybody_but_one_reports_to_somebody_more_senior():
    colleagues = {one.email: one for one in organisation(240, seed=7)}

    at_the_top = [one for one in colleagues.values() if one.manager is None]
    below = [one for one in colleagues.values() if one.manager is not None]

    assert len(at_the_top) == 1
    assert all(
        colleagues[one.manager].grade > one.grade or colleagues[one.manager] == at_the_top[0] for one in below
    )


def test_everybody_speaks_something_and_hardly_anybody_no_english():
    colleagues = organisation(240, seed=7)

    without_english = [one for one in colleagues if "English" not in one.languages]

    assert 1 <= len(without_english) <= 15
    assert all(one.languages for one in colleagues)


def test_shares_add_up_and_follow_the_weights():
    assert shares(10, [1, 1, 1]) == [4, 3, 3]
    assert shares(7, [5, 2]) == [5, 2]
