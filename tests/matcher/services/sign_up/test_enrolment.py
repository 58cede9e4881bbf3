"""Signing up, changing the answers, pausing and leaving."""

import threading
from datetime import datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Invalid, NotAllowed, NotFound, WrongState
from matcher.domain.people import EnrolmentState, Role
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.sign_up import enrolment
from matcher.store.tables import EnrolmentRow, NotWith, Wish
from tests.builders import a_cycle, a_draft_cycle, answers, enrolled, stored


def test_answers_come_back_as_they_were_given(session: Session, now: datetime) -> None:
    cycle, ada, grace, alan = a_cycle(session), *(stored(session, name) for name in ("Ada", "Grace", "Alan"))
    said = answers(Role.MENTEE, Role.PEER, wishes=(grace,), not_with=(alan,), goals="Lead with care.")

    enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=said, by=ada, now=now, ref=7)

    found = enrolment.of(session, cycle, ada)
    assert found is not None
    assert (found.answers, found.state, found.ref) == (said, EnrolmentState.ACTIVE, 7)


def test_signing_up_again_replaces_the_answers(session: Session, now: datetime) -> None:
    cycle = a_cycle(session)
    grace = stored(session, "Grace")
    ada = enrolled(session, cycle, Role.MENTEE, name="Ada", ref=7, not_with=(grace,))
    said = answers(Role.MENTOR, capacity=3)

    enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=said, by=ada, now=now)

    found = enrolment.of(session, cycle, ada)
    assert found is not None
    assert (found.answers, found.ref) == (said, 7)
    assert session.scalars(select(NotWith)).all() == []


def test_all_wrong_names_are_told_at_once(session: Session, now: datetime) -> None:
    cycle, ada, grace = a_cycle(session), stored(session, "Ada"), stored(session, "Grace")
    said = answers(Role.MENTEE, wishes=(ada, uuid4(), grace, grace), not_with=(grace,))

    with pytest.raises(Invalid) as told:
        enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=said, by=ada, now=now)

    assert [(problem.pointer, problem.sentence) for problem in told.value.problems] == [
        ("/wishes/0", "You cannot name yourself."),
        ("/wishes/1", "There is no such person."),
        ("/wishes/2", "This person is in your wishes and in “not with”."),
        ("/wishes/3", "This person is named twice."),
    ]
    assert enrolment.of(session, cycle, ada) is None


def test_a_cycle_that_is_not_open_takes_no_answers(session: Session, now: datetime) -> None:
    cycle, ada = a_draft_cycle(session), stored(session, "Ada")

    with pytest.raises(WrongState, match="is draft and takes no answers"):
        enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=answers(), by=ada, now=now)


def test_outsider_cannot_answer_for_somebody(session: Session, now: datetime) -> None:
    cycle, ada, outsider = a_cycle(session), stored(session, "Ada"), stored(session, "Mallory")

    with pytest.raises(NotFound):
        enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=answers(), by=outsider, now=now)
    with pytest.raises(NotFound):
        enrolment.leave(session, cycle_id=cycle, person_id=ada, by=outsider, now=now)


def test_closed_account_cannot_sign_up(session: Session, now: datetime) -> None:
    cycle, ada = a_cycle(session), stored(session, "Ada")
    people.update(session, ada, active=False)

    with pytest.raises(NotAllowed):
        enrolment.enrol(session, cycle_id=cycle, person_id=ada, answers=answers(), by=ada, now=now)


@pytest.mark.parametrize(
    ("act", "state"), [(enrolment.pause, EnrolmentState.PAUSED), (enrolment.leave, EnrolmentState.LEFT)]
)
def test_who_pauses_or_leaves_is_not_in_the_snapshot(
    session: Session, now: datetime, act: object, state: EnrolmentState
) -> None:
    cycle = a_cycle(session)
    ada = enrolled(session, cycle, Role.MENTEE, name="Ada")
    grace = enrolled(session, cycle, Role.MENTOR, name="Grace")

    act(session, cycle_id=cycle, person_id=ada, by=ada, now=now)  # type: ignore[operator]  # one of two acts

    found = enrolment.of(session, cycle, ada)
    assert found is not None
    assert found.state is state
    frozen = cycles.thaw(cycles.freeze(session, cycles.of(session, cycle), now=now))
    assert [member.id for member in frozen.members] == [grace]


def test_one_address_is_one_person(session: Session, now: datetime) -> None:
    first = people.ensure(session, email=" Ada@Example.org ", name="Ada", now=now)
    second = people.ensure(session, email="ada@example.ORG", name="Ada Byron", grade=4, now=now)

    assert first == second
    assert people.of(session, first).name == "Ada Byron"
    assert people.by_addresses(session, ["ADA@example.org", "nobody@example.org"]) == {
        "ada@example.org": first
    }


def test_signing_up_twice_at_once_is_one_enrolment(
    open_session: sessionmaker[Session], now: datetime
) -> None:
    with open_session.begin() as session:
        cycle, ada, grace = a_cycle(session), stored(session, "Ada"), stored(session, "Grace")
    faults: list[Exception] = []

    def sign_up(person: UUID, other: UUID) -> None:
        try:
            with open_session.begin() as session:
                said = answers(Role.MENTEE, wishes=(other,))
                enrolment.enrol(session, cycle_id=cycle, person_id=person, answers=said, by=person, now=now)
        except Exception as fault:
            faults.append(fault)

    both = [(ada, grace), (grace, ada)] * 4
    threads = [threading.Thread(target=sign_up, args=pair) for pair in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert faults == []
    with open_session() as session:
        assert session.scalar(select(func.count()).select_from(EnrolmentRow)) == 2
        assert session.scalar(select(func.count()).select_from(Wish)) == 2
