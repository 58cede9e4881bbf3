"""The list of people: found, filtered, sorted and paged; taken away without anything confidential."""

import io

import pytest
from python_calamine import CalamineWorkbook

from matcher.domain.people import Role
from matcher.services.sign_up import enrolment
from tests.builders import NOON, enrolled
from tests.web.visitors import counted_queries, text_of


@pytest.fixture
def crowd(site, together):
    with site.open_session.begin() as session:
        for name, role, site_name in (
            ("Amira Okonkwo", Role.MENTOR, "Lagos"),
            ("Paul Adeyemi", Role.MENTEE, "Berlin"),
            ("Ülkü Özdemir", Role.PEER, "İzmir"),
        ):
            enrolled(session, together.cycle_id, role, name=name, person={"site": site_name})
        gone = enrolled(session, together.cycle_id, Role.MENTEE, name="Gina Gone")
        enrolment.pause(session, cycle_id=together.cycle_id, person_id=gone, by=None, now=NOON)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Amira Okonkwo", "Gina Gone", "Paul Adeyemi", "Ülkü Özdemir"]),
        ("?order=-name", ["Ülkü Özdemir", "Paul Adeyemi", "Gina Gone", "Amira Okonkwo"]),
        ("?find=adeyemi", ["Paul Adeyemi"]),
        ("?find=Özdemir", ["Ülkü Özdemir"]),
        ("?find=100%25", []),
        ("?role=mentor", ["Amira Okonkwo"]),
        ("?role=mentee&state=paused", ["Gina Gone"]),
        ("?role=nobody&state=x&order=drop", ["Amira Okonkwo", "Gina Gone", "Paul Adeyemi", "Ülkü Özdemir"]),
        ("?find=lagos+amira&page=7", ["Amira Okonkwo"]),
    ],
)
def test_people_are_found_and_sorted(site, together, crowd, query, names):
    page = text_of(site.visitor(together.organiser).get(f"/organise/{together.cycle_id}/people{query}"))

    everybody = ("Amira Okonkwo", "Gina Gone", "Paul Adeyemi", "Ülkü Özdemir")
    assert sorted((name for name in everybody if name in page), key=page.index) == names


def test_the_list_is_taken_along_as_a_spreadsheet(site, together, crowd):
    ola = site.visitor(together.organiser)

    text = ola.get(f"/organise/{together.cycle_id}/people/list.csv?role=mentor").get_data(as_text=True)
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(ola.get(f"/organise/{together.cycle_id}/people/list.xlsx").data)
    )

    assert text.splitlines()[1] == (
        "amira.okonkwo@example.org,Amira Okonkwo,mentor,Engineering,Lagos,,5,Europe/Berlin,English,1,"
        "leadership,leadership,active,2026-03-02"
    )
    assert len(book.get_sheet_by_index(0).to_python()) == 5
    assert ola.get(f"/organise/{together.cycle_id}/people/list.pdf").status_code == 404


def test_an_empty_cycle_says_how_people_come_in(site, together):
    page = text_of(site.visitor(together.organiser).get(f"/organise/{together.cycle_id}/people"))

    assert "Nobody is here yet" in page
    assert "Bring people in" in page


def test_nobody_else_sees_the_people(site, together, crowd):
    otto = site.visitor(together.outsider)

    pages = [f"/organise/{together.cycle_id}/{part}" for part in ("people", "people/list.csv", "bring-in")]
    assert [otto.get(page).status_code for page in pages] == [404, 404, 404]


def test_the_number_of_queries_does_not_grow_with_the_people(site, together, crowd):
    ola = site.visitor(together.organiser)
    with counted_queries(site) as few:
        ola.get(f"/organise/{together.cycle_id}/people?find=amira")
    with counted_queries(site) as many:
        ola.get(f"/organise/{together.cycle_id}/people?find=a")

    assert len(few) == len(many)
