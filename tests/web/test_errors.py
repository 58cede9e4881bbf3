"""Every fault has a page that says what happened, what was kept and what to do, and its own status."""

import pytest
from flask import abort
from sqlalchemy.exc import OperationalError

from tests.web.visitors import text_of
from web.errors import FAULTS


@pytest.fixture
def site(site_of_its_own):
    """These tests add addresses to the app."""
    return site_of_its_own


@pytest.mark.parametrize("status", sorted(FAULTS))
def test_each_status_has_a_page_of_ours(site, status):
    site.app.add_url_rule("/fault", "fault", lambda: abort(status))

    answer = site.visitor().get("/fault")

    page = text_of(answer)
    assert answer.status_code == status
    assert all(said in page for said in ("What happened", "What was kept", "What you can do"))
    assert FAULTS[status].heading in page


def test_a_database_that_does_not_answer_is_a_pause_not_a_fault(site):
    def resting():
        raise OperationalError("SELECT 1", {}, Exception("unable to open database file"))

    site.app.add_url_rule("/resting", "resting", resting)

    answer = site.visitor().get("/resting")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "We need a minute" in text_of(answer)
    assert "unable to open" not in answer.text


def test_what_nobody_foresaw_has_a_number_and_tells_no_details(site):
    def broken():
        raise ValueError("the innards")

    site.app.add_url_rule("/broken", "broken", broken)

    answer = site.visitor().get("/broken")

    assert answer.status_code == 500
    assert "The number of this fault is" in text_of(answer)
    assert "the innards" not in answer.text


@pytest.mark.parametrize("status", [404, 500])
def test_a_page_of_a_fault_is_never_kept_by_the_browser(site, status):
    site.app.add_url_rule("/fault", "fault", lambda: abort(status))

    assert site.visitor().get("/fault").headers["Cache-Control"] == "no-store"
