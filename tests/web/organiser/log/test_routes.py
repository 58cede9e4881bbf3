"""The audit log as organisers read it: complete for their cycle, silent about everything else."""

from uuid import uuid4

import pytest

from matcher.domain.people import Role
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.store import tables
from tests.builders import NOON, a_cycle, enrolled, stored
from tests.matcher.services.publishing.publications import add, pair_words
from tests.web.conftest import Together
from tests.web.visitors import Site, counted_queries, text_of


@pytest.fixture
def page(together: Together) -> str:
    return f"/organise/{together.cycle_id}/log"


def happened(site: Site, act: str, about: object, by: object = None) -> None:
    with site.open_session.begin() as session:
        said = {"payload": {"secret": "MARKER-77a1"}}
        audit.append(session, act=act, about=about, by=by, now=site.now, **said)


def test_it_says_who_did_what_about_what(site: Site, together: Together, page: str):
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.MENTOR, name="Mo Mentor")
        cycles.cancel(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    text = text_of(site.visitor(together.organiser).get(page))

    assert "Ola Organiser Cycle cancelled" in text
    assert "Signed up Mo Mentor" in text


def test_what_is_confidential_and_what_belongs_to_others_is_not_there(site, together, page):
    with site.open_session.begin() as session:
        elsewhere = a_cycle(session)
        gone = stored(session, "Gus Goneaway")
    happened(site, "confidential", together.cycle_id)
    happened(site, "confidential", None)
    happened(site, "sharing changed", together.cycle_id, gone)
    happened(site, "goal added", uuid4(), gone)
    happened(site, "erased", gone)
    happened(site, "check-in opened", elsewhere)

    ola = site.visitor(together.organiser)
    text = ola.get(page).text + ola.get(f"{page}/log.csv").text

    for hidden in ("onfidential", "MARKER-77a1", "Gus Goneaway", "haring", "erased", "heck-in opened"):
        assert hidden not in text, hidden


def test_which_of_two_ended_a_pair_is_not_told(site: Site, together: Together, page: str):
    with site.open_session.begin() as session:
        mentor = enrolled(session, together.cycle_id, Role.MENTOR, name="Mo Mentor")
        mentee = enrolled(session, together.cycle_id, Role.MENTEE, name="Mia Mentee")
        pair = add(session, tables.Pair(**pair_words(together.cycle_id, mentor, mentee)))
    happened(site, "pair ended", pair, mentee)
    ola = site.visitor(together.organiser)

    assert "one of the two Pair ended Mia Mentee and Mo Mentor" in text_of(ola.get(page))
    for name in ("Mia", "Mo"):
        assert "Pair ended" not in ola.get(f"{page}?who={name}").text.partition("<tbody>")[2]


def test_a_confidential_entry_leaves_the_page_as_it_was(site: Site, together: Together, page: str):
    happened(site, "check-in opened", together.cycle_id)
    ola = site.visitor(together.organiser)

    def seen() -> tuple[str, ...]:
        ola.post(f"{page}/check")
        return text_of(ola.get(page)), text_of(ola.get(f"{page}/log.csv"))

    before = seen()
    happened(site, "confidential", None)

    assert seen() == before


def test_it_is_filtered_by_act_person_and_day(site: Site, together: Together, page: str):
    happened(site, "check-in opened", together.cycle_id, together.organiser)
    site.clock.forward(days=3)
    happened(site, "people imported", together.cycle_id, together.lena)
    ola = site.visitor(together.organiser)
    today, then = site.now.date().isoformat(), NOON.date().isoformat()

    def acts(query: str) -> list[bool]:
        rows = ola.get(f"{page}?{query}").text.partition("<tbody>")[2]
        return [word in rows for word in ("Check-in opened", "People imported")]

    assert acts("") == [True, True]
    assert acts("act=people+imported") == [False, True]
    assert acts("who=ola") == [True, False]
    assert acts("who=%25") == [False, False]
    assert acts(f"day={today}") == [False, True]
    assert acts(f"day={then}") == [True, False]


def test_a_day_that_is_none_is_named_and_kept(site: Site, together: Together, page: str):
    for wrong in ("2026-13-01", "yesterday", "0001-01-01", "20260101"):
        answer = site.visitor(together.organiser).get(f"{page}?day={wrong}")

        assert answer.status_code == 422
        assert f"“{wrong}” is not a day. Write it like 2026-05-31." in text_of(answer)
        assert f'value="{wrong}"' in answer.text


def test_it_is_taken_away_as_a_table_no_spreadsheet_runs(site: Site, together: Together, page: str):
    with site.open_session.begin() as session:
        formula = stored(session, "=HYPERLINK(1)")
    happened(site, "check-in opened", together.cycle_id, formula)

    answer = site.visitor(together.organiser).get(f"{page}/log.csv?act=check-in+opened")

    head, line, rest = answer.text.split("\r\n")
    assert (answer.mimetype, head, rest) == ("text/csv", "When (UTC),Who,What,About,Hash", "")
    with site.open_session() as session:
        newest = session.get_one(tables.AuditEntry, audit.verify(session).entries)
        name = session.get_one(tables.Cycle, together.cycle_id).name
    when = site.now.isoformat(timespec="seconds")
    assert line == f"{when},'=HYPERLINK(1),check-in opened,{name},{newest.hash}"


def test_the_chain_is_checked_when_asked(site: Site, together: Together, page: str):
    happened(site, "check-in opened", together.cycle_id)
    ola = site.visitor(together.organiser)

    assert ola.post(f"{page}/check").status_code == 303
    with site.open_session() as session:
        head = audit.verify(session).head
    assert f"no entry was changed or taken out. The newest entry here is {head}." in text_of(ola.get(page))


def test_a_changed_entry_is_found(site: Site, together: Together, page: str):
    happened(site, "check-in opened", together.cycle_id)
    with site.open_session.begin() as session:
        number = audit.verify(session).entries
        session.get_one(tables.AuditPayload, number).payload = {"secret": "another"}
    ola = site.visitor(together.organiser)

    ola.post(f"{page}/check")

    answer = ola.get(page)
    assert "! Attention: The log does not fit together" in text_of(answer)
    assert '<div class="said stop" role="alert">' in answer.text


def test_what_evenhand_did_by_itself_says_so(site: Site, together: Together, page: str):
    with site.open_session.begin() as session:
        act = {"act": "cycle running by itself", "about": together.cycle_id, "by": None, "now": NOON}
        audit.append(session, **act)

    text = text_of(site.visitor(together.organiser).get(page))

    assert "Evenhand, by itself Cycle started on its first day" in text


def test_nobody_else_reads_it(site: Site, together: Together, page: str):
    for visitor in (site.visitor(together.outsider), site.visitor(together.lena)):
        assert visitor.get(page).status_code == 404
        assert visitor.get(f"{page}/log.csv").status_code == 404
        assert visitor.post(f"{page}/check").status_code == 404


def test_long_logs_come_in_pages_with_the_same_number_of_queries(site, together, page):
    happened(site, "check-in opened", together.cycle_id)
    ola = site.visitor(together.organiser)
    with counted_queries(site) as few:
        ola.get(page)
    for _ in range(60):
        happened(site, "check-in opened", together.cycle_id)
    with counted_queries(site) as many:
        first = ola.get(f"{page}?act=check-in+opened")

    assert len(few) == len(many)
    assert first.text.count('<td data-label="What:">') == 50
    assert "Page 1 of 2" in text_of(first)
    assert "act=check-in+opened&amp;page=2" in first.text
    assert ola.get(f"{page}?page=2&act=check-in+opened").text.count('<td data-label="What:">') == 11
