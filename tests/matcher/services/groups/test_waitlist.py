"""The waitlist's order: credit of earlier cycles, then who signed up earlier; and what waiting earns."""

from datetime import timedelta

from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.services.groups import waitlist
from matcher.services.groups.waitlist import WaitlistPlace
from matcher.store import tables
from tests.builders import NOON, a_draft_cycle, enrolled
from tests.matcher.services.publishing.publications import Village, a_village, add


def one_more(session: Session, village: Village, name: str, *, hours: int) -> object:
    """Somebody else who waits, signed up so many hours after noon."""
    session.get_one(tables.Cycle, village.cycle).state = "open"
    session.flush()
    person = enrolled(session, village.cycle, Role.MENTEE, name=name)
    session.get_one(tables.Cycle, village.cycle).state = "published"
    row = session.query(tables.EnrolmentRow).filter_by(person_id=person).one()
    row.enrolled_at = NOON + timedelta(hours=hours)
    add(session, tables.WaitlistRow(cycle_id=village.cycle, person_id=person, role="mentee", sentences=[]))
    return person


def place_of(session: Session, village: Village, person: object) -> WaitlistPlace:
    return waitlist.places(session, village.cycle, person)[Role.MENTEE]


def test_who_signed_up_earlier_is_placed_earlier(session: Session) -> None:
    village = a_village(session)
    later = one_more(session, village, "Lou Later", hours=3)
    earlier = one_more(session, village, "Eli Earlier", hours=-3)

    order = [place_of(session, village, each).number for each in (earlier, village.waiting, later)]

    assert order == [1, 2, 3]
    assert place_of(session, village, later) == WaitlistPlace(role=Role.MENTEE, number=3, of=3)


def test_who_came_off_badly_before_goes_first(session: Session) -> None:
    village = a_village(session)
    later = one_more(session, village, "Lou Later", hours=3)
    this = session.get_one(tables.Cycle, village.cycle)
    this.number = 2
    session.flush()
    before = session.get_one(tables.Cycle, a_draft_cycle(session, programme=this.programme_id))
    this.number, before.number, before.state = 4, 3, "archived"
    add(session, tables.Credit(cycle_id=before.id, person_id=later, levels=2, balance=0, sentence=""))

    assert place_of(session, village, later).number == 1
    assert place_of(session, village, village.waiting).number == 2


def test_who_has_left_or_was_placed_holds_nobody_up(session: Session) -> None:
    village = a_village(session)
    earlier = one_more(session, village, "Eli Earlier", hours=-3)
    placed = one_more(session, village, "Pia Placed", hours=-2)
    session.query(tables.EnrolmentRow).filter_by(person_id=earlier).one().state = "left"
    session.query(tables.WaitlistRow).filter_by(person_id=placed).one().settled_at = NOON
    session.flush()

    assert place_of(session, village, village.waiting) == WaitlistPlace(role=Role.MENTEE, number=1, of=1)


def test_who_does_not_wait_has_no_place(session: Session) -> None:
    village = a_village(session)

    assert waitlist.places(session, village.cycle, village.mentee) == {}


def test_credit_out_of_this_cycle_is_what_makes_somebody_go_first(session: Session) -> None:
    village = a_village(session)
    assert waitlist.goes_first(session, village.cycle, village.waiting) is False

    add(
        session,
        tables.Credit(cycle_id=village.cycle, person_id=village.waiting, levels=2, balance=0, sentence=""),
    )

    assert waitlist.goes_first(session, village.cycle, village.waiting) is True
