"""Partings: neutral to the others, without a reason, and taken back where nothing has come of them yet."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.parting import Afterwards
from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import PairState
from matcher.domain.mailing import MailKind
from matcher.domain.people import EnrolmentState
from matcher.services.repair import partings
from matcher.services.sign_up import enrolment
from matcher.store import tables
from matcher.store.participant_tables import Parting
from tests.builders import stored
from tests.matcher.services.during.care import BEFORE, LINKS, a_village_under_way, mails
from tests.matcher.services.publishing.publications import Village, add

MONTH_LATER = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)


@pytest.fixture
def village(session: Session) -> Village:
    return a_village_under_way(session)


def part(
    session: Session, village: Village, who: UUID, afterwards: Afterwards, now: datetime = BEFORE
) -> None:
    group = village.pair if who in (village.mentor, village.mentee) else village.circle
    partings.part(session, group_id=group, person_id=who, afterwards=afterwards, now=now, links=LINKS)


def take_back(session: Session, who: UUID, now: datetime = BEFORE + timedelta(hours=1)) -> None:
    row = session.scalars(select(Parting).where(Parting.person_id == who)).one()
    partings.take_back(session, cycle_id=row.cycle_id, parting_id=row.id, person_id=who, now=now, links=LINKS)


def pair(session: Session, village: Village) -> tables.Pair:
    return session.get_one(tables.Pair, village.pair, populate_existing=True)


def waits(session: Session, village: Village) -> set[tuple[UUID, str]]:
    """Who waits in which role, apart from who waited before."""
    rows = session.scalars(select(tables.WaitlistRow).where(tables.WaitlistRow.settled_at.is_(None)))
    return {(row.person_id, row.role) for row in rows} - {(village.waiting, "mentee")}


def state(session: Session, village: Village, who: UUID) -> EnrolmentState:
    found = enrolment.of(session, village.cycle, who)
    assert found is not None
    return found.state


def change(session: Session, who: UUID) -> tables.MailRow:
    """The newest mail about a change of somebody's pair or circle."""
    return mails(session, MailKind.GROUP_CHANGE, who)[-1]


def test_a_mentee_ends_the_pair_and_waits_for_another_mentor(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)

    row = pair(session, village)
    assert (row.state, row.ended_at) == (PairState.ENDED, BEFORE)
    assert waits(session, village) == {(village.mentee, "mentee")}


def test_the_partner_is_told_neutrally_and_what_happens_next(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)

    told = change(session, village.mentor)
    assert told.subject == "Together: your sessions with Mia Mentee have ended"
    assert "none was asked. It says nothing about you." in told.text
    assert "Your place is free again." in told.text
    assert "take this back" not in told.text
    assert "another mentor" not in told.text


def test_a_mentee_whose_mentor_goes_is_looked_for_at_once(session: Session, village: Village) -> None:
    part(session, village, village.mentor, Afterwards.PAUSE)

    assert waits(session, village) == {(village.mentee, "mentee")}
    assert "We look for another mentor for you." in change(session, village.mentee).text
    assert state(session, village, village.mentor) is EnrolmentState.PAUSED


def test_the_sessions_are_taken_out_of_both_calendars(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)

    for who in (village.mentee, village.mentor):
        entry = change(session, who).ics or b""
        assert b"METHOD:CANCEL" in entry
        assert b"SEQUENCE:1\r\n" in entry
        assert f"UID:{village.pair}@match.example".encode() in entry.replace(b"\r\n ", b"")


def test_no_reason_is_kept_anywhere() -> None:
    assert {column.key for column in Parting.__table__.columns} == {
        "id",
        "cycle_id",
        "person_id",
        "pair_id",
        "circle_id",
        "wish",
        "said_at",
        "undone_at",
        "settled_at",
    }


def test_taken_back_within_two_days_everything_is_as_before(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)

    take_back(session, village.mentee, now=BEFORE + timedelta(hours=47))

    row = pair(session, village)
    assert (row.state, row.ended_at) == (PairState.ACTIVE, None)
    assert waits(session, village) == set()
    for who in (village.mentee, village.mentor):
        told = change(session, who)
        assert "go on" in told.subject
        assert b"METHOD:REQUEST" in (told.ics or b"")
        assert b"SEQUENCE:2\r\n" in (told.ics or b"")


def test_a_pause_is_taken_back_with_its_parting(session: Session, village: Village) -> None:
    part(session, village, village.mentor, Afterwards.PAUSE)

    take_back(session, village.mentor)

    assert state(session, village, village.mentor) is EnrolmentState.ACTIVE
    assert waits(session, village) == set()


def test_whoever_waited_before_keeps_their_place_when_it_is_taken_back(
    session: Session, village: Village
) -> None:
    own = ["You asked for two mentors."]
    add(
        session,
        tables.WaitlistRow(cycle_id=village.cycle, person_id=village.mentee, role="mentee", sentences=own),
    )
    part(session, village, village.mentee, Afterwards.REMATCH)
    take_back(session, village.mentee)

    assert waits(session, village) == {(village.mentee, "mentee")}


@pytest.mark.parametrize("why", ["late", "settled", "partner left", "twice"])
def test_what_has_had_consequences_cannot_be_taken_back(session: Session, village: Village, why: str) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)
    now = BEFORE + timedelta(hours=1)
    if why == "late":
        now = BEFORE + timedelta(hours=48)
    elif why == "settled":
        session.scalars(select(Parting)).one().settled_at = BEFORE
    elif why == "partner left":
        partings.leave(
            session, cycle_id=village.cycle, person_id=village.mentor, by=None, now=BEFORE, links=LINKS
        )
    else:
        take_back(session, village.mentee)

    with pytest.raises(WrongState, match="can no longer be taken back"):
        take_back(session, village.mentee, now=now)


def test_nobody_ends_or_takes_back_what_is_anothers(session: Session, village: Village) -> None:
    outsider = stored(session, "Otto Outside")
    for who in (outsider, village.waiting, village.peers[0]):
        with pytest.raises(NotFound):
            partings.part(
                session,
                group_id=village.pair,
                person_id=who,
                afterwards=Afterwards.REMATCH,
                now=BEFORE,
                links=LINKS,
            )
    part(session, village, village.mentee, Afterwards.REMATCH)
    row = session.scalars(select(Parting)).one()
    with pytest.raises(NotFound):
        partings.take_back(
            session,
            cycle_id=row.cycle_id,
            parting_id=row.id,
            person_id=village.mentor,
            now=BEFORE,
            links=LINKS,
        )
    with pytest.raises(NotFound):
        partings.take_back(
            session, cycle_id=uuid4(), parting_id=row.id, person_id=village.mentee, now=BEFORE, links=LINKS
        )


def test_a_pair_ends_once(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.REMATCH)

    with pytest.raises(WrongState, match="have ended already"):
        part(session, village, village.mentor, Afterwards.REMATCH)
    assert len(mails(session, MailKind.GROUP_CHANGE)) == 2


def test_a_peer_leaves_the_circle_from_the_next_session_on(session: Session, village: Village) -> None:
    part(session, village, village.peers[0], Afterwards.REMATCH, now=MONTH_LATER)

    rows = session.scalars(select(tables.CircleMember).where(tables.CircleMember.circle_id == village.circle))
    assert {row.person_id: row.until_session for row in rows} == dict(
        zip(village.peers, (2, None, None), strict=True)
    )
    assert waits(session, village) == {(village.peers[0], "peer")}


def test_those_who_stay_in_the_circle_are_told_and_keep_their_calendar(
    session: Session, village: Village
) -> None:
    part(session, village, village.peers[2], Afterwards.REMATCH, now=MONTH_LATER)

    told = change(session, village.peers[0])
    assert told.subject == "Together: a change in circle 1"
    assert "Pol Three is no longer in your circle." in told.text
    assert "You are 2 now." in told.text
    assert told.ics is None
    gone = change(session, village.peers[2]).ics or b""
    assert b"METHOD:CANCEL" in gone
    assert gone.count(b"ATTENDEE") == 1


def test_duties_ahead_go_to_somebody_who_takes_on_least(session: Session, village: Village) -> None:
    part(session, village, village.peers[2], Afterwards.REMATCH)

    turns = session.scalars(select(tables.Duty).where(tables.Duty.circle_id == village.circle))
    holders = {turn.session: turn.person_id for turn in turns}
    assert holders[0] == village.peers[0]
    assert holders[2] in village.peers[:2]


def test_the_way_back_into_the_circle(session: Session, village: Village) -> None:
    part(session, village, village.peers[2], Afterwards.REMATCH)

    take_back(session, village.peers[2])

    row = session.scalars(
        select(tables.CircleMember).where(tables.CircleMember.person_id == village.peers[2])
    ).one()
    assert row.until_session is None
    assert waits(session, village) == set()
    assert "Pol Three is back in your circle." in change(session, village.peers[0]).text


def test_leaving_parts_from_everybody_and_leaves_the_waitlist(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.LEAVE)

    assert state(session, village, village.mentee) is EnrolmentState.LEFT
    assert pair(session, village).state == PairState.ENDED
    assert waits(session, village) == set()
    assert [row.wish for row in session.scalars(select(Parting))] == ["leave"]


def test_coming_back_soon_makes_everything_as_it_was(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.LEAVE)

    whole = partings.come_back(
        session, cycle_id=village.cycle, person_id=village.mentee, now=BEFORE + timedelta(1), links=LINKS
    )

    assert whole
    assert state(session, village, village.mentee) is EnrolmentState.ACTIVE
    assert pair(session, village).state == PairState.ACTIVE


def test_coming_back_later_means_waiting_for_somebody_else(session: Session, village: Village) -> None:
    part(session, village, village.mentee, Afterwards.LEAVE)

    whole = partings.come_back(
        session, cycle_id=village.cycle, person_id=village.mentee, now=BEFORE + timedelta(9), links=LINKS
    )

    assert not whole
    assert pair(session, village).state == PairState.ENDED
    assert waits(session, village) == {(village.mentee, "mentee")}


def test_leaving_before_publication_parts_nobody(session: Session, village: Village) -> None:
    session.get_one(tables.Cycle, village.cycle).state = "open"

    partings.leave(
        session, cycle_id=village.cycle, person_id=village.mentee, by=None, now=BEFORE, links=LINKS
    )
    assert state(session, village, village.mentee) is EnrolmentState.LEFT
    assert partings.come_back(
        session, cycle_id=village.cycle, person_id=village.mentee, now=BEFORE, links=LINKS
    )

    assert pair(session, village).state == PairState.ACTIVE
    assert mails(session, MailKind.GROUP_CHANGE) == []


def test_whoever_pauses_keeps_what_they_have(session: Session, village: Village) -> None:
    partings.pause(session, cycle_id=village.cycle, person_id=village.mentor, now=BEFORE)

    assert state(session, village, village.mentor) is EnrolmentState.PAUSED
    assert pair(session, village).state == PairState.ACTIVE
    assert partings.come_back(
        session, cycle_id=village.cycle, person_id=village.mentor, now=BEFORE, links=LINKS
    )
    assert state(session, village, village.mentor) is EnrolmentState.ACTIVE


def test_when_both_end_the_pair_at_once_it_ends_once(open_session: sessionmaker[Session]) -> None:
    with open_session.begin() as session:
        village = a_village_under_way(session)

    def end(who: UUID) -> bool:
        try:
            with open_session.begin() as session:
                part(session, village, who, Afterwards.REMATCH)
        except WrongState:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(end, (village.mentor, village.mentee) * 4))

    assert ended.count(True) == 1
    with open_session() as session:
        assert len(session.scalars(select(Parting)).all()) == 1
        assert len(mails(session, MailKind.GROUP_CHANGE)) == 2
