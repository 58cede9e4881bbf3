"""My data: everything that names a person is shown to them, or there is a reason why not."""

import json

import pytest

from matcher.services.privacy import export as privacy_export
from matcher.services.privacy.plan import PLANS, Section, naming_people
from tests.matcher.services.privacy.forgettable import MARK, WANDA, Known, everywhere


@pytest.fixture
def known(open_session) -> Known:
    return everywhere(open_session)


@pytest.fixture
def hers(known) -> privacy_export.Gathered:
    with known.sessions() as session:
        return privacy_export.gathered(session, known.wanda)


def test_every_column_that_names_a_person_has_a_plan():
    assert set(naming_people()) == set(PLANS)


def test_every_section_says_something(hers):
    assert set(hers.rows) == set(Section)


def test_own_words_are_all_there(hers):
    sections = hers.to_data()

    assert sections["person"]["name"] == WANDA
    assert sections["answers"]["enrolment"][0]["answers"]["goals"] == MARK
    assert [row["text"] for row in sections["notes"]["private_note"]] == [MARK]
    assert {row["text"] for row in sections["notes"]["goal"]} == {MARK, "Listen well"}
    assert {row["text"] for row in sections["care"]["escalation_message"]} == {MARK, f"About {MARK}"}


def test_other_people_have_names_and_the_reader_is_you(hers):
    sections = hers.to_data()

    pair = sections["matches"]["pair"][0]
    assert (pair["mentor_id"], pair["mentee_id"]) == ("you", "Mira Mentee")
    assert [row["other_id"] for row in sections["answers"]["not_with"]] == ["Nora Neighbour"]


def test_what_others_said_about_them_stays_with_those(known, hers):
    # Ulla would rather not meet Wanda; nobody ever reads that.
    assert "Ulla" not in hers.to_json()
    with known.sessions() as session:
        mira = privacy_export.gathered(session, known.mentee).to_json()
    assert WANDA in mira
    assert '"not_with"' not in mira


def test_no_secret_leaves_with_it(hers):
    text = hers.to_json()

    assert all(f'"{secret}"' not in text for secret in privacy_export.SECRET)
    assert json.loads(text)["format"] == privacy_export.FORMAT


def test_the_log_names_acts_and_not_who_else_acted(hers):
    acts = hers.to_data()["log"]["audit_entry"]

    assert {row["act"] for row in acts if row["by_you"]} >= {"enrolled"}
    assert all(set(row) == {"number", "at", "act", "by_you"} for row in acts)
