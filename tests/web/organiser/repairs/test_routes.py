"""The page of repairs: exits, the proposed change with its price, apply or drop; for organisers alone."""

import re
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from matcher.domain.during.parting import Afterwards
from matcher.domain.matching.changes import Forbid
from matcher.domain.people import Role
from matcher.services.repair import find as repair_find
from matcher.services.repair import partings
from matcher.store import tables
from matcher.store.organiser_tables import ManualChange
from tests import in_process
from tests.builders import enrolled
from tests.web.conftest import Together
from tests.web.cycles import people, published
from tests.web.visitors import Site, Visitor, counted_queries, text_of


def mentor_of(site: Site, mentee: UUID) -> UUID | None:
    with site.open_session() as session:
        active = select(tables.Pair.mentor_id).where(
            tables.Pair.mentee_id == mentee, tables.Pair.state == "active"
        )
        return session.scalars(active).first()


def parts(site: Site, together: Together, mentee: UUID) -> None:
    """The mentee ends the pair and wants another mentor."""
    with site.open_session.begin() as session:
        mine = select(tables.Pair.id).where(tables.Pair.mentee_id == mentee, tables.Pair.state == "active")
        partings.part(
            session,
            group_id=session.scalars(mine).one(),
            person_id=mentee,
            afterwards=Afterwards.REMATCH,
            now=site.now,
            links=site.app.extensions["evenhand.links"],
        )


def found(site: Site) -> None:
    """What the worker does when it is rung."""
    name, repair_id = site.rings[-1]
    assert name == "repair"
    repair_find.find(site.open_session, repair_id, run_solver=in_process.repaired, clock=lambda: site.now)


def seen_hash(page: str) -> str:
    match = re.search(r'name="seen_hash" value="(\w+)"', page)
    assert match is not None
    return match[1]


@pytest.fixture
def everybody(site: Site, together: Together) -> dict[str, UUID]:
    """Three mentors and two mentees, published: one mentor is free."""
    named = people(site, together, pairs=2)
    with site.open_session.begin() as session:
        named["Spare"] = enrolled(session, together.cycle_id, Role.MENTOR, name="Spare Mentor")
    published(site, together)
    return named


def test_a_repair_is_found_seen_and_applied(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"
    mentee = everybody["Mentee 0"]
    before = mentor_of(site, mentee)
    parts(site, together, mentee)

    assert f'href="{page}"' in ola.get(f"/organise/{together.cycle_id}").text
    waiting = text_of(ola.get(page))
    asked = ola.post(page)
    working = ola.get(page).text
    found(site)
    shown = ola.get(page).text
    repair_id = site.rings[-1][1]
    words = text_of(ola.get(page))
    done = ola.post(f"{page}/{repair_id}/apply", {"seen_hash": seen_hash(shown)})
    after = text_of(ola.get(page))

    assert "1 pair has ended." in waiting
    assert (asked.status_code, done.status_code) == (303, 303)
    assert 'hx-trigger="every 1s"' in working
    assert "becomes the mentor of Mentee 0." in words
    assert "It touches 2 people; only they get a mail." in words
    assert mentor_of(site, mentee) not in (before, None)
    assert "The repair is done. two mails are on their way." in after
    assert "Applied by Ola Organiser" in after


def test_a_repair_is_dropped_and_nobody_is_touched(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"
    parts(site, together, everybody["Mentee 0"])
    ola.post(page)
    found(site)

    dropped = ola.post(f"{page}/{site.rings[-1][1]}/drop")
    refused = ola.post(f"{page}/{site.rings[-1][1]}/apply", {"seen_hash": "0"})

    assert (dropped.status_code, refused.status_code) == (303, 409)
    assert mentor_of(site, everybody["Mentee 0"]) is None


def test_without_a_cause_the_page_says_so(site: Site, together: Together, everybody: dict[str, UUID]) -> None:
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"

    ola.post(page)
    found(site)

    assert everybody
    assert "There is nothing to repair: nobody can be placed better" in text_of(ola.get(page))


def test_before_publication_there_is_nothing_to_repair(site: Site, together: Together) -> None:
    ola = site.visitor(together.organiser)

    page = ola.get(f"/organise/{together.cycle_id}/repairs")

    assert page.status_code == 200
    assert "There is no plan to repair." in text_of(page)


def test_nobody_else_sees_or_does_any_of_it(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    parts(site, together, everybody["Mentee 0"])
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"
    ola.post(page)
    found(site)
    repair = f"{page}/{site.rings[-1][1]}"

    for stranger in (site.visitor(together.outsider), site.visitor(everybody["Mentee 0"])):
        answers = [
            stranger.get(page),
            stranger.post(page),
            stranger.post(f"{repair}/apply", {"seen_hash": "0"}),
            stranger.post(f"{repair}/drop"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
    assert ola.post(f"{page}/{uuid4()}/drop").status_code == 404
    assert site.visitor().get(page).status_code in (302, 303, 401)


def visits(visitor: Visitor, page: str) -> int:
    with counted_queries(visitor.site) as queries:
        visitor.get(page)
    return len(queries)


def test_the_page_asks_as_often_for_one_repair_as_for_three(
    site: Site, together: Together, everybody: dict[str, UUID]
) -> None:
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"
    parts(site, together, everybody["Mentee 0"])
    ola.post(page)
    found(site)

    once = visits(ola, page)
    for _ in range(2):
        ola.post(page)
        found(site)

    assert visits(ola, page) == once


def test_a_pair_an_organiser_keeps_apart_is_not_proposed(site: Site, together: Together) -> None:
    named = people(site, together, pairs=1, unlucky=1)
    with site.open_session.begin() as session:
        for number, mentee in enumerate(("Mentee 0", "Mentee 1"), start=1):
            change = Forbid(couple=(named[mentee], named["Mentor 0"]))
            session.add(
                ManualChange(
                    cycle_id=together.cycle_id,
                    number=number,
                    kind=change.kind,
                    data=change.to_data(),
                    reason="They asked for it.",
                    made_at=site.now,
                )
            )
    published(site, together)
    ola, page = site.visitor(together.organiser), f"/organise/{together.cycle_id}/repairs"

    ola.post(page)
    found(site)

    assert "There is nothing to repair" in text_of(ola.get(page))
    assert mentor_of(site, named["Mentee 0"]) is None
