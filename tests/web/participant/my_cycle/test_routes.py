"""My match: who, why us, my circle, or why there is nobody yet; and nothing of anybody else's."""

from uuid import UUID

import pytest

from matcher.store.tables import EnrolmentRow
from tests.builders import a_cycle
from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.visitors import Site, counted_queries, text_of


def path(together: Together) -> str:
    return f"/c/{together.slug}/my-match"


def writes_goals(site: Site, together: Together, person: UUID, goals: str) -> None:
    with site.open_session.begin() as session:
        row = session.query(EnrolmentRow).filter_by(cycle_id=together.cycle_id, person_id=person).one()
        row.answers = {**row.answers, "goals": goals}


def test_before_publication_it_says_when_to_expect_it(site, together):
    everybody = people(site, together, pairs=1)

    page = text_of(site.visitor(everybody["Mentee 0"]).get(path(together)))

    assert "The introductions go out by 6 April 2026." in page


def test_a_mentee_sees_the_mentor_and_why(site, together):
    everybody = people(site, together, pairs=1)
    published(site, together)

    page = text_of(site.visitor(everybody["Mentee 0"]).get(path(together)))

    assert "Your mentor this cycle M0 Mentor 0" in page
    assert "Sought and offered: leadership. 75 of 75" in page
    assert "Session 1: Monday, 6 April 2026 at 10:00, your time." in page
    assert "Write to Mentor" in page


def test_the_timeline_names_every_session_and_what_comes_next(site, together):
    everybody = people(site, together, pairs=1)
    published(site, together)
    answer = site.visitor(everybody["Mentee 0"]).get(path(together))

    page = text_of(answer)

    assert "with 6 sessions. Today is 2 March 2026." in answer.text
    assert "Mon 6 April, 10:00 Session 1 with Mentor 0" in page
    assert "Mon 15 June, 10:00 Session 6 with Mentor 0" in page
    assert "31 July The cycle ends: thanks and feedback" in page


def test_partners_see_of_the_answers_what_was_ticked_and_nothing_else(site, together):
    everybody = people(site, together, pairs=1)
    published(site, together)
    writes_goals(site, together, everybody["Mentor 0"], "Learn to paint.")
    mentee, mentor = (site.visitor(everybody[name]) for name in ("Mentee 0", "Mentor 0"))
    before = text_of(mentee.get(path(together)))
    assert "Learn to paint." in text_of(mentor.get(f"{path(together)}/sharing"))

    mentor.post(f"{path(together)}/sharing", {"share": ["goals", "languages"]})
    after = text_of(mentee.get(path(together)))
    mentor.post(f"{path(together)}/sharing", {})

    assert "Learn to paint." not in before
    assert "Goals Learn to paint. Languages English" in after
    assert "Offers" not in after
    assert text_of(mentee.get(path(together))) == before


def test_what_partners_see_is_ones_own_affair(site, together):
    people(site, together, pairs=1)
    outsider = site.visitor(together.outsider)

    assert outsider.get(f"{path(together)}/sharing").status_code == 404
    assert outsider.post(f"{path(together)}/sharing", {"share": "goals"}).status_code == 404


def test_a_mentor_sees_the_mentee(site, together):
    everybody = people(site, together, pairs=1)
    published(site, together)

    page = text_of(site.visitor(everybody["Mentor 0"]).get(path(together)))

    assert "Your mentee this cycle M0 Mentee 0" in page


def test_a_peer_sees_the_circle_and_whose_turn_it_is(site, together):
    everybody = people(site, together, pairs=0, peers=4)
    published(site, together)

    answer = site.visitor(everybody["Peer 1"]).get(path(together))
    page = text_of(answer)

    assert "You meet with Peer 0, Peer 2 and Peer 3, usually on " in page
    assert "Your circle, and whose turn it is" in page
    assert "Circle of 4. Session 1: " in answer.text
    assert "Your duties" in page


def test_whoever_waits_reads_why(site, together):
    everybody = people(site, together, pairs=1, unlucky=1)
    published(site, together)

    pages = [text_of(site.visitor(everybody[f"Mentee {n}"]).get(path(together))) for n in range(2)]

    waiting = [page for page in pages if "There is no mentor for you yet" in page]
    assert len(waiting) == 1
    assert "You are number 1 of 1 on this waitlist." in waiting[0]
    assert waiting[0].count("You go first in the next cycle") == 1


def test_somebody_who_waits_may_change_the_answers_where_sign_up_is_open(site, together):
    everybody = people(site, together, pairs=1, unlucky=1)
    published(site, together)
    closed = [text_of(site.visitor(everybody[f"Mentee {n}"]).get(path(together))) for n in range(2)]
    with site.open_session.begin() as session:
        a_cycle(session, programme=together.programme_id)

    pages = [text_of(site.visitor(everybody[f"Mentee {n}"]).get(path(together))) for n in range(2)]

    assert sum("Answers of a cycle that has begun stay as they are." in page for page in closed) == 1
    assert sum("Sign-up for Spring is open" in page for page in pages) == 1
    assert sum("Your mentor this cycle" in page for page in pages) == 1


@pytest.mark.parametrize("who", ["outsider", "organiser"])
def test_whoever_is_not_in_the_cycle_finds_nothing(site, together, who):
    people(site, together, pairs=1)
    published(site, together)

    assert site.visitor(getattr(together, who)).get(path(together)).status_code == 404


def test_a_stranger_signs_in_first(site, together):
    assert site.visitor().get(path(together)).location == "/sign-in"


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_page_costs_the_same_in_a_small_and_a_larger_cycle(site: Site, together: Together, pairs):
    everybody = people(site, together, pairs=pairs, peers=4 * pairs)
    published(site, together)
    seen = {}
    for who in ("Mentee 0", "Peer 0"):
        visitor = site.visitor(everybody[who])
        with counted_queries(site) as queries:
            assert visitor.get(path(together)).status_code == 200
        seen[who] = len(queries)

    assert seen == {"Mentee 0": 17, "Peer 0": 17}
