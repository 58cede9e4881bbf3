"""A published cycle made of rows, so that what follows a publication can be looked at alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.services.cycle import cycles
from matcher.store import tables
from tests.builders import NOON, a_cycle, enrolled

TUESDAY_EIGHT = 48 + 16
"""Tuesday 08:00 UTC, ten o'clock in Berlin in summer."""


@dataclass(frozen=True, kw_only=True)
class Village:
    """Mentor, mentee, three peers in a circle, and somebody who waits."""

    cycle: UUID
    mentor: UUID
    mentee: UUID
    peers: tuple[UUID, ...]
    waiting: UUID
    pair: UUID
    circle: UUID


def a_village(session: Session) -> Village:
    """A cycle that starts on Monday, 6 April 2026, published."""
    cycle_id = a_cycle(session)
    mentor = enrolled(session, cycle_id, Role.MENTOR, name="Mo Mentor")
    mentee = enrolled(session, cycle_id, Role.MENTEE, name="Mia Mentee", person={"zone": "Asia/Kolkata"})
    peers = tuple(
        enrolled(session, cycle_id, Role.PEER, name=name) for name in ("Pat One", "Pim Two", "Pol Three")
    )
    waiting = enrolled(session, cycle_id, Role.MENTEE, name="Wes Waiting")
    run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    publish_rows(session, cycle_id, run_id)
    pair = add(session, tables.Pair(**pair_words(cycle_id, mentor, mentee)))
    circle = add(session, tables.Circle(cycle_id=cycle_id, number=1, slot=TUESDAY_EIGHT))
    seat(session, circle, peers)
    sentences = ["Nine people asked for data topics.", "You are second on the waitlist."]
    add(session, tables.WaitlistRow(cycle_id=cycle_id, person_id=waiting, role="mentee", sentences=sentences))
    return Village(
        cycle=cycle_id,
        mentor=mentor,
        mentee=mentee,
        peers=peers,
        waiting=waiting,
        pair=pair,
        circle=circle,
    )


def publish_rows(session: Session, cycle_id: UUID, run_id: UUID) -> None:
    words = {"hash": "0", "plan": b"", "report": {}, "created_at": NOON}
    draft = add(session, tables.Draft(run_id=run_id, cycle_id=cycle_id, **words))
    add(
        session,
        tables.Publication(
            cycle_id=cycle_id, draft_id=draft, draft_hash="0", published_at=NOON, published_by=None
        ),
    )


def pair_words(cycle_id: UUID, mentor: UUID, mentee: UUID) -> dict[str, object]:
    reasons = {"all": [], "mentor": ["Mia looks for what you offer."], "mentee": ["Mo offers what you seek."]}
    return {
        "cycle_id": cycle_id,
        "mentor_id": mentor,
        "mentee_id": mentee,
        "points": 7000,
        "reasons": reasons,
    }


def seat(session: Session, circle: UUID, peers: Sequence[UUID]) -> None:
    """The peers as members; the first facilitates the first session, the second the second, and so on."""
    for number, peer in enumerate(peers):
        add(session, tables.CircleMember(circle_id=circle, person_id=peer))
        add(session, tables.Duty(circle_id=circle, session=number, duty="facilitator", person_id=peer))


def add(session: Session, row: tables.Base) -> UUID:
    if getattr(row, "id", None) is None:
        row.id = uuid4()  # type: ignore[attr-defined]  # every table here has one
    session.add(row)
    session.flush()
    return row.id  # type: ignore[attr-defined, no-any-return]  # as above
