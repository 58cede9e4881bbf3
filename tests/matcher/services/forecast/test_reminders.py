"""Reminders: to whom, at most once in seven days, and never to somebody who has decided."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.people import Role
from matcher.mail.links import Links
from matcher.services.cycle import cycles
from matcher.services.forecast import reminders
from matcher.services.sign_up import enrolment
from matcher.store.participant_tables import FormDraft
from matcher.store.tables import Cycle, MailRow
from tests.builders import NOON, a_cycle, enrolled, stored

LINKS = Links(base_url="https://match.example")
EVERY_GROUP = frozenset({"begun", "earlier", "known"})


def send(session, cycle_id, *, now=NOON, chosen=EVERY_GROUP) -> int:
    return reminders.send(session, cycle_id=cycle_id, chosen=chosen, by=None, now=now, links=LINKS)


def groups(session, cycle_id, now=NOON) -> dict[str, tuple[int, int]]:
    found = reminders.segments(session, cycle_id=cycle_id, by=None, now=now)
    return {one.key: (one.people, one.can) for one in found}


@pytest.fixture
def village(session):
    """An earlier cycle with Eva, and one open now: Sina is in, Leo has left, Ben began, Kim is known."""
    first = a_cycle(session)
    eva = enrolled(session, first, Role.MENTEE, name="Eva Earlier")
    programme = session.get_one(Cycle, first).programme_id
    cycle_id = cycles.create(
        session,
        programme_id=programme,
        name="Autumn",
        opens_on=date(2026, 3, 1),
        closes_on=date(2026, 3, 14),
        starts_on=date(2026, 4, 6),
        ends_on=date(2026, 7, 31),
        by=None,
        now=NOON,
    )
    cycles.open_(session, cycle_id=cycle_id, by=None, now=NOON)
    enrolled(session, cycle_id, Role.MENTEE, name="Sina Signed")
    leo = enrolled(session, cycle_id, Role.MENTEE, name="Leo Left")
    enrolment.leave(session, cycle_id=cycle_id, person_id=leo, by=leo, now=NOON)
    ben = stored(session, "Ben Begun")
    session.add(FormDraft(cycle_id=cycle_id, person_id=ben, typed={}, saved_at=NOON))
    stored(session, "Kim Known")
    session.flush()
    return cycle_id, eva, ben


def test_everybody_undecided_is_in_one_group(session, village):
    assert groups(session, village[0]) == {"begun": (1, 1), "earlier": (1, 1), "known": (1, 1)}


def test_only_chosen_groups_are_written_to(session, village):
    cycle_id, _, ben = village

    assert send(session, cycle_id, chosen=frozenset({"begun", "no such group"})) == 1

    mail = session.scalars(select(MailRow)).one()
    assert (mail.person_id, mail.kind) == (ben, "reminder")
    assert "you have begun the form for Together (Autumn)" in mail.text
    assert "https://match.example/c/" in mail.text


def test_nobody_is_reminded_twice_in_seven_days(session, village):
    cycle_id = village[0]

    written = send(session, cycle_id), send(session, cycle_id, now=NOON + timedelta(days=6))
    assert written == (3, 0)
    assert groups(session, cycle_id)["known"] == (1, 0)
    assert send(session, cycle_id, now=NOON + timedelta(days=8)) == 3


def test_nobody_is_reminded_of_a_closed_sign_up(session, village):
    cycle_id = village[0]
    cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)

    assert groups(session, cycle_id) == {}
    with pytest.raises(WrongState, match="Sign-up is not open"):
        send(session, cycle_id)


def test_nobody_else_reminds(session, village):
    outsider = stored(session, "Otto Outside")

    with pytest.raises(NotFound):
        reminders.segments(session, cycle_id=village[0], by=outsider, now=NOON)
