"""A cycle's road: legal moves, the frozen snapshot, two organisers at once."""

import threading
from datetime import date, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Changed, Invalid, NotFound, WrongState
from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.services.sign_up import enrolment
from matcher.store.tables import Cycle, SnapshotRow, SolveRun
from tests.builders import a_cycle, a_draft_cycle, a_programme, answers, enrolled, stored


def test_closing_freezes_everything_and_queues_a_run(session: Session, now: datetime) -> None:
    cycle = a_cycle(session)
    boss = stored(session, "Boss")
    grace = enrolled(session, cycle, Role.MENTOR, name="Grace", ref=2)
    ada = enrolled(session, cycle, Role.MENTEE, name="Ada", ref=1, person={"manager": boss}, wishes=(grace,))

    run = cycles.close(session, cycle_id=cycle, by=None, now=now)

    row = session.get_one(SolveRun, run)
    frozen = cycles.thaw(session.get_one(SnapshotRow, row.snapshot_id))
    assert (cycles.of(session, cycle).state, row.state, row.attempts) == ("closed", "queued", 0)
    assert [(member.id, member.ref) for member in frozen.members] == [(ada, 1), (grace, 2)]
    assert frozen.members[0].profile.answers.wishes == (grace,)
    assert dict(frozen.managers) == {ada: boss}


def test_the_same_answers_give_the_same_hash(session: Session, now: datetime) -> None:
    cycle = a_cycle(session)
    ada = enrolled(session, cycle, Role.MENTEE, name="Ada")
    first = cycles.freeze(session, cycles.of(session, cycle), now=now)
    again = cycles.freeze(session, cycles.of(session, cycle), now=now)
    enrolment.enrol(
        session, cycle_id=cycle, person_id=ada, answers=answers(goals="Another."), by=ada, now=now
    )
    other = cycles.freeze(session, cycles.of(session, cycle), now=now)

    assert first.hash == again.hash != other.hash


def test_damaged_snapshot_is_not_used(session: Session, now: datetime) -> None:
    frozen = cycles.freeze(session, cycles.of(session, a_cycle(session)), now=now)
    frozen.hash = "0" * 64

    with pytest.raises(ValueError, match="damaged"):
        cycles.thaw(frozen)


def test_illegal_move_says_what_can_be_done(session: Session, now: datetime) -> None:
    cycle = a_draft_cycle(session)

    with pytest.raises(WrongState) as told:
        cycles.close(session, cycle_id=cycle, by=None, now=now)

    assert told.value.sentence == (
        "This cycle is draft, so it cannot become closed. Now you can open it for sign-ups or cancel it."
    )
    assert session.scalars(select(SnapshotRow)).all() == []


def test_second_of_two_organisers_is_told(open_session: sessionmaker[Session], now: datetime) -> None:
    with open_session.begin() as session:
        cycle = a_cycle(session)
    late = open_session()
    late.get_one(Cycle, cycle)
    late.commit()  # has seen the page, and holds no lock while reading it

    with open_session.begin() as session:
        cycles.cancel(session, cycle_id=cycle, by=None, now=now)

    with pytest.raises((Changed, WrongState), match="cancelled"):
        cycles.close(late, cycle_id=cycle, by=None, now=now)
    late.close()


def test_nobody_signs_up_into_a_snapshot_that_is_being_frozen(
    open_session: sessionmaker[Session], now: datetime
) -> None:
    with open_session.begin() as session:
        cycle = a_cycle(session)
    late = open_session()
    ada = enrolled(late, cycle, Role.MENTEE, name="Ada")
    runs: list[UUID] = []

    def close() -> None:
        with open_session.begin() as session:
            runs.append(cycles.close(session, cycle_id=cycle, by=None, now=now))

    closing = threading.Thread(target=close)
    closing.start()
    closing.join(timeout=0.3)
    waits = closing.is_alive()
    late.commit()
    closing.join()
    late.close()

    assert waits
    with open_session() as session:
        row = session.get_one(SolveRun, runs[0])
        frozen = cycles.thaw(session.get_one(SnapshotRow, row.snapshot_id))
    assert [member.id for member in frozen.members] == [ada]


def test_reopening_cancels_what_was_queued(session: Session, now: datetime) -> None:
    cycle = a_cycle(session)
    run = cycles.close(session, cycle_id=cycle, by=None, now=now)

    cycles.reopen(session, cycle_id=cycle, by=None, now=now)

    assert cycles.of(session, cycle).state == "open"
    assert session.get_one(SolveRun, run).state == "cancelled"


def test_dates_in_the_wrong_order_are_all_named(session: Session, now: datetime) -> None:
    with pytest.raises(Invalid) as told:
        cycles.create(
            session,
            programme_id=a_programme(session),
            name=" ",
            opens_on=date(2026, 3, 2),
            closes_on=date(2026, 3, 1),
            starts_on=date(2026, 4, 1),
            ends_on=date(2026, 3, 31),
            by=None,
            now=now,
        )

    assert [(problem.pointer, problem.sentence) for problem in told.value.problems] == [
        ("/name", "Enter a name of 1 to 200 characters."),
        ("/closes_on", "Sign-up closes before it opens. Choose a later day."),
        ("/ends_on", "The cycle ends before it starts. Choose a later day."),
    ]


def test_only_organisers_move_a_cycle(session: Session, now: datetime) -> None:
    organiser, outsider = stored(session, "Olive"), stored(session, "Mallory")
    programme = a_programme(session, by=organiser)
    cycle = a_draft_cycle(session, programme=programme)

    with pytest.raises(NotFound):
        cycles.open_(session, cycle_id=cycle, by=outsider, now=now)
    with pytest.raises(NotFound):
        cycles.open_(session, cycle_id=uuid4(), by=organiser, now=now)

    cycles.open_(session, cycle_id=cycle, by=organiser, now=now)
    assert cycles.of(session, cycle).state == "open"


def test_policies_are_kept_by_number(session: Session, now: datetime) -> None:
    programme = a_programme(session)
    policy = programmes.policy_of(session, programme)
    milder = policy.replace(line=300)

    same = programmes.set_policy(session, programme_id=programme, policy=policy, by=None, now=now)
    number = programmes.set_policy(session, programme_id=programme, policy=milder, by=None, now=now)

    assert (same, number, programmes.policy_of(session, programme)) == (1, 2, milder)


@pytest.mark.parametrize("slug", ["", "With Blanks", "ünder", "-a", "a--b", "a" * 61])
def test_programme_address_is_checked(session: Session, now: datetime, slug: str) -> None:
    policy = programmes.policy_of(session, a_programme(session))

    with pytest.raises(Invalid):
        programmes.create(session, name="X", slug=slug, policy=policy, by=None, now=now)


def test_programme_address_is_taken_once(session: Session, now: datetime) -> None:
    policy = programmes.policy_of(session, a_programme(session))
    programmes.create(session, name="X", slug="one", policy=policy, by=None, now=now)

    with pytest.raises(Invalid, match="already"):
        programmes.create(session, name="Y", slug="one", policy=policy, by=None, now=now)
