"""A form that is kept while it is filled in: on other devices, in two windows, past the end of a sign-in."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from matcher.domain.people import Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.domain.sign_up.form import Asking, FormSettings
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.services.sign_up import consents, enrolment, form_drafts
from matcher.store.tables import EnrolmentRow, SnapshotRow
from tests.builders import enrolled
from tests.web.conftest import Together
from tests.web.participant.sign_up.test_form import FILLED, path, signs_up, version_on
from tests.web.visitors import Site, counted_queries, text_of

BEGUN = {"roles": ["mentee"], "goals": "Lead my first team", "zone": "Europe/Berlin"}


@pytest.fixture(autouse=True)
def asks_everything(site, together):
    uses = tuple(CriterionUse(name=name, weight=1) for name in CRITERIA)
    with site.open_session.begin() as session:
        programmes.set_policy(
            session,
            programme_id=together.programme_id,
            policy=Policy(criteria=uses),
            by=together.organiser,
            now=site.now,
        )


def save(together: Together) -> str:
    return f"{path(together)}/save"


def goals_in(page) -> str:
    return re.search(r'name="goals"[^>]*>\n([^<]*)<', page.text)[1]


def kept(site: Site, together: Together):
    with site.open_session() as session:
        return form_drafts.of(session, together.cycle_id, together.lena)


def answers_of(site: Site, together: Together):
    with site.open_session() as session:
        found = enrolment.of(session, together.cycle_id, together.lena)
    return found.answers if found else None


def ask(site: Site, together: Together, **ask: Asking) -> None:
    with site.open_session.begin() as session:
        programmes.set_form(
            session,
            programme_id=together.programme_id,
            form=FormSettings(ask=ask),
            by=together.organiser,
            now=site.now,
        )


def test_what_is_begun_here_goes_on_there(site, together):
    phone, desk = site.visitor(together.lena), site.visitor(together.lena)

    saved = phone.post(save(together), BEGUN)
    page = desk.get(path(together))

    assert saved.status_code == 303
    assert goals_in(page) == "Lead my first team"
    assert re.search(r'value="mentee"\s+checked', page.text)
    assert "Still missing: What you would like to learn Hours" in text_of(page)
    assert answers_of(site, together) is None


def test_saving_quietly_says_when_and_what_is_missing(site, together):
    visitor = site.visitor(together.lena)
    fields = {**BEGUN, "csrf_token": visitor.token()}

    panel = visitor.client.post(save(together), data=fields, headers={"Evenhand-Quietly": "yes"})

    assert panel.status_code == 200
    assert "Saved 10:00. Nothing is sent yet." in text_of(panel)
    assert "<html" not in panel.text
    assert version_on(panel).endswith(".1")


def test_a_second_window_that_saves_later_loses_neither_text(site, together):
    visitor = site.visitor(together.lena)
    first, second = (version_on(visitor.get(path(together))) for _ in range(2))
    visitor.post(save(together), {**BEGUN, "version": first, "window": "one", "roles": ["mentee", "peer"]})

    page = visitor.post(
        save(together), {**BEGUN, "goals": "Write a book", "version": second, "window": "two"}
    )

    assert page.status_code == 409
    assert goals_in(page) == "Write a book"
    both = text_of(page)
    assert "This form was also filled in somewhere else" in both
    assert "Goals Write a book Lead my first team" in both
    assert "How you take part Mentee Mentee and Peer" in both
    later = visitor.client.post(
        save(together),
        data={**BEGUN, "csrf_token": visitor.token(), "version": version_on(page), "window": "two"},
        headers={"Evenhand-Quietly": "yes"},
    )
    assert "Another window said something else; both are kept." in text_of(later)
    assert "Lead my first team" in text_of(visitor.get(path(together)))
    visitor.post(f"{path(together)}/settle")
    assert "somewhere else" not in text_of(visitor.get(path(together)))


def test_a_window_does_not_quarrel_with_itself(site, together):
    visitor = site.visitor(together.lena)
    version = version_on(visitor.get(path(together)))
    for goals in ("L", "Lead", "Lead a team"):
        saved = visitor.post(save(together), {**BEGUN, "goals": goals, "version": version, "window": "one"})

    assert saved.status_code == 303
    assert (kept(site, together).typed.texts["goals"], kept(site, together).typed.others) == (
        ["Lead a team"],
        {},
    )


def test_a_window_from_before_the_answers_were_sent_says_what_changed(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)
    old = version_on(visitor.get(path(together)))
    signs_up(visitor, together, {**FILLED, "goals": "Something else by now"})

    page = visitor.post(path(together), {**FILLED, "version": old, "window": "old"})

    assert page.status_code == 409
    assert "Something else by now" in text_of(page)
    assert answers_of(site, together).goals == "Something else by now"


def test_the_summary_shows_what_will_be_sent_and_nothing_else_is(site, together):
    visitor = site.visitor(together.lena)
    visitor.post(path(together), FILLED)
    page = visitor.get(f"{path(together)}/summary")
    visitor.post(save(together), {**FILLED, "goals": "Changed meanwhile"})

    refused = visitor.post(f"{path(together)}/send", {"version": version_on(page)})

    assert "Tuesday 9:00–10:00; Thursday 14:30–15:30" in text_of(page)
    assert "data, Bread baking and SQL" in text_of(page)
    assert refused.status_code == 409
    assert answers_of(site, together) is None
    assert "Changed meanwhile" in text_of(refused)
    visitor.post(f"{path(together)}/send", {"version": version_on(refused)})
    assert answers_of(site, together).goals == "Changed meanwhile"
    assert kept(site, together) is None


def test_a_summary_that_lacks_something_cannot_be_sent(site, together):
    visitor = site.visitor(together.lena)
    visitor.post(save(together), BEGUN)
    page = visitor.get(f"{path(together)}/summary")

    version = version_on(visitor.get(path(together)))
    sent = visitor.post(f"{path(together)}/send", {"version": version})

    assert "Before you can send, these need another look:" in text_of(page)
    assert (sent.status_code, answers_of(site, together)) == (422, None)


def test_whoever_is_signed_out_while_typing_finds_it_all_after_signing_in(site, together):
    visitor = site.visitor(together.lena)
    form = visitor.get(path(together))
    token = re.search(r'name="csrf_token" value="([^"]+)"', form.text)[1]
    site.clock.moment += timedelta(minutes=45)

    answer = visitor.post(path(together), {**FILLED, "version": version_on(form)}, token=token)

    assert (answer.status_code, answer.location) == (303, "/sign-in")
    assert "Everything you typed is kept" in text_of(visitor.get("/sign-in"))
    visitor.sign_in(together.lena)
    page = visitor.get(path(together))
    assert goals_in(page) == "Lead my first\nteam"
    assert answers_of(site, together) is None


def test_a_page_that_saves_by_itself_is_told_in_a_sentence_when_it_cannot(site, together):
    visitor = site.visitor(together.lena)
    fields = {**BEGUN, "csrf_token": re.search(r'csrf_token" value="([^"]+)"', visitor.get("/").text)[1]}
    quietly = {"Evenhand-Quietly": "yes"}

    stranger = site.visitor()
    unknown = stranger.client.post(
        save(together), data={**BEGUN, "csrf_token": stranger.token()}, headers=quietly
    )
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)
    closed = visitor.client.post(save(together), data=fields, headers=quietly)
    site.clock.moment += timedelta(minutes=45)
    lapsed = visitor.client.post(save(together), data=fields, headers=quietly)

    assert (unknown.status_code, closed.status_code, lapsed.status_code) == (401, 409, 401)
    assert "your words are still on this page" in text_of(unknown)
    assert text_of(closed).startswith("Sign-up has just closed")
    assert text_of(lapsed).startswith("You have been signed out meanwhile.")


def test_after_a_sign_out_nothing_is_written_for_anybody_but_nothing_is_lost(site, together):
    visitor = site.visitor(together.lena)
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get(path(together)).text)[1]
    visitor.post("/sign-out")

    page = visitor.post(path(together), FILLED, token=token)

    assert page.status_code == 400
    assert "Lead my first team" in text_of(page)
    assert kept(site, together) is None


def test_nobody_reads_the_form_another_has_begun(site, together):
    site.visitor(together.lena).post(save(together), {**BEGUN, "not_with": "ola.organiser@example.org"})

    for other in (together.outsider, together.organiser):
        assert "Lead my first team" not in site.visitor(other).get(path(together)).text


def test_what_was_begun_can_be_thrown_away(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together)
    visitor.post(save(together), {**FILLED, "goals": "Rather not"})
    assert "Some of this is not sent yet" in text_of(visitor.get(path(together)))

    visitor.post(f"{path(together)}/discard")

    assert kept(site, together) is None
    assert goals_in(visitor.get(path(together))) == "Lead my first\nteam"


def test_a_mentor_who_changes_capacity_after_closing_is_told_kindly(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together, {**FILLED, "roles": ["mentor"], "topics_offered": ["data"], "capacity": "3"})
    form = visitor.get(path(together))
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    page = visitor.post(
        path(together),
        {
            **FILLED,
            "roles": ["mentor"],
            "topics_offered": ["data"],
            "capacity": "1",
            "version": version_on(form),
        },
    )

    assert page.status_code == 409
    assert "write to your organiser today" in text_of(page)
    assert "Most mentees at once 1" in text_of(page)
    assert "What you would like to learn" not in text_of(page)
    assert answers_of(site, together).capacity == 3


def test_a_programme_asks_what_it_wants_and_no_more(site, together):
    ask(site, together, department=Asking.OFF, goals=Asking.NEEDED)
    with site.open_session.begin() as session:
        people.update(session, together.lena, department="Treasury")
    visitor = site.visitor(together.lena)
    without = {name: said for name, said in FILLED.items() if name != "department"}

    foreign = visitor.post(path(together), FILLED)
    silent = visitor.post(path(together), {**without, "goals": ""})

    assert foreign.status_code == silent.status_code == 422
    assert "This field is not known here." in text_of(foreign)
    assert '<a href="#goals">Write a few words about your goals.</a>' in silent.text
    assert signs_up(visitor, together, without).status_code == 303
    assert 'name="department"' not in visitor.get(path(together)).text
    asked = text_of(visitor.get(f"/c/{together.slug}"))
    assert "Name, function, site and level" in asked
    with site.open_session() as session:
        assert people.of(session, together.lena).department == "Treasury"


def test_only_an_organiser_decides_what_is_asked(site, together):
    with site.open_session.begin() as session, pytest.raises(Exception, match="no such page for you"):
        programmes.set_form(
            session,
            programme_id=together.programme_id,
            form=FormSettings(),
            by=together.outsider,
            now=site.now,
        )


SENSITIVE = {**FILLED, "identity_wish": "a parent", "characteristics": "parent, runner"}


def test_sensitive_answers_need_a_yes_of_their_own(site, together):
    visitor = site.visitor(together.lena)

    refused = visitor.post(path(together), SENSITIVE)
    signs_up(visitor, together, {**SENSITIVE, "identity_consent": "yes"})

    assert (refused.status_code, "Tick this if we may use it" in text_of(refused)) == (422, True)
    assert answers_of(site, together).characteristics == ("parent", "runner")
    with site.open_session() as session:
        assert consents.given(session, together.cycle_id, together.lena) == site.now


def test_taking_the_yes_back_destroys_the_answers_and_nothing_else(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together, {**SENSITIVE, "identity_consent": "yes"})
    visitor.post(save(together), {**SENSITIVE, "identity_consent": "yes", "goals": "Still typing"})
    assert "Take back my yes" in text_of(visitor.get(f"/c/{together.slug}"))

    visitor.post(f"{path(together)}/withdraw")

    said = answers_of(site, together)
    assert (said.identity_wish, said.characteristics, said.goals) == ("", (), "Lead my first\nteam")
    assert kept(site, together).typed.texts["goals"] == ["Still typing"]
    assert not {"identity_wish", "characteristics"} & set(kept(site, together).typed.texts)
    assert "Take back my yes" not in text_of(visitor.get(f"/c/{together.slug}"))
    with site.open_session() as session:
        assert consents.given(session, together.cycle_id, together.lena) is None
        rows = session.scalars(select(EnrolmentRow.answers)).all()
    assert "runner" not in str(rows)


def test_a_yes_taken_back_after_closing_is_out_of_what_was_frozen(site, together):
    visitor = site.visitor(together.lena)
    signs_up(visitor, together, {**SENSITIVE, "identity_consent": "yes"})
    with site.open_session.begin() as session:
        cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)

    visitor.post(f"{path(together)}/withdraw")

    with site.open_session() as session:
        (frozen,) = session.scalars(select(SnapshotRow))
        (lena,) = cycles.thaw(frozen).members
    assert lena.profile.answers == answers_of(site, together)
    assert lena.profile.answers.characteristics == ()


def test_a_wish_for_a_level_counts_from_ones_own(site, together):
    visitor = site.visitor(together.lena)

    refused = visitor.post(path(together), {**FILLED, "grade": "", "grade_wish": "near"})
    signs_up(visitor, together, {**FILLED, "grade_wish": "near"})

    assert "Choose your own level too" in text_of(refused)
    assert answers_of(site, together).grade_wish == "near"


def test_the_form_says_at_once_who_is_there(site, together):
    with site.open_session.begin() as session:
        for number in range(7):
            enrolled(
                session, together.cycle_id, Role.MENTOR, name=f"Mentor {number}", topics_offered=("data",)
            )
    visitor = site.visitor(together.lena)
    night = {**FILLED, "hours": ["6-0200-60", "6-0300-60"], "languages": ["English"]}

    visitor.post(save(together), night)
    asleep = text_of(visitor.get(path(together)))
    visitor.post(save(together), {**night, "hours": ["1-0900-60", "1-1000-60"]})
    awake = text_of(visitor.get(path(together)))

    assert "At least 5 mentors offer one or more of your topics." in asleep
    assert "No mentor is free when you are and speaks one of your languages yet." in asleep
    assert "Many of them are free on Monday between 9:00 and 12:00." in asleep
    assert "At least 5 of the mentors who come into question are free when you are." in awake


def test_saving_asks_the_database_as_often_with_one_as_with_many(site, together):
    visitor = site.visitor(together.lena)
    visitor.post(save(together), BEGUN)
    with counted_queries(site) as few:
        visitor.post(save(together), BEGUN)
    with site.open_session.begin() as session:
        for number in range(3):
            enrolled(session, together.cycle_id, Role.MENTOR, name=f"Mentor {number}")

    with counted_queries(site) as many:
        visitor.post(save(together), BEGUN)

    assert len(few) == len(many)


def test_topics_are_read_in_german_and_stored_in_one_language(site, together):
    with site.open_session.begin() as session:
        programmes.set_form(
            session,
            programme_id=together.programme_id,
            form=FormSettings(),
            topics=(),
            by=together.organiser,
            now=site.now,
        )
    visitor = site.visitor(together.lena)
    typed = {**FILLED, "topics_sought": [], "topics_sought_own": "Buchhaltung, brot backen"}

    signs_up(visitor, together, typed)

    assert answers_of(site, together).topics_sought == ("Accounting", "brot backen")
    german = visitor.client.get(path(together), headers={"Accept-Language": "de"})
    assert re.search(r'value="Accounting" checked><span>Buchhaltung<', german.text)
