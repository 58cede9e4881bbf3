"""The letters of a publication: one to everybody concerned, each with the right words and the right hour."""

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.mail.links import Links
from matcher.services.publishing import letters as publishing_letters
from matcher.store import tables
from tests.builders import NOON, a_cycle, stored
from tests.matcher.services.publishing.publications import Village, a_village

LINKS = Links(base_url="https://match.river.example")


def mail(session: Session, village: Village, person: object) -> tables.MailRow:
    asked = select(tables.MailRow).where(
        tables.MailRow.cycle_id == village.cycle, tables.MailRow.person_id == person
    )
    return session.scalars(asked).one()


def test_everybody_concerned_gets_one_letter(session: Session) -> None:
    village = a_village(session)
    organiser = stored(session, "Oda Organiser")

    count = publishing_letters.write(session, cycle_id=village.cycle, by=organiser, now=NOON, links=LINKS)

    rows = session.scalars(select(tables.MailRow).where(tables.MailRow.cycle_id == village.cycle)).all()
    assert count == len(rows) == 7
    assert Counter(row.kind for row in rows) == {
        "introduction": 2,
        "circle_introduction": 3,
        "waitlist": 1,
        "receipt": 1,
    }
    assert {row.person_id for row in rows} == {
        village.mentor,
        village.mentee,
        *village.peers,
        village.waiting,
        organiser,
    }


def test_introductions_name_the_other_and_invite_both_to_one_hour(session: Session) -> None:
    village = a_village(session)
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    to_mentee, to_mentor = mail(session, village, village.mentee), mail(session, village, village.mentor)

    assert (to_mentee.subject, to_mentor.subject) == (
        "Meet Mo Mentor, your mentor",
        "Meet Mia Mentee, your mentee",
    )
    assert "- Mo offers what you seek." in to_mentee.text
    assert "- Mia looks for what you offer." in to_mentor.text
    assert to_mentee.ics == to_mentor.ics
    (event,) = icalendar.Calendar.from_ical(to_mentee.ics or b"").walk("VEVENT")
    start = event["DTSTART"].dt
    assert start.tzinfo == ZoneInfo("Asia/Kolkata")
    assert str(event["UID"]) == f"{village.pair}@match.river.example"
    assert f"{start:%H:%M} to" in to_mentee.text
    assert f"{start.astimezone(ZoneInfo('Europe/Berlin')):%H:%M} to" in to_mentor.text


def test_introductions_tell_whose_turn_it_is_to_lead(session: Session) -> None:
    village = a_village(session)
    for number, person in enumerate((village.mentee, village.mentor, village.mentee)):
        turn = {"pair_id": village.pair, "session": number, "duty": "facilitator", "person_id": person}
        session.add(tables.Duty(**turn))
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    to_mentee, to_mentor = mail(session, village, village.mentee), mail(session, village, village.mentor)

    assert "YOUR TURN TO LEAD" in to_mentee.text
    assert [line[:12] for line in to_mentee.text.splitlines() if line.startswith("- Session")] == [
        "- Session 1,",
        "- Session 3,",
    ]
    assert [line[:12] for line in to_mentor.text.splitlines() if line.startswith("- Session")] == [
        "- Session 2,"
    ]


def test_who_never_leads_reads_nothing_about_it(session: Session) -> None:
    village = a_village(session)
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    assert "YOUR TURN TO LEAD" not in mail(session, village, village.mentee).text


def test_circle_letters_tell_each_their_own_duties(session: Session) -> None:
    village = a_village(session)
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    texts = [mail(session, village, peer).text for peer in village.peers]

    turns = [[line for line in text.splitlines() if line.startswith("- Session")] for text in texts]
    assert turns == [
        ["- Session 1, Tuesday, 7 April 2026: facilitator"],
        ["- Session 2, Tuesday, 21 April 2026: facilitator"],
        ["- Session 3, Tuesday, 5 May 2026: facilitator"],
    ]
    (event,) = icalendar.Calendar.from_ical(mail(session, village, village.peers[0]).ics or b"").walk(
        "VEVENT"
    )
    assert event["DTSTART"].dt == datetime(2026, 4, 7, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def test_waitlist_letter_gives_its_reasons(session: Session) -> None:
    village = a_village(session)
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    text = mail(session, village, village.waiting).text

    assert "- Nine people asked for data topics.\n- You are second on the waitlist." in text


def test_letters_of_a_publication_are_written_once(session: Session) -> None:
    village = a_village(session)
    publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)

    with pytest.raises(IntegrityError):
        publishing_letters.write(session, cycle_id=village.cycle, by=None, now=NOON, links=LINKS)


def test_no_letters_without_a_publication(session: Session) -> None:
    with pytest.raises(NotFound):
        publishing_letters.write(session, cycle_id=a_cycle(session), by=None, now=NOON, links=LINKS)
