"""The sign-up form: answers are kept, problems are told, nothing typed is lost, nothing foreign gets in."""

import re
from collections.abc import Mapping
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from matcher.domain.people import Role, Week
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from matcher.store.tables import EnrolmentRow
from tests.builders import stored
from tests.web.conftest import Together
from tests.web.visitors import Site, Visitor, counted_queries, text_of

FILLED = {
    "name": "Lena Brandt",
    "function": "Finance",
    "department": "Treasury",
    "site": "Leipzig",
    "grade": "4",
    "zone": "Europe/Berlin",
    "languages": ["German"],
    "languages_own": "Swahili",
    "roles": ["mentee", "peer"],
    "capacity": "1",
    "mentors_wanted": "2",
    "topics_sought": ["data"],
    "topics_sought_own": "Bread baking, SQL",
    "topics_offered_own": "",
    "goals": "Lead my first\nteam",
    "hours": ["1-0900-60", "3-1430-30", "3-1500-30"],
    "wishes": "OLA.organiser@example.org",
    "not_with": "",
    "duties_declined": [],
    "experienced": "yes",
}


@pytest.fixture(autouse=True)
def asks_everything(site, together):
    """The programme's policy uses every answer."""
    uses = tuple(CriterionUse(name=name, weight=1) for name in CRITERIA)
    with site.open_session.begin() as session:
        programmes.set_policy(
            session,
            programme_id=together.programme_id,
            policy=Policy(criteria=uses),
            by=together.organiser,
            now=site.now,
        )


def path(together: Together) -> str:
    return f"/c/{together.slug}/sign-up"


def version_on(page: TestResponse) -> str:
    """The version a page would send back."""
    found = re.search(r'name="version" value="([^"]+)"', page.text)
    assert found is not None, "The page has no version."
    return found[1]


def signs_up(visitor: Visitor, together: Together, fields: Mapping[str, Any] = FILLED) -> TestResponse:
    """Fill the form in, look it over and send it; the answer to the sending, or to a form that is refused."""
    answer = visitor.post(path(together), fields)
    if answer.status_code != 303:
        return answer
    version = version_on(visitor.get(f"{path(together)}/summary"))
    return visitor.post(f"{path(together)}/send", {"version": version})


def enrolments(site: Site) -> int:
    with site.open_session() as session:
        return len(session.scalars(select(EnrolmentRow.id)).all())


def test_what_is_filled_in_is_kept(site, together):
    visitor = site.visitor(together.lena)

    answer = signs_up(visitor, together)

    assert (answer.status_code, answer.location) == (303, f"/c/{together.slug}")
    with site.open_session() as session:
        kept = enrolment.of(session, together.cycle_id, together.lena)
        person = people.of(session, together.lena)
    assert kept is not None
    assert kept.answers.roles == (Role.MENTEE, Role.PEER)
    assert kept.answers.topics_sought == ("data", "Bread baking", "SQL")
    assert kept.answers.wishes == (together.organiser,)
    assert kept.answers.goals == "Lead my first\nteam"
    assert (kept.answers.mentors_wanted, kept.answers.experienced) == (2, True)
    assert kept.answers.week == Week(0b11 << (48 + 14) | 0b11 << (3 * 48 + 25))
    assert (person.department, person.site, person.grade) == ("Treasury", "Leipzig", 4)
    assert person.languages == ("German", "Swahili")


def test_the_form_comes_back_as_it_was_kept(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)

    page = visitor.get(path(together))

    ticked = re.findall(r'name="(\w+)"\s+value="([^"]+)"[^>]* checked', page.text)
    assert sorted(ticked) == [
        ("experienced", "yes"),
        ("hours", "1-0900-60"),
        ("hours", "3-1430-30"),
        ("hours", "3-1500-30"),
        ("languages", "German"),
        ("languages", "Swahili"),
        ("roles", "mentee"),
        ("roles", "peer"),
        ("topics_sought", "Bread baking"),
        ("topics_sought", "SQL"),
        ("topics_sought", "data"),
    ]
    assert ">\nola.organiser@example.org</textarea>" in page.text
    assert "Everything needed is there." in text_of(page)


def test_the_most_somebody_takes_on_in_all_is_kept_shown_and_taken_back(site, together):
    visitor = site.visitor(together.lena)

    signs_up(visitor, together, {**FILLED, "most_load": "5"})
    page = visitor.get(path(together))

    assert re.search(r'name="most_load"\s+type="text"\s+value="5"', page.text)
    assert limit_of(site, together) == 5
    signs_up(visitor, together, {**FILLED, "most_load": ""})
    assert limit_of(site, together) is None


@pytest.mark.parametrize("said", ["0", "61", "a few", "2.5"])
def test_a_limit_that_is_none_is_told_beside_its_field(site, together, said):
    visitor = site.visitor(together.lena)

    page = visitor.post(path(together), {**FILLED, "most_load": said})

    assert page.status_code == 422
    assert '<a href="#most_load">Enter a whole number from 1 to 60.</a>' in page.text
    assert limit_of(site, together) is None


def limit_of(site: Site, together: Together) -> int | None:
    """The limit stored for Lena, None if there is none."""
    with site.open_session() as session:
        kept = enrolment.of(session, together.cycle_id, together.lena)
    return kept.answers.most_load if kept else None


def test_every_problem_is_told_beside_its_field_and_in_the_summary(site, together):
    visitor = site.visitor(together.lena)
    wrong = {**FILLED, "name": " ", "capacity": "lots", "zone": "europe/berlin", "hours": [], "roles": []}

    page = visitor.post(path(together), wrong)

    assert page.status_code == 422
    links = re.findall(r'<a href="#(\w+)">([^<]+)</a>', page.text.split("<ul>")[1].split("</ul>")[0])
    assert {anchor: unescape(said) for anchor, said in links} == {
        "name": "Enter a name.",
        "capacity": "Enter a whole number from 0 to 20.",
        "zone": "This is not a time zone we know. Did you mean Europe/Berlin?",
        "roles": "Choose at least one role.",
        "hours": "Choose at least two hours, so that a meeting can be found.",
    }
    for anchor, _ in links:
        assert f'id="{anchor}"' in page.text
        assert f'id="{anchor}-wrong-1"' in page.text
        assert re.search(rf'id="{anchor}"[^>]*aria-describedby="{anchor}-wrong-1', page.text)


def test_nothing_typed_is_lost_and_nothing_is_stored(site, together):
    visitor = site.visitor(together.lena)

    page = visitor.post(path(together), {**FILLED, "capacity": "-1", "goals": 'say "hi" & <b>'})

    assert enrolments(site) == 0
    assert "say &#34;hi&#34; &amp; &lt;b&gt;" in page.text
    assert 'value="-1"' in page.text
    assert re.search(r'value="3-1430-30"[^>]* class="half" checked', page.text)
    assert 'value="Bread baking, SQL"' in page.text


def test_a_colleague_nobody_knows_is_named_by_line(site, together):
    wishes = "nobody@example.org\nlena.brandt@example.org"
    page = signs_up(site.visitor(together.lena), together, {**FILLED, "wishes": wishes})

    assert page.status_code == 422
    assert "Line 1: we know nobody with the address nobody@example.org." in text_of(page)
    assert "Line 2 is your own address." in text_of(page)
    with site.open_session() as session:
        assert people.of(session, together.lena).department == ""


@pytest.mark.parametrize("foreign", ["is_admin", "person_id", "state", "credits"])
def test_a_field_that_is_not_ours_is_refused(site, together, foreign):
    page = site.visitor(together.lena).post(path(together), {**FILLED, foreign: "1"})

    assert (page.status_code, enrolments(site)) == (422, 0)
    assert "This field is not known here." in text_of(page)


def test_code_in_an_answer_is_only_text(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together, {**FILLED, "name": "<script>alert(1)</script>", "goals": "{{7*7}}"})

    page = visitor.get(path(together))

    assert "<script>alert" not in page.text
    assert "{{7*7}}" in page.text


def test_sign_up_of_a_closed_cycle_is_refused_kindly(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    page = visitor.post(path(together), {**FILLED, "most_load": "2"})

    assert page.status_code == 409
    assert "What you saved before is kept." in text_of(page)
    assert "It does not count for this cycle. Copy it into your mail" in text_of(page)
    assert "How much at most 2" in text_of(page)
    assert limit_of(site, together) is None


def test_somebody_may_leave_and_come_back(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)

    left = visitor.post(f"/c/{together.slug}/leave")
    page = text_of(visitor.get(f"/c/{together.slug}"))

    assert left.status_code == 303
    assert "You have left this cycle." in page
    assert "Leave this cycle" not in page
    assert signs_up(visitor, together).status_code == 303
    assert "You are signed up." in text_of(visitor.get(f"/c/{together.slug}"))


def test_strangers_sign_in_first(site, together):
    assert site.visitor().get(path(together)).location == "/sign-in"
    refused = site.visitor().post(path(together), FILLED)

    assert refused.status_code == 401
    assert "Lead my first" in text_of(refused)
    assert enrolments(site) == 0


@pytest.mark.parametrize("part", ["", "/sign-up", "/my-match"])
def test_there_is_nothing_at_an_address_nobody_gave(site, together, part):
    assert site.visitor(together.lena).get(f"/c/no-such-programme{part}").status_code == 404


def test_the_form_costs_the_same_however_many_have_signed_up(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)
    with counted_queries(site) as few:
        visitor.get(path(together))

    with site.open_session.begin() as session:
        others = [stored(session, f"Person {number}", function=f"F{number}") for number in range(30)]
    wishes = "\n".join(f"person.{n}@example.org" for n in range(30))
    signs_up(visitor, together, {**FILLED, "wishes": wishes})
    with counted_queries(site) as many:
        visitor.get(path(together))

    assert len(others) == 30
    assert len(few) == len(many) <= 12
