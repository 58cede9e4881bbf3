"""My data on the site: read, taken along, erased; and the sign-ins one can end from afar."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from matcher.services.privacy import export as privacy_export
from matcher.services.privacy.plan import Section
from matcher.store.tables import Base, PersonRow, ProgrammeRole, SignIn
from tests.matcher.services.privacy.forgettable import ADDRESS, MARK, WANDA, everywhere
from tests.web.visitors import counted_queries, text_of
from web.account.my_data_words import COLUMNS, NOT_SHOWN, TABLES

END = re.compile(r'action="(/my-data/sign-ins/[0-9a-f-]+/end)"')


@pytest.fixture
def known(site):
    return everywhere(site.open_session)


@pytest.fixture
def wanda(site, known):
    return site.visitor(known.wanda)


def test_the_page_shows_own_words_and_who_sees_them(wanda):
    page = text_of(wanda.get("/my-data"))

    assert all(said in page for said in (WANDA, ADDRESS, MARK, "Mira Mentee", "Who sees it"))
    assert "Ulla" not in page


@pytest.mark.parametrize("address", ["/my-data", "/my-data/erase", "/my-data/sign-ins"])
def test_who_is_not_signed_in_signs_in_first(site, address):
    answer = site.visitor().get(address)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in")


def test_every_column_shown_has_a_name_in_words(site, known):
    with site.open_session() as session:
        data = privacy_export.gathered(session, known.wanda)
    shown = {
        name for tables in data.rows.values() for rows in tables.values() for row in rows for name in row
    }

    assert set(data.person) | shown <= set(COLUMNS) | NOT_SHOWN | {"answers", "typed"}
    assert {name for tables in data.rows.values() for name in tables} <= set(TABLES)


def test_the_page_asks_as_many_questions_for_one_row_as_for_three(site, known, together):
    # The outsider of another programme left no trace; Wanda left one everywhere.
    visitors = [site.visitor(person) for person in (together.outsider, known.wanda)]

    counts = []
    for visitor in visitors:
        with counted_queries(site) as seen:
            visitor.get("/my-data")
        counts.append(len(seen))

    assert max(counts) - min(counts) <= 1


def test_the_download_is_one_file_with_a_page_and_json(wanda):
    answer = wanda.post("/my-data/download")

    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        told = json.loads(file.read("evenhand-my-data.json"))
        readable = file.read("evenhand-my-data.html").decode()
    assert set(told) == {"format", "version", "person", *Section}
    assert told["person"]["email"] == ADDRESS
    assert MARK in readable


@pytest.mark.parametrize("address", ["/my-data/download", "/my-data/erase"])
def test_who_signed_in_a_while_ago_signs_in_once_more(site, wanda, known, address):
    site.clock.forward(minutes=11)

    answer = wanda.post(address)

    assert "Sign in once more" in text_of(answer)
    with site.open_session() as session:
        assert session.get(PersonRow, known.wanda) is not None


def test_somebody_erases_themselves(site, wanda, known):
    answer = wanda.post("/my-data/erase")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/my-data/erased")
    assert "You are forgotten here" in text_of(wanda.get("/my-data/erased"))
    assert wanda.get("/my-data").status_code == 303
    with site.open_session() as session:
        assert session.get(PersonRow, known.wanda) is None


def test_nothing_is_left_in_the_files_of_the_database(site, wanda, config, known):
    if not config.database_url.startswith("sqlite"):
        pytest.skip("PostgreSQL clears its files in its own time.")
    wanda.post("/my-data/erase")

    path = Path(config.database_url.removeprefix("sqlite:///"))
    kept = path.read_bytes() + path.with_name(f"{path.name}-wal").read_bytes()
    assert MARK.encode() not in kept
    assert ADDRESS.encode() not in kept


def test_the_last_organiser_reads_why_not_yet(site, wanda, known):
    with site.open_session.begin() as session:
        session.execute(delete(ProgrammeRole).where(ProgrammeRole.person_id != known.wanda))

    assert "You are the only organiser of “Together”" in text_of(wanda.get("/my-data/erase"))
    answer = wanda.post("/my-data/erase")
    assert (answer.status_code, "Add another organiser first" in text_of(answer)) == (409, True)


def test_other_sign_ins_are_seen_and_ended(site, known):
    here, there = site.visitor(known.mentee), site.visitor(known.mentee)
    page = here.get("/my-data/sign-ins")
    assert len(END.findall(page.text)) == 1

    here.post(END.findall(page.text)[0])

    assert here.get("/my-data").status_code == 200
    assert there.get("/my-data").status_code == 303


def test_all_others_are_ended_at_once(site, known):
    here, *others = (site.visitor(known.mentee) for _ in range(3))

    here.post("/my-data/sign-ins/end-others")

    assert "2 other sign-ins are ended" in text_of(here.get("/")).replace("two", "2")
    assert [other.get("/my-data").status_code for other in others] == [303, 303]


def test_nobody_ends_anothers_sign_in(site, known):
    site.visitor(known.wanda)
    with site.open_session() as session:
        hers = session.scalars(select(SignIn.id).where(SignIn.person_id == known.wanda)).first()

    assert site.visitor(known.mentee).post(f"/my-data/sign-ins/{hers}/end").status_code == 404


def test_the_device_is_named_in_words(site, known):
    visitor = site.visitor(known.mentee)
    with site.open_session.begin() as session:
        sign_ins = Base.metadata.tables["sign_in"]
        session.execute(sign_ins.update().values(device="Firefox · Linux"))

    assert "Firefox · Linux this one" in text_of(visitor.get("/my-data/sign-ins"))


def test_a_browser_without_cookies_reads_why(site):
    plain = site.app.test_client(use_cookies=False)

    answer = plain.post("/sign-in", data={"email": ADDRESS, "csrf_token": "of no use"})

    assert answer.status_code == 400
    assert "Your browser sent no cookie back." in text_of(answer)
