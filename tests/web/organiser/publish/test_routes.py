"""Publishing with open eyes: what goes to whom, the yes of a second organiser, and how the mails fare."""

from uuid import UUID

import pytest
from sqlalchemy import select, update

from matcher.domain.lifecycle import MailState
from matcher.services.programme import programmes
from matcher.services.publishing import sign_offs
from matcher.store.tables import Draft, MailRow, Programme
from tests.builders import NOON, stored
from tests.web.conftest import Together
from tests.web.cycles import drafted, hash_on, people, published
from tests.web.visitors import Site, text_of


@pytest.fixture
def sven(site: Site, together: Together) -> UUID:
    """A second organiser."""
    with site.open_session.begin() as session:
        second = stored(session, "Sven Second")
        programmes.add_organiser(
            session, programme_id=together.programme_id, person_id=second, by=None, now=NOON
        )
    return second


def two_eyes_more(site: Site, together: Together) -> None:
    """The programme wants a second organiser's yes."""
    with site.open_session.begin() as session:
        session.get_one(Programme, together.programme_id).settings = {"sign_off": True}


def test_the_page_says_what_goes_to_whom(site, together):
    people(site, together, pairs=2, peers=4, unlucky=1)
    found = drafted(site, together)

    page = text_of(site.visitor(together.organiser).get(f"{found.draft}/publishing"))

    assert "Introductions, to both of each pair 4" in page
    assert "Introductions to circles, to every member 4" in page
    assert "Reasons, to everybody on the waitlist 1" in page
    assert "All together 9" in page
    assert "(English)" in page
    assert "(Deutsch)" in page
    assert "Sample Partner" in page
    assert "Publish and introduce everybody" in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("introduction", "mentee.0@example.org Mentor 0"),
        ("circle_introduction", "peer.3@example.org Circle 1"),
        ("waitlist", "@example.org"),
    ],
)
def test_those_who_get_a_mail_are_listed(site, together, kind, words):
    people(site, together, pairs=1, peers=4, unlucky=1)
    found = drafted(site, together)
    ola = site.visitor(together.organiser)

    page = text_of(ola.get(f"{found.draft}/publishing/recipients?kind={kind}"))

    assert words.split()[0].split("@")[-1] in page
    assert ola.get(f"{found.draft}/publishing/recipients?kind=love").status_code == 404


def test_nothing_is_published_before_a_second_organiser_says_yes(site, together, sven):
    people(site, together, pairs=1)
    found = drafted(site, together)
    two_eyes_more(site, together)
    ola, second = site.visitor(together.organiser), site.visitor(sven)
    seen = hash_on(ola, f"{found.draft}/publishing")

    alone = ola.post(f"{found.draft}/publish", {"seen_hash": seen})
    own_yes = ola.post(f"{found.draft}/publishing/yes", {"seen_hash": seen})
    still_alone = ola.post(f"{found.draft}/publish", {"seen_hash": seen})
    blind = second.post(f"{found.draft}/publishing/yes", {"seen_hash": "0" * 64})
    yes = second.post(f"{found.draft}/publishing/yes", {"seen_hash": seen})
    page = text_of(ola.get(f"{found.draft}/publishing"))
    together_now = ola.post(f"{found.draft}/publish", {"seen_hash": seen})

    assert [one.status_code for one in (alone, own_yes, still_alone)] == [409, 303, 409]
    assert "This programme wants a second organiser to say yes first." in text_of(alone)
    assert (blind.status_code, yes.status_code) == (409, 303)
    assert "Sven Second said yes on" in page
    assert together_now.status_code == 303


def test_a_yes_can_be_taken_back(site, together, sven):
    people(site, together, pairs=1)
    found = drafted(site, together)
    two_eyes_more(site, together)
    ola, second = site.visitor(together.organiser), site.visitor(sven)
    seen = hash_on(ola, f"{found.draft}/publishing")
    second.post(f"{found.draft}/publishing/yes", {"seen_hash": seen})

    taken_back = second.post(f"{found.draft}/publishing/no")
    again = second.post(f"{found.draft}/publishing/no")
    refused = ola.post(f"{found.draft}/publish", {"seen_hash": seen})

    assert [one.status_code for one in (taken_back, again, refused)] == [303, 303, 409]


def test_the_yes_of_somebody_who_organises_no_more_does_not_count(site, together, sven):
    people(site, together, pairs=1)
    found = drafted(site, together)
    with site.open_session.begin() as session:
        seen = session.get_one(Draft, found.draft_id).hash
        sign_offs.sign(session, draft_id=found.draft_id, seen_hash=seen, by=sven, now=site.now)
        assert [one.name for one in sign_offs.of(session, found.draft_id)] == ["Sven Second"]
        session.get_one(Draft, found.draft_id).hash = "1" * 64
        session.flush()
        assert sign_offs.of(session, found.draft_id) == ()


def test_after_publishing_nobody_says_yes_any_more(site, together, sven):
    people(site, together, pairs=1)
    published(site, together)
    with site.open_session() as session:
        draft = session.scalars(select(Draft)).one()
    page = f"/organise/{together.cycle_id}/drafts/{draft.id}/publishing"
    second = site.visitor(sven)

    late = second.post(f"{page}/yes", {"seen_hash": draft.hash})

    assert late.status_code == 409
    assert "This draft was published by Ola Organiser" in text_of(second.get(page))


def a_mail(site: Site, together: Together, state: MailState, *, first: int = 0) -> UUID:
    """One of the cycle's mails, in that state."""
    with site.open_session.begin() as session:
        mine = select(MailRow.id).where(MailRow.cycle_id == together.cycle_id).order_by(MailRow.address)
        mail_id = session.scalars(mine).all()[first]
        session.execute(update(MailRow).where(MailRow.id == mail_id).values(state=state.value))
    return mail_id


def test_mails_are_counted_as_they_leave(site, together):
    people(site, together, pairs=1)
    published(site, together)
    ola = site.visitor(together.organiser)

    page = ola.get(f"/organise/{together.cycle_id}/mails")
    live = ola.get(f"/organise/{together.cycle_id}/mails/live")
    with site.open_session.begin() as session:
        session.execute(update(MailRow).values(state=MailState.SENT.value))
    done = ola.get(f"/organise/{together.cycle_id}/mails/live")

    assert "3 mails are on their way." in text_of(page)
    assert 'hx-trigger="every 2s"' in live.text
    assert "All mails have left." in text_of(done)
    assert done.headers["HX-Refresh"] == "true"


def test_an_organiser_decides_about_a_mail_that_may_not_have_arrived(site, together):
    people(site, together, pairs=1)
    published(site, together)
    ola = site.visitor(together.organiser)
    first, second = (a_mail(site, together, MailState.UNCERTAIN, first=place) for place in (0, 1))
    page = f"/organise/{together.cycle_id}/mails"

    asked = text_of(ola.get(page))
    arrived = ola.post(f"{page}/{first}/arrived")
    again = ola.post(f"{page}/{second}/again")
    twice = ola.post(f"{page}/{second}/again")

    assert "May or may not have arrived" in asked
    assert [one.status_code for one in (arrived, again, twice)] == [303, 303, 409]
    assert site.rings[-1] == ("mail", second)
    with site.open_session() as session:
        assert session.get_one(MailRow, first).state == MailState.SENT
        assert session.get_one(MailRow, second).state == MailState.QUEUED


def test_a_refused_mail_is_shown_with_what_to_do(site, together):
    people(site, together, pairs=1)
    published(site, together)
    a_mail(site, together, MailState.FAILED)

    page = text_of(site.visitor(together.organiser).get(f"/organise/{together.cycle_id}/mails"))

    assert "Could not be delivered" in page


def test_requests_for_help_are_not_among_the_mails(site, together):
    people(site, together, pairs=1)
    published(site, together)
    mail_id = a_mail(site, together, MailState.UNCERTAIN)
    with site.open_session.begin() as session:
        session.execute(update(MailRow).where(MailRow.id == mail_id).values(kind="escalation"))
    ola = site.visitor(together.organiser)
    page = f"/organise/{together.cycle_id}/mails"

    assert "May or may not have arrived" not in text_of(ola.get(page))
    assert ola.post(f"{page}/{mail_id}/again").status_code == 404


@pytest.mark.parametrize(
    "part", ["drafts/{draft}/publishing", "drafts/{draft}/publishing/recipients", "mails"]
)
def test_nobody_else_sees_any_of_it(site, together, part):
    people(site, together, pairs=1)
    found = drafted(site, together)
    otto = site.visitor(together.outsider)
    page = part.format(draft=found.draft, page=found.page)

    assert otto.get(page).status_code == 404
    assert otto.post(f"{found.draft}/publishing/yes", {"seen_hash": "1"}).status_code == 404
