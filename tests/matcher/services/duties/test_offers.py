"""Duties change hands: who may take which, who is told, what the ledger says, and who is first of two."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Barrier, Thread
from uuid import UUID

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Changed, DomainError, NotAllowed, NotFound, WrongState
from matcher.domain.people import EnrolmentState
from matcher.mail.links import Links
from matcher.services.duties import ledger, offers
from matcher.store import tables
from matcher.store.participant_tables import DutyOffer
from tests.builders import NOON, stored
from tests.matcher.services.publishing.publications import Village, a_village

LINKS = Links(base_url="https://match.river.example")
DURING_SESSION_TWO = datetime(2026, 4, 21, 8, 30, tzinfo=UTC)


def published_village(session: Session) -> Village:
    """Pat, Pim and Pol lead sessions 1, 2 and 3 of their circle, from Tuesday, 7 April 2026 on."""
    village = a_village(session)
    session.get_one(tables.Cycle, village.cycle).state = "published"
    session.flush()
    return village


def turn(session: Session, village: Village, number: int) -> tables.Duty:
    asked = select(tables.Duty).where(
        tables.Duty.circle_id == village.circle,
        tables.Duty.session == number - 1,
        tables.Duty.duty == "facilitator",
    )
    return session.scalars(asked.execution_options(populate_existing=True)).one()


def offered(session: Session, village: Village, number: int) -> UUID:
    row = turn(session, village, number)
    return offers.offer(session, duty_id=row.id, by=row.person_id, now=NOON)


def answers(session: Session, village: Village, person: UUID, **said: object) -> None:
    asked = select(tables.EnrolmentRow).where(
        tables.EnrolmentRow.cycle_id == village.cycle, tables.EnrolmentRow.person_id == person
    )
    row = session.scalars(asked).one()
    row.answers = {**row.answers, **said}
    session.flush()


def holders(session: Session, village: Village) -> list[UUID]:
    return [turn(session, village, number).person_id for number in (1, 2, 3)]


def test_an_offered_duty_goes_to_whoever_takes_it(session: Session) -> None:
    village = published_village(session)
    pat, pim, pol = village.peers

    offer = offered(session, village, 2)
    offers.take(session, offer_id=offer, by=pol, now=NOON, links=LINKS)

    assert holders(session, village) == [pat, pol, pol]
    assert session.get_one(DutyOffer, offer).taken_by == pol
    assert offers.offers(session, cycle_id=village.cycle, person_id=pim, now=NOON) == ()


def test_only_those_concerned_are_told_and_their_calendars_follow(session: Session) -> None:
    village = published_village(session)
    _, pim, pol = village.peers

    offers.take(session, offer_id=offered(session, village, 2), by=pol, now=NOON, links=LINKS)
    again = offers.offer(session, duty_id=turn(session, village, 2).id, by=pol, now=NOON)
    offers.take(session, offer_id=again, by=pim, now=NOON, links=LINKS)

    rows = session.scalars(select(tables.MailRow).order_by(tables.MailRow.occurrence)).all()
    assert {(row.person_id, row.kind, row.occurrence[-2:]) for row in rows} == {
        (person, "duty_change", times) for person in (pim, pol) for times in ("/1", "/2")
    }
    events = [icalendar.Calendar.from_ical(row.ics or b"").walk("VEVENT")[0] for row in rows]
    assert [event["SEQUENCE"] for event in events] == [1, 1, 2, 2]
    assert {str(event["UID"]) for event in events} == {f"{village.circle}@match.river.example"}
    assert {event["DTSTART"].dt.astimezone(UTC) for event in events} == {
        datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
    }
    last = next(row for row in rows if row.person_id == pim and row.occurrence.endswith("/2"))
    assert "Session 2, Tuesday, 21 April 2026: facilitator\nNow with Pim Two. Before" in last.text
    assert "- Session 2, Tuesday, 21 April 2026: facilitator" in last.text


def test_mine_for_yours_changes_both_or_neither(session: Session) -> None:
    village = published_village(session)
    pat, pim, pol = village.peers
    mine, yours = turn(session, village, 2), turn(session, village, 3)
    offer = offers.offer(session, duty_id=mine.id, by=pim, now=NOON, in_return_for=yours.id)

    with pytest.raises(NotFound):
        offers.take(session, offer_id=offer, by=pat, now=NOON, links=LINKS)
    (seen,) = offers.offers(session, cycle_id=village.cycle, person_id=pol, now=NOON)
    offers.take(session, offer_id=offer, by=pol, now=NOON, links=LINKS)

    assert (seen.asks, seen.sentence) == ((3, "facilitator"), None)
    assert holders(session, village) == [pat, pol, pim]


def test_a_session_that_has_begun_stays_as_it_was(session: Session) -> None:
    village = published_village(session)
    offer = offered(session, village, 2)

    with pytest.raises(WrongState, match="Session 2 has begun"):
        offers.take(session, offer_id=offer, by=village.peers[2], now=DURING_SESSION_TWO, links=LINKS)
    with pytest.raises(WrongState, match="Session 1 has begun"):
        offers.offer(
            session, duty_id=turn(session, village, 1).id, by=village.peers[0], now=DURING_SESSION_TWO
        )

    assert holders(session, village) == list(village.peers)


def busy(session: Session, village: Village) -> None:
    taker = village.peers[2]
    session.add(tables.Duty(circle_id=village.circle, session=1, duty="timekeeper", person_id=taker))
    session.flush()


def full(session: Session, village: Village) -> None:
    answers(session, village, village.peers[2], most_load=2)


def gone(session: Session, village: Village) -> None:
    asked = select(tables.CircleMember).where(tables.CircleMember.person_id == village.peers[2])
    session.scalars(asked).one().until_session = 1
    session.flush()


def paused(session: Session, village: Village) -> None:
    asked = select(tables.EnrolmentRow).where(tables.EnrolmentRow.person_id == village.peers[2])
    session.scalars(asked).one().state = EnrolmentState.PAUSED.value
    session.flush()


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (busy, "There is another duty of yours in that session already."),
        (full, "You take on 2 at most, and that is reached."),
        (gone, "Only people who take part in that session can take it."),
        (paused, "Only people who take part in that session can take it."),
    ],
)
def test_who_cannot_take_it_reads_why(
    session: Session, trouble: Callable[[Session, Village], None], sentence: str
) -> None:
    village = published_village(session)
    offer = offered(session, village, 2)
    trouble(session, village)

    with pytest.raises(WrongState) as refused:
        offers.take(session, offer_id=offer, by=village.peers[2], now=NOON, links=LINKS)
    (seen,) = offers.offers(session, cycle_id=village.cycle, person_id=village.peers[2], now=NOON)

    assert refused.value.sentence == seen.sentence == sentence
    assert holders(session, village) == list(village.peers)


def test_a_swap_is_no_further_load(session: Session) -> None:
    village = published_village(session)
    full(session, village)
    _, pim, pol = village.peers
    mine, yours = turn(session, village, 2), turn(session, village, 3)
    offer = offers.offer(session, duty_id=mine.id, by=pim, now=NOON, in_return_for=yours.id)

    offers.take(session, offer_id=offer, by=pol, now=NOON, links=LINKS)

    assert holders(session, village)[1:] == [pol, pim]


def test_nobody_is_drafted_against_their_opt_out(session: Session) -> None:
    village = published_village(session)
    pol = village.peers[2]
    answers(session, village, pol, duties_declined=["Facilitator"])
    offer = offered(session, village, 2)

    with pytest.raises(NotAllowed):
        offers.take(session, offer_id=offer, by=pol, now=NOON, links=LINKS)
    taken = offers.take(session, offer_id=offer, by=pol, now=NOON, links=LINKS, willing=True)

    assert taken.person_id == pol


def test_people_of_other_groups_learn_nothing(session: Session) -> None:
    village = published_village(session)
    offer = offered(session, village, 2)
    outsider = stored(session, "Olga Outsider")

    for stranger in (outsider, village.mentee):
        with pytest.raises(NotFound):
            offers.take(session, offer_id=offer, by=stranger, now=NOON, links=LINKS)
        with pytest.raises(NotFound):
            offers.withdraw(session, offer_id=offer, by=stranger, now=NOON)
        with pytest.raises(NotFound):
            offers.offer(session, duty_id=turn(session, village, 2).id, by=stranger, now=NOON)
        assert offers.offers(session, cycle_id=village.cycle, person_id=stranger, now=NOON) == ()


def test_an_offer_can_be_taken_back_until_somebody_has_it(session: Session) -> None:
    village = published_village(session)
    _, pim, pol = village.peers
    first = offered(session, village, 2)

    offers.withdraw(session, offer_id=first, by=pim, now=NOON)
    offers.withdraw(session, offer_id=first, by=pim, now=NOON)
    with pytest.raises(WrongState, match="withdrawn"):
        offers.take(session, offer_id=first, by=pol, now=NOON, links=LINKS)
    second = offered(session, village, 2)
    assert offered(session, village, 2) == second
    offers.take(session, offer_id=second, by=pol, now=NOON, links=LINKS)

    with pytest.raises(Changed, match="Pol Three has taken this duty already"):
        offers.withdraw(session, offer_id=second, by=pim, now=NOON)


def test_an_organiser_names_a_substitute(session: Session) -> None:
    village = published_village(session)
    pat, pim, pol = village.peers
    answers(session, village, pat, duties_declined=["facilitator"])
    row = turn(session, village, 2)

    listed = offers.substitutes(session, duty_id=row.id, by=None, now=NOON)
    offers.substitute(session, duty_id=row.id, person_id=pol, by=None, now=NOON, links=LINKS)

    assert [(one.person.id, one.taken, one.declined) for one in listed] == [(pol, 2, False), (pat, 2, True)]
    assert holders(session, village) == [pat, pol, pol]
    with pytest.raises(NotFound):
        offers.substitute(session, duty_id=row.id, person_id=pim, by=pat, now=NOON, links=LINKS)


def test_the_ledger_and_the_next_cycle_follow_what_was_held(session: Session) -> None:
    village = published_village(session)
    pat, pim, pol = village.peers

    offers.take(session, offer_id=offered(session, village, 2), by=pol, now=NOON, links=LINKS)
    (page,) = ledger.ledger(session, cycle_id=village.cycle, now=DURING_SESSION_TWO)

    assert (page.number, page.held, page.sessions) == (1, 2, 6)
    assert [(one.person.id, one.done, one.ahead, one.balance) for one in page.entries] == [
        (pat, {"facilitator": 1}, {}, 0),
        (pim, {}, {}, -1),
        (pol, {"facilitator": 1}, {"facilitator": 1}, 1),
    ]
    carried = session.scalars(select(tables.Credit))
    assert {row.person_id: row.balance for row in carried} == {pat: 0, pim: -1, pol: 1}
    assert ledger.ledger(session, cycle_id=village.cycle, now=NOON, person_id=village.mentor) == ()


def test_of_two_takers_one_wins_and_the_other_reads_who(open_session: sessionmaker[Session]) -> None:
    with open_session.begin() as session:
        village = published_village(session)
        offer = offered(session, village, 2)
    takers, start = (village.peers[0], village.peers[2]), Barrier(2)
    ends: dict[UUID, str] = {}

    def take(person: UUID) -> None:
        start.wait()
        try:
            with open_session.begin() as session:
                offers.take(session, offer_id=offer, by=person, now=NOON, links=LINKS)
            ends[person] = "taken"
        except DomainError as refused:
            ends[person] = refused.sentence

    threads = [Thread(target=take, args=(person,)) for person in takers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with open_session() as session:
        holder = turn(session, village, 2).person_id
        name = session.get_one(tables.PersonRow, holder).name
    loser = next(person for person in takers if person != holder)
    assert ends == {
        holder: "taken",
        loser: f"{name} has taken this duty already. Nothing else has changed.",
    }
