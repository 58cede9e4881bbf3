"""A draft a page at a time: pairs, who waits and what would help, circles, duties, one person."""

import re
from uuid import uuid4

import pytest

from matcher.domain.people import Role
from tests.builders import a_draft_cycle, enrolled
from tests.web.cycles import drafted, people
from tests.web.visitors import Visitor, counted_queries, text_of

LISTS = ("pairs", "waiting", "circles", "rota")


def test_every_pair_is_listed_with_the_parts_of_its_score_in_words(site, together):
    people(site, together, pairs=2)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(f"{found.draft}/pairs"))

    assert "1 to 2 of 2" in page
    assert "Sought and offered: leadership." in page
    assert re.search(r"Sought and offered: leadership\. [\d,]+ of [\d,]+", page)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("find=MENTEE+2", "1 to 1 of 1"),
        ("find=nobody", "Nobody here is as asked."),
        ("find=100%25", "Nobody here is as asked."),
        ("fit=weak", "Nobody here is as asked."),
        ("site=Nowhere", "Nobody here is as asked."),
        ("order=mentor", "1 to 3 of 3"),
        ("order=by-magic&fit=odd", "1 to 3 of 3"),
        ("page=2", "Page 2 of 1"),
    ],
)
def test_pairs_are_found_filtered_and_sorted_by_the_server(site, together, asked, told):
    people(site, together, pairs=3)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(f"{found.draft}/pairs?{asked}"))

    assert told in page or asked == "page=2"


@pytest.mark.parametrize("asked", ["0", "-1", "abc", "99999999"])
@pytest.mark.parametrize("part", LISTS)
def test_a_page_that_cannot_be_is_refused(site, together, asked, part):
    people(site, together, pairs=1)
    found = drafted(site, together)

    answer = site.visitor(together.organiser).get(f"{found.draft}/{part}?page={asked}")

    assert answer.status_code == 422
    assert "Ask for a page from 1 to 10,000." in text_of(answer)


def test_who_is_not_placed_reads_why_and_the_organiser_what_would_help(site, together):
    people(site, together, pairs=1, unlucky=1)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(f"{found.draft}/waiting"))

    assert "There is no mentor for you yet." in page
    assert "2 mentees can only meet the same mentors, who have 1 places in all." in page
    assert "One more place with Mentor 0 would do it, and nobody else would move." in page


def test_circles_are_a_board_and_their_duties_a_field_of_letters(site, together):
    people(site, together, pairs=1, peers=4)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)

    board = text_of(ola.get(f"{found.draft}/circles"))
    field = text_of(ola.get(f"{found.draft}/rota"))

    assert "Circle 1" in board
    assert "Nobody here sat together before." in board
    assert "F Facilitator T Timekeeper N Note-taker" in field
    assert all(f"Peer {number}" in field for number in range(4))


def test_one_person_has_a_page_with_their_answers_and_pairs_and_no_secrets(site, together):
    named = people(site, together, pairs=2)
    with site.open_session.begin() as session:
        shy = enrolled(
            session,
            together.cycle_id,
            Role.MENTEE,
            name="Shy",
            wishes=(named["Mentor 0"],),
            not_with=(named["Mentor 1"],),
        )
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(f"{found.draft}/people/{shy}"))

    assert "Signed up as mentee" in page
    assert "Topics sought leadership" in page
    assert "Mentor 1" not in page
    assert "You asked for this" not in page


def test_nobody_else_sees_any_of_it(site, together):
    named = people(site, together, pairs=1)
    found = drafted(site, together)
    with site.open_session.begin() as session:
        other = a_draft_cycle(session, programme=together.programme_id)
    otto, ola = site.visitor(together.outsider), site.visitor(together.organiser)
    paths = [*LISTS, f"people/{named['Mentor 0']}"]

    looks = [otto.get(f"{found.draft}/{path}").status_code for path in paths]
    elsewhere = found.draft.replace(str(together.cycle_id), str(other))
    strays = [ola.get(f"{elsewhere}/{path}").status_code for path in paths]
    strangers = [ola.get(f"{found.draft}/people/{who}").status_code for who in (uuid4(), together.outsider)]

    assert {*looks, *strays, *strangers} == {404}


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_lists_cost_the_same_with_one_and_three_pairs(site, together, pairs):
    named = people(site, together, pairs=pairs, peers=4 * pairs, unlucky=1)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)
    asked = {}
    for part in (*LISTS, f"people/{named['Mentee 0']}"):
        with counted_queries(site) as seen:
            assert ola.get(f"{found.draft}/{part}").status_code == 200
        asked[part.split("/", maxsplit=1)[0]] = len(seen)

    assert asked == {"pairs": 9, "waiting": 7, "circles": 10, "rota": 12, "people": 10}


def test_who_else_it_could_be_is_listed_and_why_not_is_answered(site, together):
    named = people(site, together, pairs=2)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)
    address = f"{found.draft}/people/{named['Mentee 0']}/others"

    listed = ola.get(address)
    other = next(
        (named[f"Mentor {at}"] for at in range(2) if f"other={named[f'Mentor {at}']}" in listed.text), None
    )
    answer = asked_until_ready(ola, f"{address}?other={other}")

    assert text_of(listed).count("in this draft") == 1
    assert other is not None
    assert re.search(r"Why not Mentor \d\?", answer)
    assert "Whom it would touch" in answer
    assert "Mentee 0:" in answer


def test_only_organisers_ask_who_else(site, together):
    named = people(site, together, pairs=1)
    found = drafted(site, together)

    answer = site.visitor(together.outsider).get(f"{found.draft}/people/{named['Mentee 0']}/others")

    assert answer.status_code == 404


def asked_until_ready(visitor: Visitor, address: str) -> str:
    """The page once the solver that stays has started; each try waits for it a little."""
    for _ in range(20):
        page = text_of(visitor.get(address))
        if "The solver is getting ready" not in page:
            return page
    raise AssertionError("The solver never got ready.")
