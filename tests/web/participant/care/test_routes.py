"""When it is hard: each page for whom it is, nothing for anybody else, and no trace where none may be."""

import logging
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.store import tables
from matcher.store.participant_tables import Escalation, EscalationMessage, Parting
from tests.builders import NOON, a_cycle, a_programme, enrolled, stored
from tests.matcher.services.publishing.publications import TUESDAY_EIGHT, add, pair_words, publish_rows, seat
from tests.web.conftest import Together
from tests.web.cycles import people
from tests.web.visitors import Site, Visitor, counted_queries, text_of

MARKER = "MARKER-51c2"


@pytest.fixture
def everybody(site: Site, together: Together) -> dict[str, UUID]:
    """Two pairs and a circle of four, published."""
    return published(site, together, pairs=2)


def published(site: Site, together: Together, *, pairs: int) -> dict[str, UUID]:
    """So many pairs, each with a circle of four, as rows: who is with whom needs no solver here."""
    found = people(site, together, pairs=pairs, peers=4 * pairs)
    with site.open_session.begin() as session:
        run_id = cycles.close(session, cycle_id=together.cycle_id, by=None, now=NOON)
        publish_rows(session, together.cycle_id, run_id)
        session.get_one(tables.Cycle, together.cycle_id).state = "published"
        for number in range(pairs):
            both = found[f"Mentor {number}"], found[f"Mentee {number}"]
            add(session, tables.Pair(**pair_words(together.cycle_id, *both)))
            circle = tables.Circle(cycle_id=together.cycle_id, number=number + 1, slot=TUESDAY_EIGHT)
            peers = [found[f"Peer {4 * number + place}"] for place in range(4)]
            seat(session, add(session, circle), peers)
    return found


@pytest.fixture
def hana(site: Site, together: Together) -> UUID:
    """A handler."""
    return a_handler(site, together, "Hana Handler")


def a_handler(site: Site, together: Together, name: str) -> UUID:
    with site.open_session.begin() as session:
        person = stored(session, name)
        programmes.add_handler(
            session, programme_id=together.programme_id, person_id=person, by=None, now=NOON
        )
    return person


def care(together: Together, *steps: object) -> str:
    return "/".join([f"/c/{together.slug}/care", *map(str, steps)])


def pair_of(site: Site, mentee: UUID) -> tables.Pair:
    with site.open_session() as session:
        return session.scalars(select(tables.Pair).where(tables.Pair.mentee_id == mentee)).one()


def one(site: Site, table: type) -> object:
    with site.open_session() as session:
        return session.scalars(select(table)).one()


def ask(site: Site, together: Together, who: UUID, handler: UUID, *about: UUID) -> Visitor:
    visitor = site.visitor(who)
    said = {"handler": str(handler), "about": [str(one) for one in about], "text": f"{MARKER} it is hard"}
    answer = visitor.post(care(together, "help"), said)
    assert answer.status_code == 303, text_of(answer)
    return visitor


def test_everything_that_can_be_done_is_on_one_page(site, together, everybody, hana):
    page = text_of(site.visitor(everybody["Mentee 0"]).get(care(together)))

    for words in ("This is not working", "Ask for help", "Take a pause", "Leave this cycle", "Mentor "):
        assert words in page


def test_a_pair_ends_without_a_reason_and_the_way_back_is_offered(site, together, everybody):
    mentee = site.visitor(everybody["Mentee 0"])
    pair = pair_of(site, everybody["Mentee 0"])
    asks = mentee.get(care(together, "not-working", pair.id))

    assert "We do not ask why." in text_of(asks)
    assert "<textarea" not in asks.text
    mentee.post(care(together, "not-working", pair.id), {"afterwards": "rematch"})

    page = text_of(mentee.get(care(together)))
    assert "It has ended." in page
    assert "You can take this back until 4 March 2026" in page
    mentee.post(care(together, "take-back", one(site, Parting).id))
    assert "Taken back, and the others are told" in text_of(mentee.get(care(together)))
    assert pair_of(site, everybody["Mentee 0"]).state == "active"


def test_without_a_choice_nothing_ends(site, together, everybody):
    pair = pair_of(site, everybody["Mentee 0"])

    answer = site.visitor(everybody["Mentee 0"]).post(care(together, "not-working", pair.id))

    assert answer.status_code == 422
    assert 'href="#afterwards"' in answer.text
    assert pair_of(site, everybody["Mentee 0"]).state == "active"


def test_a_peer_leaves_the_circle(site, together, everybody):
    peer = site.visitor(everybody["Peer 1"])
    with site.open_session() as session:
        circle = session.scalars(select(tables.Circle).where(tables.Circle.number == 1)).one()

    assert "The others are told that you are no longer in it" in text_of(
        peer.get(care(together, "not-working", circle.id))
    )
    assert peer.post(care(together, "not-working", circle.id), {"afterwards": "pause"}).status_code == 303

    page = text_of(peer.get(care(together)))
    assert "You have left circle 1." in page
    assert "You are taking a pause" in page


def test_leaving_says_what_it_does_and_coming_back_undoes_it(site, together, everybody):
    mentee = site.visitor(everybody["Mentee 0"])

    assert "Your sessions with Mentor" in text_of(mentee.get(care(together, "leave")))
    mentee.post(care(together, "leave"))
    assert "You have left this cycle" in text_of(mentee.get(care(together)))
    assert pair_of(site, everybody["Mentee 0"]).state == "ended"
    mentee.post(care(together, "come-back"))

    told = text_of(mentee.get(care(together)))
    assert "Welcome back. Duties that somebody took over meanwhile stay with them." in told
    assert pair_of(site, everybody["Mentee 0"]).state == "active"


def test_before_publication_one_pauses_and_comes_back(site, together):
    everybody = people(site, together, pairs=1)
    mentee = site.visitor(everybody["Mentee 0"])

    assert "As long as you pause, you are not matched" in text_of(mentee.get(care(together, "pause")))
    mentee.post(care(together, "pause"))
    assert "You are taking a pause" in text_of(mentee.get(care(together)))
    mentee.post(care(together, "come-back"))

    assert "You are taking a pause" not in text_of(mentee.get(care(together)))


def test_help_is_asked_answered_and_closed(site, together, everybody, hana):
    mentee = ask(site, together, everybody["Mentee 0"], hana, pair_of(site, everybody["Mentee 0"]).mentor_id)
    case = one(site, Escalation).id
    page = text_of(mentee.get(care(together, "help", case)))
    assert "Hana Handler has your request now, and nobody else." in page
    assert f"{MARKER} it is hard" in page

    handler = site.visitor(hana)
    assert "Mentee 0" in text_of(handler.get("/handle"))
    handler.post(f"/handle/{case}", {"text": "I am here."})
    assert "there is an answer for you" in text_of(mentee.get(care(together)))
    assert "I am here." in text_of(mentee.get(care(together, "help", case)))
    handler.post(f"/handle/{case}/keep-apart", {"other": one(site, Escalation).concerns[0]})
    handler.post(f"/handle/{case}/close")

    assert "will not be matched again" in text_of(handler.get(f"/handle/{case}"))
    assert "This is closed." in text_of(mentee.get(care(together, "help", case)))
    assert ("mail", UUID(int=0)) in site.rings


def test_a_request_for_help_is_found_under_its_own_programme_only(site, together, everybody, hana):
    mentee = ask(site, together, everybody["Mentee 0"], hana)
    case = one(site, Escalation).id
    with site.open_session.begin() as session:
        cycle_id = a_cycle(session, programme=a_programme(session))
        enrolled(session, cycle_id, Role.MENTEE, name="Mentee 0")
        elsewhere = session.get_one(
            tables.Programme, session.get_one(tables.Cycle, cycle_id).programme_id
        ).slug

    wrong = [f"/c/{elsewhere}/care/help/{case}{act}" for act in ("", "/close", "/withdraw")]

    assert mentee.get(care(together, "help", case)).status_code == 200
    assert mentee.get(f"/c/{elsewhere}/care").status_code == 200
    assert mentee.get(wrong[0]).status_code == 404
    assert {mentee.post(path, {"text": "x"}).status_code for path in wrong} == {404}


def test_help_is_taken_back_before_an_answer(site, together, everybody, hana):
    mentee = ask(site, together, everybody["Mentee 0"], hana)

    mentee.post(care(together, "help", one(site, Escalation).id, "withdraw"))

    assert "Nothing of it is kept." in text_of(mentee.get(care(together)))
    with site.open_session() as session:
        assert session.scalars(select(EscalationMessage)).all() == []


def test_an_empty_request_is_refused_and_nothing_typed_is_lost(site, together, everybody, hana):
    mentee = site.visitor(everybody["Mentee 0"])

    empty = mentee.post(care(together, "help"), {"handler": str(hana), "text": "  "})
    unchosen = mentee.post(care(together, "help"), {"text": MARKER})

    assert (empty.status_code, unchosen.status_code) == (422, 422)
    assert "Write a few words" in text_of(empty)
    assert f'value="{hana}" checked' in re.sub(r"\s+", " ", empty.text)
    assert "Choose whom you would like to ask." in text_of(unchosen)
    assert MARKER in unchosen.text


def test_about_the_only_handler_it_says_where_to_write_and_keeps_the_words(site, together, everybody):
    mentor = pair_of(site, everybody["Mentee 0"]).mentor_id
    with site.open_session.begin() as session:
        programmes.add_handler(
            session, programme_id=together.programme_id, person_id=mentor, by=None, now=NOON
        )
    fields = {"handler": str(mentor), "about": [str(mentor)], "text": MARKER}

    answer = site.visitor(everybody["Mentee 0"]).post(care(together, "help"), fields)

    assert answer.status_code == 422
    assert "Please write to evenhand@localhost." in text_of(answer)
    assert MARKER in answer.text
    assert "Nothing waits for you." in text_of(site.visitor(mentor).get("/handle"))


def test_about_a_handler_another_one_gets_it(site, together, everybody, hana):
    mentor = pair_of(site, everybody["Mentee 0"]).mentor_id
    with site.open_session.begin() as session:
        programmes.add_handler(
            session, programme_id=together.programme_id, person_id=mentor, by=None, now=NOON
        )

    visitor = ask(site, together, everybody["Mentee 0"], mentor, mentor)

    assert "Your request went to Hana Handler instead" in text_of(visitor.get(care(together)))
    assert "Nothing waits for you." in text_of(site.visitor(mentor).get("/handle"))


@pytest.mark.parametrize("who", ["outsider", "organiser", "Mentor", "Peer 0", "other handler"])
def test_nobody_else_finds_the_request(site, together, everybody, hana, who):
    mentee = everybody["Mentee 0"]
    ask(site, together, mentee, hana, pair_of(site, mentee).mentor_id)
    case = one(site, Escalation).id
    known = {
        "outsider": together.outsider,
        "organiser": together.organiser,
        "Mentor": pair_of(site, mentee).mentor_id,
        "Peer 0": everybody["Peer 0"],
    }
    visitor = site.visitor(known[who] if who in known else a_handler(site, together, "Holger Handler"))

    for path in (f"/handle/{case}", care(together, "help", case)):
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {"text": "x"}).status_code == 404
        assert visitor.post(f"{path}/close").status_code == 404
    assert visitor.post(care(together, "help", case, "withdraw")).status_code == 404
    assert visitor.post(f"/handle/{case}/keep-apart", {"other": str(mentee)}).status_code == 404


@pytest.mark.parametrize("who", ["outsider", "organiser"])
def test_whoever_is_not_in_the_cycle_finds_nothing(site, together, everybody, who):
    visitor = site.visitor(getattr(together, who))

    paths = ("", "/pause", "/leave", "/help", f"/not-working/{pair_of(site, everybody['Mentee 0']).id}")
    assert {visitor.get(care(together) + path).status_code for path in paths} == {404}
    assert visitor.get("/handle").status_code == 404


def test_nobody_ends_anothers_pair(site, together, everybody):
    pair = pair_of(site, everybody["Mentee 0"])

    for who in ("Mentee 1", "Peer 0"):
        visitor = site.visitor(everybody[who])
        path = care(together, "not-working", pair.id)
        assert visitor.get(path).status_code == 404
        assert visitor.post(path, {"afterwards": "rematch"}).status_code == 404


def test_a_stranger_signs_in_first(site, together):
    assert site.visitor().get(care(together)).location == "/sign-in"
    assert site.visitor().get("/handle").location == "/sign-in"


def plain(page: str) -> str:
    """A page without what is drawn by lot for each answer."""
    return re.sub(r'(nonce|csrf_token" value|value)="[^"]{20,}"', "", page)


def test_pages_of_organisers_and_of_the_named_stay_the_same_byte_for_byte(
    site, together, everybody, hana, caplog
):
    mentee = everybody["Mentee 0"]
    mentor = pair_of(site, mentee).mentor_id
    with site.open_session.begin() as session:
        programmes.add_organiser(
            session, programme_id=together.programme_id, person_id=everybody["Mentor 1"], by=None, now=NOON
        )
    places = {
        together.organiser: ("/", "/organise", f"/organise/{together.cycle_id}"),
        # An organiser who takes part.
        everybody["Mentor 1"]: ("/organise", f"/organise/{together.cycle_id}", care(together)),
        mentor: ("/", care(together), care(together, "help"), f"/c/{together.slug}/my-match"),
    }
    visitors = {who: site.visitor(who) for who in places}

    def seen() -> list[str]:
        return [plain(visitors[who].get(path).text) for who, paths in places.items() for path in paths]

    before = seen()
    with caplog.at_level(logging.DEBUG):
        ask(site, together, mentee, hana, mentor)
        after = seen()

    assert after == before
    assert MARKER not in "".join(after) + caplog.text


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_page_costs_the_same_in_a_small_and_a_larger_cycle(site, together, pairs):
    everybody = published(site, together, pairs=pairs)
    visitor = site.visitor(everybody["Mentee 0"])
    with counted_queries(site) as queries:
        assert visitor.get(care(together)).status_code == 200

    assert len(queries) == COST


COST = 8


@pytest.mark.parametrize("requests", [1, 3])
def test_the_inbox_costs_the_same_with_one_request_and_with_three(site, together, everybody, hana, requests):
    for number in range(requests):
        ask(site, together, everybody[f"Peer {number}"], hana)
    visitor = site.visitor(hana)
    with counted_queries(site) as queries:
        assert visitor.get("/handle").status_code == 200

    assert len(queries) == INBOX


INBOX = 6


def test_leaving_from_the_programmes_page_ends_the_sessions_too(site, together, everybody):
    mentee = site.visitor(everybody["Mentee 0"])

    assert "your sessions end" in text_of(mentee.get(f"/c/{together.slug}"))
    mentee.post(f"/c/{together.slug}/leave")

    assert pair_of(site, everybody["Mentee 0"]).state == "ended"
