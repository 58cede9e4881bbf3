"""An organiser sets a programme up by clicking; nobody else sees any of it."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat
from matcher.domain.sign_up.form import Asking, FormSettings
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import mail_texts, programmes, roles
from matcher.services.programme.programme_templates import ORDER
from matcher.store.tables import Cycle, MailRow, Programme
from tests.builders import NOON, a_draft_cycle, enrolled, stored
from tests.web.cycles import people as signed_up
from tests.web.visitors import counted_queries, text_of
from web.app import create_app
from web.config import BadSettings, Config

VERSION = re.compile(r'name="version" value="(\d+)"')


@pytest.fixture
def ola(site, together):
    """An organiser at the door."""
    return site.visitor(together.organiser)


@pytest.fixture
def desk(together):
    """Where the programme is set up."""
    return f"/organise/programmes/{together.programme_id}"


def kept(site, together):
    """The programme's row."""
    with site.open_session() as session:
        return session.get_one(Programme, together.programme_id)


def version(visitor, path):
    found = VERSION.search(visitor.get(path).text)
    assert found is not None, f"{path} shows no version."
    return found[1]


def created(answer) -> UUID:
    assert answer.status_code == 303, text_of(answer)
    return UUID(answer.headers["Location"].rpartition("/")[2])


def test_every_template_can_be_chosen_and_says_what_it_is(ola):
    page = ola.get("/organise/programmes/new")

    assert all(f'value="{key}"' in page.text for key in ORDER)
    assert "Four to six peers meet in a circle and take turns in leading it." in text_of(page)


@pytest.mark.parametrize("template", ORDER)
def test_from_a_template_to_a_planned_cycle(site, ola, template):
    sent = {"template": template, "name": "Öffentlich & neu", "slug": ""}
    programme_id = created(ola.post("/organise/programmes/new", sent))
    desk = f"/organise/programmes/{programme_id}"

    parts = ("", "/about", "/form", "/sessions", "/people", "/mails", "/cycles/new")
    statuses = {part: ola.get(desk + part).status_code for part in parts}
    form = ola.get(f"{desk}/cycles/new").text
    days = dict(re.findall(r'name="(\w+_on)"\s+type="date"\s+value="([\d-]+)"', form))
    cycle_id = created(ola.post(f"{desk}/cycles/new", {"name": "First", **days}))

    assert set(statuses.values()) == {200}
    assert set(days) == {"opens_on", "closes_on", "starts_on", "ends_on"}
    with site.open_session() as session:
        assert session.get_one(Programme, programme_id).slug == "offentlich-neu"
        assert cycles.of(session, cycle_id).state == "draft"
    assert "First" in text_of(ola.get("/organise"))


def test_a_bad_address_is_told_and_nothing_typed_is_lost(ola, together):
    answer = ola.post(
        "/organise/programmes/new", {"template": "classic", "name": "Mine & yours", "slug": together.slug}
    )

    assert answer.status_code == 422
    assert f"There is a programme at “{together.slug}” already." in text_of(answer)
    assert 'value="Mine &amp; yours"' in answer.text


def test_whom_the_operator_names_makes_the_first_programme(site, config, together):
    lena = "lena.brandt@example.org"
    named = Config(**{**vars(config), "founders": (lena,)})
    site.app = create_app(named, session_factory=site.open_session, clock=site.clock)
    visitor = site.visitor(together.lena)

    assert "Organise" in text_of(visitor.get("/"))
    assert "No programme yet" in text_of(visitor.get("/organise"))
    created(visitor.post("/organise/programmes/new", {"template": "mixed", "name": "Hers", "slug": "hers"}))
    assert site.visitor(together.outsider).get("/organise/programmes/new").status_code == 404


def test_founders_are_addresses(config):
    given = {
        "DATABASE_URL": config.database_url,
        "SECRET_KEY": config.secret_key,
        "BASE_URL": config.base_url,
    }

    read = Config.from_environment({**given, "FOUNDERS": "Ada@Example.org, ben@example.org"})

    assert read.founders == ("ada@example.org", "ben@example.org")
    with pytest.raises(BadSettings):
        Config.from_environment({**given, "FOUNDERS": "ada"})


def test_name_address_text_and_sign_off_are_changed(site, together, ola, desk):
    sent = {
        "name": "Growing",
        "slug": "growing",
        "about": "Two lines.\n<b>Plain</b> {{ 7 * 7 }}",
        "sign_off": "yes",
        "version": version(ola, f"{desk}/about"),
    }

    alone = ola.post(f"{desk}/about", sent)
    ola.post(f"{desk}/people", {"email": "kim@example.org", "office": "organiser"})
    saved = ola.post(f"{desk}/about", sent)
    again = ola.post(f"{desk}/about", sent)

    row = kept(site, together)
    assert (alone.status_code, saved.status_code, again.status_code) == (422, 303, 409)
    assert "A sign-off needs two organisers." in text_of(alone)
    leaving = ola.post(f"{desk}/people/organiser/{together.organiser}/remove")
    assert "so two must stay" in text_of(leaving)
    assert (row.name, row.slug, row.settings) == ("Growing", "growing", {"sign_off": True})
    shown = site.visitor().get("/c/growing").text
    assert "&lt;b&gt;Plain&lt;/b&gt; {{ 7 * 7 }}" in shown


def test_questions_and_topics_are_chosen(site, together, ola, desk):
    sent = {"topics": "Leading a team\nBread baking\n", "ask_goals": "needed", "ask_site": "off"}

    assert ola.post(f"{desk}/form", sent).status_code == 303

    row = kept(site, together)
    asked = FormSettings.from_data(row.form).ask
    assert row.topics == ["Leading a team", "Bread baking"]
    assert (asked["goals"], asked["site"]) == (Asking.NEEDED, Asking.OFF)
    assert ola.post(f"{desk}/form", {"all_topics": "yes", "topics": "Bread baking"}).status_code == 303
    assert kept(site, together).topics == []
    stale = {"all_topics": "yes", "version": "1"}
    assert ola.post(f"{desk}/form", stale).status_code == 409


@pytest.mark.parametrize("sent", [{"ask_wishes": "needed"}, {"ask_goals": "often"}, {"ask_hours": "off"}])
def test_a_form_that_cannot_be_is_refused(site, together, ola, desk, sent):
    before = kept(site, together).form

    assert ola.post(f"{desk}/form", sent).status_code == 422
    assert kept(site, together).form == before


SESSIONS = {
    "version": "1",
    "pairs": "yes",
    "circles": "circles",
    "smallest": "3",
    "target": "4",
    "largest": "5",
    "sessions": "4",
    "session_minutes": "90",
    "every_weeks": "3",
    "duties": "leader, host",
    "pair_duties": "yes",
}


def test_sessions_become_a_new_version_of_the_policy(site, together, ola, desk):
    assert ola.post(f"{desk}/sessions", SESSIONS).status_code == 303

    with site.open_session() as session:
        policy = programmes.policy_of(session, together.programme_id)
    assert (policy.circles.smallest, policy.circles.target, policy.circles.largest) == (3, 4, 5)
    assert (policy.sessions, policy.session_minutes, policy.every_weeks) == (4, 90, 3)
    assert policy.duties == ("leader", "host")


@pytest.mark.parametrize(
    ("chosen", "found"),
    [("peers", CircleFormat(smallest=2, target=2, largest=3)), ("none", CircleFormat(on=False))],
)
def test_peers_meet_in_pairs_or_not_at_all(site, together, chosen, found):
    desk = f"/organise/programmes/{together.programme_id}"
    site.visitor(together.organiser).post(f"{desk}/sessions", {**SESSIONS, "circles": chosen})

    with site.open_session() as session:
        circles = programmes.policy_of(session, together.programme_id).circles
    assert circles == found


@pytest.mark.parametrize(
    "changed",
    [
        {"smallest": "6"},
        {"target": ""},
        {"sessions": "0"},
        {"session_minutes": "1.5"},
        {"duties": "a, b, c, d, e, f"},
        {"circles": "squares"},
    ],
)
def test_sessions_that_cannot_be_are_refused(ola, desk, changed):
    answer = ola.post(f"{desk}/sessions", {**SESSIONS, **changed})

    assert answer.status_code == 422
    assert "needs another look" in text_of(answer)


def test_organisers_are_added_and_removed_but_for_the_last(site, together, ola, desk):
    added = ola.post(f"{desk}/people", {"email": "kim@example.org", "office": "handler"})
    last = ola.post(f"{desk}/people/organiser/{together.organiser}/remove")
    ola.post(f"{desk}/people", {"email": "lena.brandt@example.org", "office": "organiser"})
    gone = ola.post(f"{desk}/people/organiser/{together.organiser}/remove")

    assert (added.status_code, last.status_code, gone.status_code) == (303, 409, 303)
    assert "This is the last organiser." in text_of(last)
    assert ola.get(desk).status_code == 404
    with site.open_session() as session:
        found = roles.holders(session, together.programme_id)
    assert [(one.name, one.office) for one in found] == [("Lena Brandt", "organiser"), ("kim", "handler")]


def test_a_mail_text_is_looked_at_sent_to_oneself_and_kept(site, together, ola, desk):
    mail = f"{desk}/mails/introduction/en"
    sent = {"subject": "{programme}!", "words": "Dear {first_name}", "version": "0"}

    looked = ola.post(mail, {**sent, "act": "preview"})
    tried = ola.post(mail, {**sent, "act": "test"})
    saved = ola.post(mail, {**sent, "act": "save"})
    again = ola.post(mail, {**sent, "act": "save"})

    assert (looked.status_code, tried.status_code) == (200, 200)
    assert (saved.status_code, again.status_code) == (303, 409)
    assert "Dear Sample" in text_of(looked)
    assert [name for name, _ in site.rings] == ["mail"]
    with site.open_session() as session:
        rows = session.scalars(select(MailRow).where(MailRow.kind == "trial")).all()
        assert [(row.person_id, row.address) for row in rows] == [
            (together.organiser, "ola.organiser@example.org")
        ]
        assert set(mail_texts.of(session, together.programme_id)) == {("introduction", "en")}


def test_an_unknown_place_is_told_with_its_line(ola, desk):
    answer = ola.post(f"{desk}/mails/waitlist/de", {"words": "Hallo\n{vorname}", "version": "0"})

    assert answer.status_code == 422
    assert "Line 2: “vorname” is not a known place." in text_of(answer)
    assert "Hallo\n{vorname}" in answer.text


@pytest.mark.parametrize("place", ["sign_in_link/en", "introduction/fr", "x/en"])
def test_there_are_no_other_mail_texts(ola, desk, place):
    assert ola.get(f"{desk}/mails/{place}").status_code == 404


def test_a_cycle_is_moved_and_cancelled(site, together, ola):
    with site.open_session.begin() as session:
        planned = a_draft_cycle(session, programme=together.programme_id)
    plan = f"/organise/{planned}/plan"
    fields = {"name": "Later", "opens_on": "2026-03-02", "version": version(ola, plan)}

    moved = ola.post(plan, {**fields, "closes_on": "2026-03-15"})
    crossed = ola.post(plan, {**fields, "version": version(ola, plan), "closes_on": "2026-02-01"})
    asks = text_of(ola.get(plan))
    cancelled = ola.post(f"{plan}/cancel")

    assert (moved.status_code, crossed.status_code, cancelled.status_code) == (303, 422, 303)
    assert "cannot be taken back" in asks
    with site.open_session() as session:
        row = session.get_one(Cycle, planned)
        assert (row.name, str(row.closes_on), row.state) == ("Later", "2026-03-15", "cancelled")


def test_a_closed_sign_up_is_opened_again(site, together, ola):
    signed_up(site, together, pairs=1)
    plan = f"/organise/{together.cycle_id}/plan"
    assert "The answers of two people are frozen" in text_of(ola.get(plan)).replace(" 2 ", " two ")
    ola.post(f"/organise/{together.cycle_id}/close")

    shown = text_of(ola.get(plan))
    opened = ola.post(f"{plan}/reopen")

    assert "Open the sign-up again" in shown
    assert "The days are settled" in shown
    assert opened.status_code == 303
    with site.open_session() as session:
        assert cycles.of(session, together.cycle_id).state == "open"


def test_nobody_else_sees_or_does_any_of_it(site, together, desk):
    visitor = site.visitor(together.outsider)
    cycle = f"/organise/{together.cycle_id}/plan"
    pages = [
        "/organise/programmes/new",
        *(desk + part for part in ("", "/about", "/form", "/sessions", "/people", "/mails")),
        f"{desk}/mails/introduction/en",
        f"{desk}/cycles/new",
        cycle,
    ]
    acts = [
        *(path for path in pages if path not in (desk, f"{desk}/mails")),
        f"{desk}/people/organiser/{together.organiser}/remove",
        f"{cycle}/cancel",
        f"{cycle}/reopen",
    ]

    assert {visitor.get(path).status_code for path in pages} == {404}
    assert {visitor.post(path, SESSIONS).status_code for path in acts} == {404}
    assert site.visitor().get(desk).status_code == 303
    assert site.visitor(together.organiser).get(f"/organise/programmes/{uuid4()}").status_code == 404


def test_pages_ask_the_same_few_questions_however_much_there_is(site, together, ola, desk):
    def asked():
        counts = []
        for path in ("/organise", desk, f"{desk}/people", f"{desk}/mails"):
            with counted_queries(site) as seen:
                ola.get(path)
            counts.append(len(seen))
        return counts

    before = asked()
    with site.open_session.begin() as session:
        for number in range(3):
            person = stored(session, f"Organiser {number}")
            programmes.add_organiser(
                session, programme_id=together.programme_id, person_id=person, by=None, now=NOON
            )
            a_draft_cycle(session, programme=together.programme_id)
    assert asked() == before
    assert max(before) <= 12


def test_the_second_of_two_who_set_the_sessions_is_told_and_loses_nothing(site, together, ola, desk):
    assert 'name="version" value="1"' in ola.get(f"{desk}/sessions").text
    ola.post(f"{desk}/sessions", SESSIONS)

    late = ola.post(f"{desk}/sessions", {**SESSIONS, "sessions": "9"})

    assert late.status_code == 409
    assert "Somebody saved version 2 meanwhile." in text_of(late)
    assert re.search(r'name="sessions"[^>]*value="9"', late.text)
    assert 'name="version" value="2"' in late.text
    with site.open_session() as session:
        assert programmes.policy_of(session, together.programme_id).sessions == 4


def test_a_role_is_taken_away_only_after_what_it_means_is_told(site, together, ola, desk):
    asked = {**SESSIONS, "circles": "none", "version": "2"}
    ola.post(f"{desk}/sessions", SESSIONS)
    with site.open_session.begin() as session:
        enrolled(session, together.cycle_id, Role.PEER, name="Pia Peer")
        enrolled(session, together.cycle_id, Role.PEER, Role.MENTEE, name="Max Both")

    told = ola.post(f"{desk}/sessions", asked)
    assert told.status_code == 422
    assert "2 people have signed up as peer. They keep their answers" in text_of(told)
    assert "1 of them chose nothing else and is not matched at all" in text_of(told)
    page = ola.get(f"/organise/{together.cycle_id}/policy").text
    policy = dict(re.findall(r'name="([\w-]+)"[^>]*?value="(\d+)"', page))
    refused = ola.post(f"/organise/{together.cycle_id}/policy", {**policy, "mode": "fair", "circles": ""})
    assert "Take it away on the page “Sessions” of the programme" in text_of(refused)
    assert ola.post(f"/organise/{together.cycle_id}/policy/versions/1").status_code == 422
    assert ola.post(f"{desk}/sessions", {**asked, "sure": "yes"}).status_code == 303

    with site.open_session() as session:
        assert programmes.policy_of(session, together.programme_id).roles == (Role.MENTOR, Role.MENTEE)
        pia = people.by_addresses(session, ["pia.peer@example.org"])["pia.peer@example.org"]
    text = text_of(site.visitor(pia).get(f"/c/{together.slug}/sign-up"))
    assert "You signed up as peer. This programme does not have that any more" in text
    assert "others in a circle, as equals" not in text
    assert "Not sent now: this programme has no peers." in text_of(ola.get(f"{desk}/mails"))


def test_a_programme_of_peers_asks_nothing_about_mentors(site, together, ola, desk):
    ola.post(f"{desk}/sessions", {**SESSIONS, "pairs": ""})
    lena = site.visitor(together.lena)

    page = lena.get(f"/c/{together.slug}/sign-up")
    text = text_of(page)

    assert '<input type="hidden" name="roles" value="peer">' in page.text
    assert not re.search(r'name="(capacity|mentors_wanted|topics_\w+|wishes)"', page.text)
    assert "One or several" not in text
    assert "You meet two to four others in a circle, as equals." in text
    assert "Be one of the peers" in text_of(lena.get(f"/c/{together.slug}"))
    assert "mentees" not in text_of(ola.get(f"/organise/{together.cycle_id}"))


def test_a_programme_without_anybody_is_refused(ola, desk):
    answer = ola.post(f"{desk}/sessions", {**SESSIONS, "pairs": "", "circles": "none"})

    assert answer.status_code == 422
    assert "people need something to sign up for" in text_of(answer)
