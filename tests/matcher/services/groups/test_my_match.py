"""My match: my own side of it, with the first session, and nothing before publication."""

from datetime import UTC, date, datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from matcher.domain.lifecycle import PairState
from matcher.domain.people import Role
from matcher.services.groups import my_match
from matcher.services.groups.my_match import MyDuty, MyMatch, MyWaiting
from matcher.store import tables
from tests.builders import a_cycle, enrolled
from tests.matcher.services.publishing.publications import TUESDAY_EIGHT, a_village


def test_nothing_is_seen_before_publication(session: Session) -> None:
    cycle_id = a_cycle(session)
    person = enrolled(session, cycle_id, Role.MENTEE, name="Mia Mentee")

    assert my_match.my_match(session, cycle_id, person) == MyMatch(published=False)


def test_each_of_a_pair_sees_the_other_and_their_own_side(session: Session) -> None:
    village = a_village(session)

    mine = my_match.my_match(session, village.cycle, village.mentee)
    theirs = my_match.my_match(session, village.cycle, village.mentor)

    (my_pair,), (their_pair,) = mine.pairs, theirs.pairs
    assert (my_pair.partner.id, my_pair.partner_role, my_pair.reasons) == (
        village.mentor,
        Role.MENTOR,
        ("Mo offers what you seek.",),
    )
    assert (their_pair.partner.id, their_pair.partner_role, their_pair.reasons) == (
        village.mentee,
        Role.MENTEE,
        ("Mia looks for what you offer.",),
    )
    assert (mine.sentence, mine.circle, mine.waiting) == ("Mo Mentor is your mentor.", None, ())


def test_first_session_is_the_first_shared_hour_for_both(session: Session) -> None:
    village = a_village(session)

    (mine,), (theirs,) = (
        my_match.my_match(session, village.cycle, person).pairs for person in (village.mentee, village.mentor)
    )

    assert mine.first == theirs.first
    assert mine.first is not None
    assert mine.first.date() == date(2026, 4, 6)


def test_circle_shows_its_members_its_hour_and_my_turns(session: Session) -> None:
    village = a_village(session)

    found = my_match.my_match(session, village.cycle, village.peers[1])

    assert found.circle is not None
    assert (found.circle.number, found.circle.slot) == (1, TUESDAY_EIGHT)
    assert [member.name for member in found.circle.members] == ["Pat One", "Pim Two", "Pol Three"]
    assert found.circle.first == datetime(2026, 4, 7, 8, 0, tzinfo=UTC)
    assert found.circle.duties == (MyDuty(session=2, duty="facilitator", date=date(2026, 4, 21)),)
    assert found.sentence == "You are in circle 1, with 2 others."


def test_waiting_is_told_with_its_reasons(session: Session) -> None:
    village = a_village(session)

    found = my_match.my_match(session, village.cycle, village.waiting)

    sentences = ("Nine people asked for data topics.", "You are second on the waitlist.")
    assert (found.published, found.pairs, found.circles, found.sentence) == (True, (), (), sentences[0])
    assert found.waiting == (MyWaiting(role=Role.MENTEE, sentences=sentences),)


def test_pair_that_ended_is_not_shown(session: Session) -> None:
    village = a_village(session)
    session.get_one(tables.Pair, village.pair).state = PairState.ENDED.value

    assert my_match.my_match(session, village.cycle, village.mentee).pairs == ()


def test_outsider_sees_nothing_of_anybody(session: Session) -> None:
    village = a_village(session)

    found = my_match.my_match(session, village.cycle, uuid4())

    assert (found.pairs, found.circles, found.waiting) == ((), (), ())
    assert found.sentence == "There is nobody for you in this cycle."
