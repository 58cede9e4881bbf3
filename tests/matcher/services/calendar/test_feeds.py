"""The calendar to subscribe to: all sessions of one person, at a secret address that can be ended."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.mail.links import Links
from matcher.services.calendar import feeds, invitations
from matcher.store import tables
from matcher.store.participant_tables import CalendarFeed
from tests.matcher.services.publishing.publications import Village, a_village

LINKS = Links(base_url="https://match.example")


@pytest.fixture
def village(session):
    found = a_village(session)
    session.get_one(tables.Cycle, found.cycle).state = "published"
    session.flush()
    return found


def events(content: bytes) -> list[dict[str, object]]:
    return [
        {
            "uid": str(event["uid"]),
            "summary": str(event["summary"]),
            "start": event["dtstart"].dt.astimezone(UTC),
            "count": event["rrule"]["count"][0],
        }
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def address(session: Session, person: UUID, now: datetime) -> str:
    return feeds.make(session, by=person, now=now)


def test_feed_holds_every_series_of_the_person(session: Session, village: Village, now: datetime) -> None:
    token = address(session, village.peers[1], now)

    (circle,) = events(feeds.calendar(session, token=token, links=LINKS).content)

    assert circle == {
        "uid": f"{village.circle}@match.example",
        "summary": "Circle 1 of Together",
        "start": datetime(2026, 4, 7, 8, 0, tzinfo=UTC),
        "count": 6,
    }


def test_own_duties_stand_in_the_description(session: Session, village: Village, now: datetime) -> None:
    token = address(session, village.peers[1], now)

    text = feeds.calendar(session, token=token, links=LINKS).content.replace(b"\r\n ", b"").decode()

    assert "Session 2\\, Tuesday\\, 21 April 2026: facilitator" in text


def test_feed_names_the_partner_and_tells_nothing_else(
    session: Session, village: Village, now: datetime
) -> None:
    token = address(session, village.mentee, now)

    text = feeds.calendar(session, token=token, links=LINKS).content.decode()

    assert "Mo Mentor" in text
    assert "mo.mentor" not in text
    assert "ATTENDEE" not in text
    assert "Pat One" not in text


def test_uid_equals_the_one_of_the_invitation(session: Session, village: Village, now: datetime) -> None:
    token = address(session, village.mentee, now)

    (subscribed,) = events(feeds.calendar(session, token=token, links=LINKS).content)
    (invited,) = events(
        invitations.again(session, group_id=village.pair, person_id=village.mentee, links=LINKS, now=now)
    )

    assert subscribed["uid"] == invited["uid"]
    assert subscribed["start"] == invited["start"]


def test_etag_changes_only_with_the_calendar(session: Session, village: Village, now: datetime) -> None:
    token = address(session, village.peers[1], now)
    before = feeds.calendar(session, token=token, links=LINKS)

    assert feeds.calendar(session, token=token, links=LINKS) == before

    duty = session.query(tables.Duty).filter_by(person_id=village.peers[0]).one()
    duty.person_id = village.peers[1]
    session.flush()
    assert feeds.calendar(session, token=token, links=LINKS).etag != before.etag


def test_who_joined_late_sees_only_the_sessions_to_come(
    session: Session, village: Village, now: datetime
) -> None:
    seat = session.query(tables.CircleMember).filter_by(person_id=village.peers[1]).one()
    seat.from_session = 2
    session.flush()
    token = address(session, village.peers[1], now)

    (circle,) = events(feeds.calendar(session, token=token, links=LINKS).content)

    assert (circle["start"], circle["count"]) == (
        datetime(2026, 4, 7, 8, 0, tzinfo=UTC) + timedelta(weeks=4),
        4,
    )


def test_new_address_ends_the_old_one_and_only_a_hash_is_kept(
    session: Session, village: Village, now: datetime
) -> None:
    old = address(session, village.mentee, now)
    new = address(session, village.mentee, now)

    with pytest.raises(NotFound):
        feeds.calendar(session, token=old, links=LINKS)
    assert feeds.calendar(session, token=new, links=LINKS).content
    assert new not in str([row.token_hash for row in session.query(CalendarFeed)])


@pytest.mark.parametrize("what", ["ended", "unknown", "closed account"])
def test_feed_that_is_over_looks_like_one_that_never_was(
    session: Session, village: Village, now: datetime, what: str
) -> None:
    token = address(session, village.mentee, now)
    if what == "ended":
        feeds.end(session, by=village.mentee, now=now)
    if what == "closed account":
        session.get_one(tables.PersonRow, village.mentee).active = False
        session.flush()

    with pytest.raises(NotFound):
        feeds.calendar(session, token="x" if what == "unknown" else token, links=LINKS)
    assert feeds.made_at(session, village.mentee) == (None if what == "ended" else now)
