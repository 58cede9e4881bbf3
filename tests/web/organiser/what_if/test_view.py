"""The price of a change in words: what is exact and what is about."""

from dataclasses import replace

from matcher.services.review.prices import ChangePrice
from tests.web.visitors import Site
from web.organiser.what_if import view as pages

SURE = ChangePrice(placed=(9, 9), total=(900, 880), words=(), moved=(), proved=True, most=880)


def test_what_is_not_proved_says_what_is_exact_and_what_more_there_could_be(site: Site) -> None:
    with site.app.test_request_context("/"):
        sure = pages.priced(SURE)
        about = pages.priced(replace(SURE, proved=False, most=895))

    assert sure.about == ""
    assert "How many people are placed is exact." in about.about
    assert "at most 895 points" in about.about
