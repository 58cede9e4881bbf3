"""The calendar to subscribe to: shown once, read without a sign-in, ended at will."""

import re

import pytest

from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.visitors import Site, Visitor, counted_queries, text_of


@pytest.fixture
def mentee(site: Site, together: Together) -> Visitor:
    everybody = people(site, together, pairs=1)
    published(site, together)
    return site.visitor(everybody["Mentee 0"])


def page(together: Together) -> str:
    return f"/c/{together.slug}/my-match/calendar"


def made(visitor: Visitor, together: Together) -> str:
    """Make an address: its path."""
    visitor.post(page(together))
    found = re.search(r"/calendar/[\w-]+\.ics", visitor.get(page(together)).text)
    assert found is not None, "The page shows no address."
    return found[0]


def test_the_address_is_shown_once_and_read_by_a_program(site, together, mentee):
    path = made(mentee, together)

    assert path not in mentee.get(page(together)).text
    answer = site.visitor().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert b"SUMMARY:Mentoring: Mentee 0 and Mentor 0" in answer.data
    assert "Set-Cookie" not in answer.headers


def test_a_calendar_that_has_not_changed_is_not_sent_again(site, together, mentee):
    path = made(mentee, together)
    etag = site.visitor().get(path).headers["ETag"]

    answer = site.visitor().client.get(path, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


def test_an_ended_address_is_like_one_that_never_was(site, together, mentee):
    path = made(mentee, together)

    mentee.post(f"{page(together)}/end")

    ended, unknown = (site.visitor().get(each) for each in (path, "/calendar/nobody.ics"))
    assert (ended.status_code, unknown.status_code) == (404, 404)
    assert text_of(ended) == text_of(unknown)
    assert "You have none yet." in text_of(mentee.get(page(together)))


def test_a_new_address_ends_the_old_one(site, together, mentee):
    old, new = made(mentee, together), made(mentee, together)

    assert [site.visitor().get(path).status_code for path in (old, new)] == [404, 200]


def test_whoever_is_not_in_the_cycle_has_no_calendar_there(site, together, mentee):
    outsider = site.visitor(together.outsider)

    assert outsider.get(page(together)).status_code == 404
    assert outsider.post(page(together)).status_code == 404


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_calendar_costs_the_same_in_a_small_and_a_larger_cycle(site, together, pairs):
    everybody = people(site, together, pairs=pairs, peers=4 * pairs)
    published(site, together)
    path = made(site.visitor(everybody["Mentee 0"]), together)

    with counted_queries(site) as seen:
        assert site.visitor().get(path).status_code == 200

    assert len(seen) == 11
