"""The first page and a programme's page: what is open, how matching works, where on the road we are."""

import pytest

from matcher.services.cycle import cycles
from tests.builders import a_cycle, a_programme
from tests.web.conftest import Together
from tests.web.visitors import Site, counted_queries, text_of
from web.parts.words import SIX


def test_the_first_page_shows_what_is_open_and_how_matching_works(site, together):
    page = text_of(site.visitor().get("/"))

    assert "Spring · open until 14 March" in page
    assert "Together" in page
    assert "Sign-up · now" in page
    assert all(sentence in page for sentence in SIX)


def test_a_house_without_programmes_says_so(site):
    assert "No programme yet" in text_of(site.visitor().get("/"))


def test_whoever_is_in_is_greeted_by_their_next_step(site, together):
    visitor = site.visitor(together.lena)

    assert "Sign up : Together" in text_of(visitor.get("/"))
    assert "Sign out , Lena Brandt" in text_of(visitor.get("/"))


def test_the_programmes_page_says_who_sees_what(site, together):
    page = text_of(site.visitor().get(f"/c/{together.slug}"))

    assert "“Please not with …” What for: it will simply not happen" not in page
    assert "nobody; organisers see “blocked”, without names" in page
    assert "Be a mentor, a mentee, or both." in page


def test_a_closed_cycle_shows_its_road(site, together):
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    page = text_of(site.visitor().get(f"/c/{together.slug}"))

    assert "Sign-up is closed. Introductions arrive by 6 April 2026." in page
    assert "Sign-up · done Matching · now Introductions · by 6 April" in page


def test_a_cancelled_cycle_is_no_longer_shown(site, together):
    with site.open_session.begin() as session:
        cycles.cancel(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    page = text_of(site.visitor().get(f"/c/{together.slug}"))

    assert "There is no open cycle at the moment." in page


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_first_page_costs_the_same_with_one_and_three_programmes(
    site: Site, together: Together, signed_in
):
    visitor = site.visitor(together.lena if signed_in else None)
    with counted_queries(site) as one:
        visitor.get("/")
    with site.open_session.begin() as session:
        for _ in range(2):
            a_cycle(session, programme=a_programme(session))
    with counted_queries(site) as three:
        visitor.get("/")

    assert len(one) == len(three) <= 5
