"""People come in from spreadsheets: columns, a look at what changes, one confirmation, the way back."""

import re

import pytest
from sqlalchemy import select

from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.services.imports.workbook import OutputSheet, workbook
from matcher.store.organiser_tables import Upload
from matcher.store.tables import EnrolmentRow, Pair, PersonRow
from tests.builders import NOON, enrolled
from tests.web.organiser.import_visitor import Desk
from tests.web.visitors import text_of

LIST = (
    "Vorname;Nachname;E-Mail;Rolle;Standort;Stufe\n"
    "Lena;Brandt;lena.brandt@example.org;Mentorin;Berlin;Senior\n"
    "Tom;Ruf;tom.ruf@example.org;Mentee;Bonn;Junior\n"
)


@pytest.fixture
def desk(site, together):
    return Desk(site, together)


def test_a_german_list_is_understood_looked_at_and_imported(desk, together):
    before = desk.count(PersonRow)
    desk.hands_in(("liste.csv", LIST))
    columns = text_of(desk.visitor.get(desk.at))
    answer = desk.chooses()
    seen = desk.sees()
    done = desk.confirms()

    assert "Vorname Lena · Tom" in columns
    assert answer.headers["Location"] == f"{desk.at}/check"
    assert "One person is new. Of one person something changes." in seen
    assert "Lena Brandt function" not in seen
    assert done.headers["Location"] == f"{desk.base}/people"
    assert "Two people are signed up" in text_of(
        desk.visitor.get(f"{desk.base}/people")
    ) or "2 people" in text_of(desk.visitor.get(f"{desk.base}/people"))
    assert (desk.count(PersonRow) - before, desk.count(EnrolmentRow), desk.count(Upload)) == (1, 2, 0)


def test_a_second_press_of_the_button_does_no_harm(desk):
    desk.hands_in(("liste.csv", LIST))
    desk.chooses()
    seen = re.search(r'name="seen_hash" value="(\w+)"', desk.visitor.get(f"{desk.at}/check").text)[1]

    first = desk.visitor.post(f"{desk.at}/confirm", {"seen_hash": seen})
    second = desk.visitor.post(f"{desk.at}/confirm", {"seen_hash": seen})

    assert (first.status_code, second.status_code) == (303, 303)
    assert desk.count(EnrolmentRow) == 2
    assert "no longer here" in text_of(desk.visitor.get(f"{desk.base}/people"))


def test_only_what_was_looked_at_is_imported(desk):
    desk.hands_in(("liste.csv", LIST))
    desk.chooses()
    seen = re.search(r'name="seen_hash" value="(\w+)"', desk.visitor.get(f"{desk.at}/check").text)[1]
    desk.visitor.post(f"{desk.at}/everybody", {"full": "yes"})

    refused = desk.visitor.post(f"{desk.at}/confirm", {"seen_hash": seen})

    assert refused.status_code == 409
    assert "changed in another window" in text_of(refused)
    assert desk.count(EnrolmentRow) == 0


def test_everything_wrong_is_named_and_can_be_taken_along(desk):
    rows = "".join(f"P{number},address {number},mentee\n" for number in range(120))
    desk.hands_in(("people.csv", f"name,email,roles\n{rows}"))
    desk.visitor.get(desk.at)
    desk.chooses(f0_1_field="email")
    seen = desk.sees()
    kept = desk.visitor.get(f"{desk.at}/problems.csv").get_data(as_text=True)

    assert "120 things are wrong" in seen
    assert "And 20 more." in seen
    assert len(kept.splitlines()) == 121
    assert "Import these people" not in seen
    assert desk.confirms().status_code == 409


def test_who_is_not_listed_leaves_only_if_the_list_is_of_everybody(desk, together, site):
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.MENTEE, name="Gina Gone")
    desk.hands_in(("liste.csv", LIST))
    desk.chooses()

    some = desk.sees()
    desk.visitor.post(f"{desk.at}/everybody", {"full": "yes"})
    everybody = desk.sees()

    assert "leaves the cycle." not in some
    assert "One person is not listed and leaves the cycle." in everybody
    assert "Leaving Gina Gone" in everybody


def test_the_last_import_is_taken_back(desk):
    desk.hands_in(("liste.csv", LIST))
    desk.chooses()
    desk.confirms()
    page = text_of(desk.visitor.get(f"{desk.base}/bring-in"))
    desk.visitor.post(f"{desk.base}/bring-in/undo")
    after = text_of(desk.visitor.get(f"{desk.base}/bring-in"))

    assert "One person who came with it is removed again." in page
    assert "One person is removed again. ✓ One person is as they were before." in after
    assert desk.count(EnrolmentRow) == 0


def test_words_for_levels_are_put_in_order_when_a_column_becomes_the_level(desk):
    desk.hands_in(("people.csv", "email,name,band of pay\na@example.org,A,Falcon\nb@example.org,B,Owl\n"))
    asked = desk.chooses(f0_2_field="grade")
    page = asked.get_data(as_text=True)
    answer = desk.chooses(f0_2_field="grade", f0_2_ladder="Owl\nFalcon")

    assert asked.status_code == 422
    assert "Put these words in order, the most junior first." in page
    assert answer.status_code == 303
    assert "Two people are new." in desk.sees() or "2 people are new." in desk.sees()


def test_a_way_of_reading_is_kept_and_recognised_the_next_time(desk):
    desk.hands_in(("liste.csv", LIST))
    desk.chooses(name="Our HR list")
    desk.visitor.post(f"{desk.at}/drop")
    desk.hands_in(("other.csv", LIST))
    again = text_of(desk.visitor.get(desk.at))
    used = desk.visitor.post(f"{desk.at}/use", {"saved": "Our HR list"})
    desk.visitor.post(f"{desk.base}/bring-in/forget", {"saved": "Our HR list"})

    assert "Recognised: Our HR list" in again
    assert used.status_code == 303
    assert "Saved ways of reading" not in text_of(desk.visitor.get(f"{desk.base}/bring-in"))


def test_two_files_and_what_is_the_same_for_everybody_in_one(desk):
    desk.hands_in(
        ("mentees.csv", "email,name\na@example.org,A\n"),
        (
            "mentors.xlsx",
            workbook([OutputSheet(name="m", header=("email", "name"), rows=(("b@example.org", "B"),))]),
        ),
    )
    wrong = desk.chooses(f0_same_roles="nobody")
    desk.chooses(f0_same_roles="mentee", f1_same_roles="mentor", f1_same_capacity="3")
    desk.confirms()

    assert wrong.status_code == 422
    assert "Write mentor, mentee or peer." in text_of(wrong)
    with desk.site.open_session() as session:
        asked = select(PersonRow.name, EnrolmentRow.answers).join(
            EnrolmentRow, EnrolmentRow.person_id == PersonRow.id
        )
        said = {name: (answers["roles"], answers["capacity"]) for name, answers in session.execute(asked)}
    assert said == {"A": (["mentee"], 1), "B": (["mentor"], 3)}


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Choose a file first."),
        ([("a.csv", "")], "There are no data rows"),
        ([("a.xls", b"\xd0\xcf\x11\xe0 old")], "from an old Excel"),
    ],
)
def test_files_that_cannot_be_read_are_refused_at_once(desk, files, sentence):
    refused = desk.hands_in(*files)

    assert refused.status_code == 422
    assert sentence in text_of(refused)
    assert desk.count(Upload) == 0


def test_a_closed_cycle_takes_nobody_in(desk, together, site):
    desk.hands_in(("liste.csv", LIST))
    desk.chooses()
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=None, now=NOON)

    assert "nothing can be imported now" in desk.sees()
    assert "while the sign-up is open" in text_of(desk.visitor.get(f"{desk.base}/bring-in"))


def test_files_of_somebody_else_are_not_there(desk, site, together):
    desk.hands_in(("liste.csv", LIST))
    otto = site.visitor(together.outsider)

    assert [
        otto.get(path).status_code for path in (desk.at, f"{desk.at}/check", f"{desk.at}/problems.csv")
    ] == [
        404,
        404,
        404,
    ]


def test_the_template_imports_as_it_is(desk):
    for kind in ("csv", "xlsx"):
        desk.hands_in((f"people.{kind}", desk.visitor.get(f"{desk.base}/bring-in/template.{kind}").data))
        assert "Recognised: A plain list" in text_of(desk.visitor.get(desk.at))
        desk.chooses()
        assert "What would change" in desk.sees()


def test_pairs_of_earlier_years_are_looked_at_and_stored(desk, site, together):
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.MENTOR, name="Amira Okonkwo")
        enrolled(session, together.cycle_id, Role.MENTEE, name="Paul Adeyemi")
    head = "mentor_email,mentee_email\n"
    desk.hands_in(("pairs.csv", f"{head}amira.okonkwo@example.org,who@example.org\n"), to="earlier-pairs")
    wrong = text_of(desk.visitor.get(desk.at))
    desk.visitor.post(f"{desk.at}/drop")
    desk.hands_in(
        ("pairs.csv", f"{head}amira.okonkwo@example.org,paul.adeyemi@example.org\n"), to="earlier-pairs"
    )
    right = text_of(desk.visitor.get(desk.at))
    desk.visitor.post(f"{desk.at}/confirm")

    assert "Nobody here has this address." in wrong
    assert "One pair is new." in right
    assert (desk.count(Pair), desk.count(Upload)) == (1, 0)
