"""Publishing: a reviewed draft becomes pairs, circles, duties, credits and letters, or nothing does."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import false, select
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound, WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.credits import Carried, carried_on
from matcher.domain.people import EnrolmentState
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.mail.links import Links
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.matching.drafts import Rows, draft_hash, insert_all
from matcher.services.programme.programmes import require_organiser
from matcher.services.publishing import letters, sign_offs
from matcher.store.rows import portions
from matcher.store.tables import (
    Circle,
    CircleMember,
    Credit,
    Cycle,
    Draft,
    DraftCircle,
    DraftDuty,
    DraftPair,
    DraftWaiting,
    Duty,
    EnrolmentRow,
    Pair,
    PersonRow,
    PolicyVersion,
    Publication,
    SnapshotRow,
    SolveRun,
    WaitlistRow,
)

AGAIN = say("Nothing was published. Look at the draft again.")


def publish(
    session: Session, *, draft_id: UUID, seen_hash: str, by: UUID | None, now: datetime, links: Links
) -> Publication:
    """Publish the draft that was seen under `seen_hash`, in one transaction with all its letters.

    Raises Changed when somebody published first (who and when), when the draft is not the one seen, and when
    somebody in it has left meanwhile; WrongState when the cycle is not in review or a second organiser has
    still to say yes; NotFound.
    """
    draft = session.get(Draft, draft_id)
    if draft is None:
        raise NotFound(say("There is no such draft."))
    cycle = cycles.of(session, draft.cycle_id)
    require_organiser(session, cycle.programme_id, by)
    _be_first(session, cycle, by=by, now=now)
    sign_offs.require(session, programme_id=cycle.programme_id, draft_id=draft_id, by=by)
    rows = stored_rows(session, draft_id)
    if seen_hash != draft.hash or draft_hash(rows) != draft.hash:
        raise Changed(say("This is not the draft you saw. {again}", again=AGAIN))
    _refuse_leavers(session, cycle.id, rows)
    publication = Publication(
        cycle_id=cycle.id, draft_id=draft_id, draft_hash=draft.hash, published_at=now, published_by=by
    )
    session.add(publication)
    session.flush()
    _write_results(session, cycle.id, rows)
    _write_credits(session, draft, rows)
    mails = letters.write(session, cycle_id=cycle.id, by=by, now=now, links=links)
    said = {"draft": str(draft_id), "hash": draft.hash, "pairs": len(rows[DraftPair]), "mails": mails}
    audit.append(session, act="published", about=cycle.id, by=by, now=now, payload=said)
    return publication


def stored_rows(session: Session, draft_id: UUID) -> dict[type[Any], Rows]:
    """The rows of a draft as they were written, without ids."""
    shapes: dict[type[Any], tuple[str, ...]] = {
        DraftPair: ("mentor_id", "mentee_id", "points", "reasons"),
        DraftWaiting: ("person_id", "role", "sentences"),
        DraftCircle: ("number", "slot", "members"),
        DraftDuty: ("circle", "mentor_id", "mentee_id", "session", "duty", "person_id"),
    }
    return {
        table: [
            {name: getattr(row, name) for name in names}
            for row in session.scalars(select(table).where(table.draft_id == draft_id))
        ]
        for table, names in shapes.items()
    }


def _be_first(session: Session, cycle: Cycle, *, by: UUID | None, now: datetime) -> None:
    """Move the cycle, or say who did."""
    try:
        cycles.move_cycle(session, cycle.id, CycleState.PUBLISHED, by=by, now=now)
    except (Changed, WrongState):
        found = (
            select(Publication.published_at, PersonRow.name)
            .outerjoin(PersonRow, PersonRow.id == Publication.published_by)
            .where(Publication.cycle_id == cycle.id)
        )
        first = session.execute(found).first()
        if first is None:
            raise
        who, when = first.name or "the operator", first.published_at
        said = say(
            "{who} published “{name}” on {day} at {time} UTC. Nothing was published twice.",
            who=who,
            name=cycle.name,
            day=when.date(),
            time=f"{when:%H:%M}",
        )
        raise Changed(said, who=who, when=when) from None


def _refuse_leavers(session: Session, cycle_id: UUID, rows: Mapping[type[Any], Rows]) -> None:
    """Nobody who left or whose account was closed since the draft was made is introduced to anybody."""
    concerned = {row[side] for row in rows[DraftPair] for side in ("mentor_id", "mentee_id")}
    concerned |= {UUID(member) for row in rows[DraftCircle] for member in row["members"]}
    gone: list[str] = []
    for some in portions(sorted(concerned)):
        left = (
            select(PersonRow.name)
            .outerjoin(
                EnrolmentRow, (EnrolmentRow.person_id == PersonRow.id) & (EnrolmentRow.cycle_id == cycle_id)
            )
            .where(
                PersonRow.id.in_(some),
                PersonRow.active.is_(false()) | (EnrolmentRow.state != EnrolmentState.ACTIVE.value),
            )
        )
        gone += session.scalars(left)
    if gone:
        names = tuple(sorted(gone))
        raise Changed(
            say(
                "No longer taking part: {names}. Nothing was published. Run the matching again without them.",
                names=names,
            )
        )


def _write_results(session: Session, cycle_id: UUID, rows: Mapping[type[Any], Rows]) -> None:
    """Pairs, circles with members and duties, and the waitlist."""
    circles = {row["number"]: uuid4() for row in rows[DraftCircle]}
    pairs = {(row["mentor_id"], row["mentee_id"]): uuid4() for row in rows[DraftPair]}
    insert_all(
        session,
        Pair,
        [
            {"id": pairs[row["mentor_id"], row["mentee_id"]], "cycle_id": cycle_id, **row}
            for row in rows[DraftPair]
        ],
    )
    insert_all(session, WaitlistRow, [{"cycle_id": cycle_id, **row} for row in rows[DraftWaiting]])
    insert_all(
        session,
        Circle,
        [
            {"id": circles[row["number"]], "cycle_id": cycle_id, "number": row["number"], "slot": row["slot"]}
            for row in rows[DraftCircle]
        ],
    )
    insert_all(
        session,
        CircleMember,
        [
            {"circle_id": circles[row["number"]], "person_id": UUID(member)}
            for row in rows[DraftCircle]
            for member in row["members"]
        ],
    )
    insert_all(
        session,
        Duty,
        [
            {
                "circle_id": circles.get(row["circle"]),
                "pair_id": pairs.get((row["mentor_id"], row["mentee_id"])),
                **{name: row[name] for name in ("session", "duty", "person_id")},
            }
            for row in rows[DraftDuty]
        ],
    )


def _write_credits(session: Session, draft: Draft, rows: Mapping[type[Any], Rows]) -> None:
    """What each person carries on into the next cycle."""
    run = session.get_one(SolveRun, draft.run_id)
    policy = Policy.from_data(session.get_one(PolicyVersion, run.policy_version_id).data)
    snapshot = cycles.thaw(session.get_one(SnapshotRow, run.snapshot_id))
    carried = carried_on(
        policy,
        snapshot,
        pairs=[(row["mentee_id"], row["points"]) for row in rows[DraftPair]],
        groups=_held(rows),
    )
    insert_all(session, Credit, list(_credit_rows(draft.cycle_id, carried)))


def _held(rows: Mapping[type[Any], Rows]) -> list[tuple[tuple[UUID, ...], tuple[UUID, ...]]]:
    """Of each circle and each pair: its members, and one entry a duty held."""
    held: dict[Any, list[UUID]] = {}
    for row in rows[DraftDuty]:
        held.setdefault(row["circle"] or (row["mentor_id"], row["mentee_id"]), []).append(row["person_id"])
    members = {row["number"]: tuple(UUID(member) for member in row["members"]) for row in rows[DraftCircle]}
    members |= {both: both for both in ((row["mentor_id"], row["mentee_id"]) for row in rows[DraftPair])}
    return [(some, tuple(held.get(group, ()))) for group, some in members.items()]


def _credit_rows(cycle_id: UUID, carried: Mapping[UUID, Carried]) -> Iterable[dict[str, Any]]:
    for person, kept in sorted(carried.items()):
        yield {
            "cycle_id": cycle_id,
            "person_id": person,
            "levels": kept.levels,
            "balance": kept.balance,
            "sentence": kept.sentence,
        }
