"""Publishing: all or nothing, once, exactly what was reviewed; and what it leaves for the next cycle."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from matcher.services.sign_up import enrolment
from matcher.store.tables import (
    AuditEntry,
    Base,
    Circle,
    CircleMember,
    Credit,
    Cycle,
    Draft,
    DraftPair,
    Duty,
    MailRow,
    Pair,
    Publication,
    SnapshotRow,
    WaitlistRow,
)
from tests.builders import NOON, a_cycle, a_policy, a_programme, enrolled, reviewed, solved, stored

LINKS = Links(base_url="https://match.example.org")
POLICY = a_policy(rules=("same_person", "not_blocked", "no_repeat"), circles=CircleFormat())


def a_small_company(session: Session, cycle: UUID) -> None:
    """Two mentors, three mentees, five peers."""
    for number in range(2):
        enrolled(session, cycle, Role.MENTOR, name=f"Mentor {number}", ref=number)
    for number in range(3):
        enrolled(session, cycle, Role.MENTEE, name=f"Mentee {number}", ref=10 + number)
    for number in range(5):
        enrolled(session, cycle, Role.PEER, name=f"Peer {number}", ref=20 + number)


@pytest.fixture
def draft(open_session: sessionmaker[Session]) -> UUID:
    return reviewed(open_session, a_small_company, policy=POLICY)


def publish(session: Session, draft: UUID, *, by: UUID | None = None, seen: str | None = None) -> Publication:
    found = session.get_one(Draft, draft)
    return publication.publish(
        session, draft_id=draft, seen_hash=seen or found.hash, by=by, now=NOON, links=LINKS
    )


def how_many(session: Session, *tables: type[Base]) -> dict[str, int]:
    return {
        table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
    }


RESULTS = (Publication, Pair, Circle, CircleMember, Duty, WaitlistRow, Credit, MailRow)


def test_publishing_writes_everything(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session.begin() as session:
        publish(session, draft)

    with open_session() as session:
        assert how_many(session, *RESULTS) == {
            "publication": 1,
            "pair": 2,
            "circle": 1,
            "circle_member": 5,
            "duty": 18 + 2 * 6,
            "waiting": 1,
            "credit": 10,
            "mail": 2 * 2 + 5 + 1,
        }
        cycle = session.scalars(select(Cycle)).one()
        assert cycle.state == "published"
        assert audit.verify(session).broken_at is None
        last = session.scalars(select(AuditEntry.act).order_by(AuditEntry.number.desc())).first()
        assert last == "published"


def test_fault_in_the_middle_leaves_nothing(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session() as session:
        publish(session, draft)
        session.rollback()

    with open_session() as session:
        assert set(how_many(session, *RESULTS).values()) == {0}
        assert session.scalars(select(Cycle.state)).one() == "review"


def test_two_publishers_at_once_are_one_publication(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session.begin() as session:
        cycle = cycles.of(session, session.get_one(Draft, draft).cycle_id)
        organisers = [stored(session, name) for name in ("Olive", "Oscar")]
        for one in organisers:
            programmes.add_organiser(
                session, programme_id=cycle.programme_id, person_id=one, by=None, now=NOON
            )
    told: list[Any] = []
    ready = threading.Barrier(2)

    def one_of_two(organiser: UUID) -> None:
        try:
            ready.wait()
            with open_session.begin() as session:
                publish(session, draft, by=organiser)
            told.append("published")
        except Changed as late:
            told.append((late.who, late.when, late.sentence))

    threads = [threading.Thread(target=one_of_two, args=(one,)) for one in organisers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert told.count("published") == 1
    (who, when, sentence) = next(one for one in told if one != "published")
    assert (who in {"Olive", "Oscar"}, when) == (True, NOON)
    assert sentence == f"{who} published “Spring” on 2 March 2026 at 12:00 UTC. Nothing was published twice."
    with open_session() as session:
        assert how_many(session, Publication, Pair) == {"publication": 1, "pair": 2}


def test_only_the_draft_that_was_seen_is_published(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session() as session, pytest.raises(Changed, match="not the draft you saw"):
        publish(session, draft, seen="0" * 64)
    with open_session.begin() as session:
        pair = session.scalars(select(DraftPair)).first()
        assert pair is not None
        pair.points += 1

    with open_session() as session, pytest.raises(Changed, match="not the draft you saw"):
        publish(session, draft)
    with open_session() as session:
        assert how_many(session, *RESULTS)["publication"] == 0


def test_nobody_who_left_is_introduced(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session.begin() as session:
        found = draft_summary.summary(session, draft)
        left, closed = found.pairs[0].mentor, found.circles[0].members[0]
        enrolment.leave(session, cycle_id=found.cycle_id, person_id=left.id, by=left.id, now=NOON)
        people.update(session, closed.id, active=False)

    names = " and ".join(sorted([left.name, closed.name]))
    with open_session() as session, pytest.raises(Changed, match=f"No longer taking part: {names}"):
        publish(session, draft)


def test_a_reopened_cycle_is_not_published(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session.begin() as session:
        cycles.reopen(session, cycle_id=session.get_one(Draft, draft).cycle_id, by=None, now=NOON)

    with open_session() as session, pytest.raises(WrongState, match="is open"):
        publish(session, draft)


def test_outsider_cannot_publish(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session() as session:
        outsider = stored(session, "Mallory")
        with pytest.raises(NotFound):
            publish(session, draft, by=outsider)
        with pytest.raises(NotFound):
            publication.publish(session, draft_id=uuid4(), seen_hash="", by=None, now=NOON, links=LINKS)


def test_next_cycle_learns_from_this_one(open_session: sessionmaker[Session]) -> None:
    with open_session.begin() as session:
        programme = a_programme(session, policy=POLICY)
    first = reviewed(open_session, a_small_company, programme=programme)
    with open_session.begin() as session:
        seen = draft_summary.summary(session, first)
        publish(session, first)
        cycles.start(session, cycle_id=seen.cycle_id, by=None, now=NOON + timedelta(days=40))
        cycles.complete(session, cycle_id=seen.cycle_id, by=None, now=NOON + timedelta(days=150))
        unlucky = seen.waiting[0].person
        pairs = {frozenset((pair.mentor.id, pair.mentee.id)) for pair in seen.pairs}

    with open_session.begin() as session:
        second = a_cycle(session, programme=programme)
        a_small_company(session, second)
        run = cycles.close(session, cycle_id=second, by=None, now=NOON)
        frozen = cycles.thaw(session.scalars(select(SnapshotRow).where(SnapshotRow.cycle_id == second)).one())
    again = solved(open_session, run)

    assert {frozenset(both): ago for both, ago in frozen.met.items()} == dict.fromkeys(pairs, 1)
    assert len(frozen.sat) == 10
    assert {one.id: one.credit for one in frozen.members if one.credit} == {unlucky.id: 2}
    with open_session() as session:
        found = draft_summary.summary(session, again)
    assert unlucky.id in {pair.mentee.id for pair in found.pairs}
    assert not pairs & {frozenset((pair.mentor.id, pair.mentee.id)) for pair in found.pairs}
    assert found.circles == ()  # the five peers sat together last time


def test_balance_of_duties_is_carried_on(open_session: sessionmaker[Session], draft: UUID) -> None:
    with open_session.begin() as session:
        publish(session, draft)

    with open_session() as session:
        kept = {row.person_id: row.balance for row in session.scalars(select(Credit))}
        counted = select(Duty.person_id, func.count()).group_by(Duty.person_id)
        held = {person: number for person, number in session.execute(counted)}  # noqa: C416 (rows, not pairs)
    assert {person: kept[person] for person in held} == {person: held[person] - 3 for person in held}
