"""Quiet pairs and circles: what counts as a sign, and a kind word at most once in two weeks."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.mailing import MailKind
from matcher.services import audit
from matcher.services.during import inactive
from matcher.services.duties import offers
from matcher.services.groups import goals, notes
from matcher.store import tables
from matcher.store.participant_tables import DutyOffer
from tests.builders import stored
from tests.matcher.services.during.care import LINKS, a_village_under_way, mails
from tests.matcher.services.publishing.publications import Village

BEGUN = datetime(2026, 4, 6, 9, 0, tzinfo=UTC)
LATER = BEGUN + timedelta(weeks=5)
"""Five weeks after the sessions have begun."""


@pytest.fixture
def village(session: Session) -> Village:
    return a_village_under_way(session)


def quiet_groups(session: Session, village: Village, now: datetime = LATER) -> list[tuple[str, ...]]:
    found = inactive.look(session, cycle_id=village.cycle, by=None, now=now, most=25)
    assert found.count == len(found.lines)
    return [one.names for one in found.lines]


def remind(session: Session, village: Village, now: datetime = LATER, **more: object) -> int:
    return inactive.remind(session, cycle_id=village.cycle, by=None, now=now, links=LINKS, **more)


PAIR = ("Mia Mentee", "Mo Mentor")
CIRCLE = ("Pat One", "Pim Two", "Pol Three")


def test_who_has_left_no_trace_for_four_weeks_seems_quiet(session, village):
    assert quiet_groups(session, village) == [CIRCLE, PAIR]


def test_nobody_seems_quiet_in_the_first_four_weeks(session, village):
    assert quiet_groups(session, village, BEGUN + timedelta(weeks=3, days=6)) == []


def test_a_goal_or_a_step_towards_it_is_a_trace(session, village):
    then = LATER - timedelta(weeks=1)
    goal = goals.add(session, group_id=village.pair, text="Speak up", by=village.mentee, now=then)

    assert quiet_groups(session, village) == [CIRCLE]
    assert quiet_groups(session, village, LATER + timedelta(weeks=4)) == [CIRCLE, PAIR]

    goals.reach(
        session,
        group_id=village.pair,
        goal_id=goal,
        reached=True,
        by=village.mentor,
        now=LATER + timedelta(weeks=3),
    )
    assert quiet_groups(session, village, LATER + timedelta(weeks=4)) == [CIRCLE]


def test_a_duty_that_is_offered_is_a_trace(session, village):
    turn = session.query(tables.Duty).filter_by(circle_id=village.circle, session=2).one()
    offers.offer(session, duty_id=turn.id, by=turn.person_id, now=BEGUN - timedelta(days=3))
    assert quiet_groups(session, village) == [CIRCLE, PAIR]

    row = session.query(DutyOffer).one()
    row.ended_at = LATER - timedelta(days=1)
    session.flush()
    assert quiet_groups(session, village) == [PAIR]


def test_private_notes_are_no_trace(session, village):
    yesterday = LATER - timedelta(days=1)
    notes.save(session, group_id=village.pair, text="Mine", version=0, by=village.mentee, now=yesterday)

    assert PAIR in quiet_groups(session, village)


def test_pairs_that_ended_or_began_late_are_not_quiet(session, village):
    pair = session.get_one(tables.Pair, village.pair)
    pair.made_at = LATER - timedelta(weeks=2)
    session.flush()
    assert quiet_groups(session, village) == [CIRCLE]

    pair.made_at, pair.state = None, "ended"
    session.flush()
    assert quiet_groups(session, village) == [CIRCLE]


def test_each_is_written_to_once_in_two_weeks(session, village):
    assert remind(session, village) == 5
    assert remind(session, village, LATER + timedelta(days=13)) == 0
    assert remind(session, village, LATER + timedelta(days=15)) == 5

    letters = mails(session, MailKind.REMINDER, village.mentee)
    assert len(letters) == 2
    assert letters[0].subject == "How is it going in Together?"
    assert "on the page you share with Mo Mentor" in " ".join(letters[0].text.split())


def test_one_group_is_written_to_alone(session, village):
    assert remind(session, village, group_id=village.pair) == 2

    found = inactive.look(session, cycle_id=village.cycle, by=None, now=LATER, most=25)
    assert [(one.names, one.reminded_at) for one in found.lines] == [(CIRCLE, None), (PAIR, LATER)]
    assert remind(session, village) == 3


def test_who_paused_or_left_is_not_written_to(session, village):
    row = session.query(tables.EnrolmentRow).filter_by(person_id=village.peers[0]).one()
    row.state = "paused"
    session.flush()

    assert remind(session, village, group_id=village.circle) == 2
    assert "Pat One" not in mails(session, MailKind.REMINDER)[0].text


def test_a_group_that_is_not_quiet_is_left_alone(session, village):
    goals.add(session, group_id=village.pair, text="Speak up", by=village.mentee, now=LATER)

    assert remind(session, village, group_id=village.pair) == 0


def test_it_is_written_down_without_names(session, village):
    remind(session, village)

    number = audit.verify(session).entries
    entry, said = session.get_one(tables.AuditEntry, number), session.get_one(tables.AuditPayload, number)
    assert (entry.act, entry.about, said.payload) == (
        "reminder written",
        village.cycle,
        {"groups": 2, "mails": 5},
    )


def test_nobody_is_written_to_after_the_end_or_by_an_outsider(session, village):
    with pytest.raises(NotFound):
        inactive.remind(
            session, cycle_id=village.cycle, by=stored(session, "Otto Outside"), now=LATER, links=LINKS
        )

    session.get_one(tables.Cycle, village.cycle).state = "completed"
    session.flush()
    assert quiet_groups(session, village) == []
    with pytest.raises(WrongState):
        remind(session, village)
