"""The page of a cycle under way and at its end, as its organisers see it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from matcher.domain.lifecycle import CycleState
from matcher.domain.policy.policy import Policy
from matcher.services.programme import programmes
from matcher.store import tables
from matcher.store.participant_tables import GoalRow
from tests.builders import NOON, stored
from tests.matcher.services.during.care import a_village_under_way
from tests.matcher.services.publishing.publications import Village, add
from tests.web.conftest import Together
from tests.web.visitors import Site, Visitor, counted_queries, text_of

LATER = datetime(2026, 5, 11, 9, 0, tzinfo=UTC)
"""Five weeks after the sessions have begun."""


@pytest.fixture
def village(site: Site) -> Village:
    site.clock.moment = LATER
    with site.open_session.begin() as session:
        return a_village_under_way(session)


@pytest.fixture
def ola(site: Site, village: Village) -> Visitor:
    """Somebody who organises it."""
    with site.open_session.begin() as session:
        organiser = stored(session, "Ola Organiser")
        programme = session.get_one(tables.Cycle, village.cycle).programme_id
        programmes.add_organiser(session, programme_id=programme, person_id=organiser, by=None, now=NOON)
    return site.visitor(organiser)


def path(village: Village) -> str:
    return f"/organise/{village.cycle}/during"


def state(site: Site, village: Village) -> str:
    with site.open_session() as session:
        return session.get_one(tables.Cycle, village.cycle).state


def test_it_says_who_seems_quiet_and_what_that_means(ola: Visitor, village: Village):
    text = text_of(ola.get(path(village)))

    assert "2 pairs and circles seem quiet." in text
    assert "Mia Mentee and Mo Mentor Write to them" in text
    assert "Circle 1: Pat One, Pim Two and Pol Three Write to them" in text
    assert "It does not say that they do not meet" in text
    assert "How many ask is not told here either" in text


def test_one_group_is_written_to_and_the_page_says_when(site: Site, ola: Visitor, village: Village):
    answer = ola.post(f"{path(village)}/remind", {"group": str(village.pair)})
    text = text_of(ola.get(path(village)))

    assert answer.status_code == 303
    assert "two kind mails are on their way." in text
    assert "Mia Mentee and Mo Mentor Written to on 11 May 2026" in text
    assert [name for name, _ in site.rings] == ["mail"]


def test_all_are_written_to_at_once_and_not_again(ola: Visitor, village: Village):
    ola.post(f"{path(village)}/remind")
    assert "five kind mails are on their way." in text_of(ola.get(path(village)))

    ola.post(f"{path(village)}/remind")
    answer = ola.get(path(village))
    text = text_of(answer)
    assert "– Nobody was written to" in text
    assert '<div class="said warm" role="status">' in answer.text
    assert "Send these mails" not in text


def test_a_group_that_is_no_id_or_of_another_cycle_is_not_written_to(ola, village, site):
    assert ola.post(f"{path(village)}/remind", {"group": "abc"}).status_code == 404
    assert ola.post(f"{path(village)}/remind", {"group": str(UUID(int=7))}).status_code == 303
    assert site.rings == []


def test_few_goals_are_not_told(site: Site, ola: Visitor, village: Village):
    with site.open_session.begin() as session:
        written = {"made_by": village.mentee, "made_at": NOON, "reached_at": NOON}
        for number in range(6):
            add(session, GoalRow(pair_id=village.pair, text=f"MARKER {number}", **written))

    text = text_of(ola.get(path(village)))

    assert "Shared goals are told only when five pairs or circles have written some." in text
    assert "MARKER" not in text


def test_what_is_carried_over_is_told_from_five_on(site: Site, ola: Visitor, village: Village):
    everybody = (village.mentor, village.mentee, *village.peers)
    with site.open_session.begin() as session:
        programme = session.get_one(tables.Cycle, village.cycle).programme_id
        programmes.set_policy(session, programme_id=programme, policy=Policy(), by=None, now=NOON)
        for place, person in enumerate(everybody):
            carried = {"levels": 2, "balance": 1 if place < 4 else -1, "sentence": ""}
            add(session, tables.Credit(cycle_id=village.cycle, person_id=person, **carried))

    text = text_of(ola.get(path(village)))

    assert "5 people had no mentor and go first in the next cycle." in text
    assert "Fewer than five people held more duties than their share." in text
    assert "1 pair is remembered: by the present policy the two are not matched again within" in text
    assert "3 times two people sat in one circle" in text


def test_duties_are_shown_by_name_and_as_a_spread(ola: Visitor, village: Village):
    assert "Everybody who holds duties holds the same number: one." in text_of(ola.get(path(village)))

    text = text_of(ola.get(f"{path(village)}/duties"))

    assert "Pat One 1 facilitator 1 ×" in text


def test_it_is_completed_and_then_archived(site: Site, ola: Visitor, village: Village):
    assert "Every pair that meets is marked as completed." in text_of(ola.get(path(village)))

    assert ola.post(f"{path(village)}/complete").status_code == 303
    text = text_of(ola.get(path(village)))
    assert (state(site, village), "is completed." in text) == (CycleState.COMPLETED, True)
    assert "Stayed together to the end: 1 of 1 pairs." in text
    assert "seem quiet" not in text

    assert ola.post(f"{path(village)}/complete").status_code == 409
    assert ola.post(f"{path(village)}/archive").status_code == 303
    assert state(site, village) == CycleState.ARCHIVED
    assert "Archive the cycle" not in text_of(ola.get(path(village)))
    assert ola.post(f"{path(village)}/remind").status_code == 409


def test_a_completed_cycle_can_go_on(site: Site, ola: Visitor, village: Village):
    ola.post(f"{path(village)}/complete")
    assert "Let the cycle go on" in text_of(ola.get(path(village)))

    early = ola.post(f"{path(village)}/go-on", {"ends_on": "2026-01-01"})
    ola.post(f"{path(village)}/go-on", {"ends_on": "2026-12-01"})

    assert early.status_code == 422
    assert "is over. Choose a day that is still to come." in text_of(early)
    text = text_of(ola.get(path(village)))
    assert (state(site, village), "goes on until 1 December 2026" in text) == (CycleState.RUNNING, True)


def test_it_says_when_it_goes_on_by_itself(ola: Visitor, village: Village):
    assert "after 31 July 2026 it is completed by itself" in text_of(ola.get(path(village)))


def test_there_are_no_other_acts(ola: Visitor, village: Village):
    assert ola.post(f"{path(village)}/cancel").status_code == 404


def test_before_publication_there_is_nothing_to_see(site: Site, together: Together):
    page = f"/organise/{together.cycle_id}/during"

    assert "Nobody meets yet" in text_of(site.visitor(together.organiser).get(page))


def test_nobody_else_comes_in(site: Site, village: Village):
    with site.open_session.begin() as session:
        outsider = stored(session, "Otto Outside")
    for visitor in (site.visitor(outsider), site.visitor(village.mentor)):
        assert visitor.get(path(village)).status_code == 404
        assert visitor.get(f"{path(village)}/duties").status_code == 404
        assert visitor.post(f"{path(village)}/remind").status_code == 404
        assert visitor.post(f"{path(village)}/complete").status_code == 404
    assert state(site, village) == "running"


def test_the_number_of_queries_does_not_grow(site: Site, ola: Visitor, village: Village):
    ola.get(path(village))
    with counted_queries(site) as few:
        ola.get(path(village))
    with site.open_session.begin() as session:
        for number in range(30):
            pair = tables.Pair(
                cycle_id=village.cycle,
                mentor_id=stored(session, f"Mentor {number}"),
                mentee_id=stored(session, f"Mentee {number}"),
                points=7000,
                reasons={"all": [], "mentor": [], "mentee": []},
                made_at=LATER - timedelta(weeks=5),
            )
            add(session, pair)
    with counted_queries(site) as many:
        page = ola.get(path(village))

    assert len(few) == len(many)
    assert "Page 1 of 2" in text_of(page)


def test_the_duties_of_a_page_are_asked_for_in_two_questions(site: Site, ola: Visitor, village: Village):
    with counted_queries(site) as asked:
        text = text_of(ola.get(f"{path(village)}/duties"))
        beyond = text_of(ola.get(f"{path(village)}/duties?page=9"))

    of_duties = [said for said in asked if "FROM duty" in said]
    assert ("Page 1 of" not in text, len(of_duties)) == (True, 4)
    assert "Pat" not in beyond
