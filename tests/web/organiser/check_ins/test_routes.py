"""What organisers read of a check-in: together, once, and never a single answer."""

from datetime import timedelta
from uuid import UUID

import pytest

from matcher.domain.during.check_in import Met, RoundAnswer
from matcher.services.during import check_ins
from matcher.services.programme import programmes
from matcher.store import tables
from tests.builders import NOON, stored
from tests.matcher.services.during.care import a_village_under_way, tokens
from tests.web.participant.care.test_check_in import FIRST
from tests.web.visitors import Site, text_of

MARKER = "MARKER-b90e"


@pytest.fixture
def desk(site: Site) -> tuple[UUID, UUID]:
    """A cycle in which five meet, and its organiser; a third of it is over."""
    site.clock.moment = FIRST
    with site.open_session.begin() as session:
        village = a_village_under_way(session)
        organiser = stored(session, "Ola Organiser")
        programme = session.get_one(tables.Cycle, village.cycle).programme_id
        programmes.add_organiser(session, programme_id=programme, person_id=organiser, by=None, now=NOON)
        return village.cycle, organiser


def path(desk: tuple[UUID, UUID]) -> str:
    return f"/organise/{desk[0]}/check-ins"


def answer(site: Site, *helpful: int) -> None:
    with site.open_session.begin() as session:
        for token, number in zip(tokens(session).values(), helpful, strict=False):
            said = RoundAnswer(met=Met.YES, helpful=number, comment=MARKER)
            check_ins.answer(session, token=token, said=said, now=FIRST)


def close(site: Site) -> None:
    later = site.clock.forward(days=11)
    with site.open_session.begin() as session:
        check_ins.close_due(session, now=later, seed=1)


def test_everybody_is_asked_and_nothing_is_told_before_it_closes(site, desk):
    ola = site.visitor(desk[1])
    assert "Nobody has been asked yet" in text_of(ola.get(path(desk)))

    assert ola.post(path(desk)).status_code == 303
    answer(site, 3, 4, 4, 5, 5)
    page = text_of(ola.get(path(desk)))

    assert "5 people were asked. What they say is told after 23 May 2026, and only together." in page
    assert "on average" not in page
    assert "Ask everybody now" not in page
    assert ola.post(path(desk)).status_code == 409


def test_what_five_say_is_told_together_and_their_words_are_not(site, desk):
    ola = site.visitor(desk[1])
    ola.post(path(desk))
    answer(site, 3, 4, 4, 5, 5)
    close(site)

    ola = site.visitor(desk[1])
    page = text_of(ola.get(path(desk)))

    assert "5 have answered. How helpful it is for them: 4.2 of 5 on average." in page
    assert "Whether they have met is not told" in page
    assert MARKER not in page


def test_what_four_say_is_not_told(site, desk):
    site.visitor(desk[1]).post(path(desk))
    answer(site, 3, 4, 4, 5)
    close(site)

    page = text_of(site.visitor(desk[1]).get(path(desk)))

    assert "Fewer than five have answered: nothing is told of so few." in page


def test_nobody_else_reads_it(site, desk):
    with site.open_session.begin() as session:
        outsider = stored(session, "Otto Outside")
    visitor = site.visitor(outsider)

    assert visitor.get(path(desk)).status_code == 404
    assert visitor.post(path(desk)).status_code == 404


def test_larger_groups_are_told_in_shares_and_comments(site, desk):
    said = [
        RoundAnswer(met=met, helpful=number, comment=f"word {number}")
        for met in Met
        for number in (2, 3, 4, 4, 5)
    ]
    with site.open_session.begin() as session:
        result = check_ins.aggregates.result_of(said, seed=1)
        row = tables.Base.metadata.tables["check_in"]
        times = {"opens_at": FIRST, "closes_at": FIRST + timedelta(days=10)}
        ids = {"id": UUID(int=9), "cycle_id": desk[0], "number": 1}
        session.execute(row.insert().values(**ids, **times, result=result.to_data()))

    page = text_of(site.visitor(desk[1]).get(path(desk)))

    assert "have met about 35 %" in page
    assert "In their own words, in an order drawn by lot" in page
    assert page.count("word 4") == 6
