"""Changes by hand as rows: made with a reason, undone, listed; and what forbids one, in words.

Nothing changes for anybody by such a row: the next run solves with all that stand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, Problem, WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.change_sentences import refusal, sentence
from matcher.domain.matching.changes import Change, read_change
from matcher.domain.people import Person
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say
from matcher.problem.changes import change_rows, changes_in, standing_rows
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.cycle.cycles import thaw
from matcher.services.programme.programmes import require_organiser
from matcher.store import tables
from matcher.store.organiser_tables import ManualChange
from matcher.store.rows import people_by_id, present_policy, to_change

MOST_REASON = 2_000
OWN = say(
    "This is about your own match. Another organiser has to make this change, so that nobody decides for "
    "themselves. Nothing was changed."
)
TOO_LATE = say("Changes by hand are made between closing the sign-ups and publishing. Nothing was changed.")


@dataclass(frozen=True, kw_only=True)
class RecordedChange:
    """One change as its history tells it. price: figures before and after, as they were seen.

    policy: the version of the policy it has become, or None.
    """

    id: UUID
    number: int
    sentence: TranslatableText
    reason: str
    price: Mapping[str, Any]
    made_by: Person | None
    made_at: datetime
    undone_by: Person | None
    undone_at: datetime | None
    policy: int | None


def make(
    session: Session,
    *,
    cycle_id: UUID,
    change: Change,
    reason: str,
    price: Mapping[str, Any],
    by: UUID,
    now: datetime,
) -> int:
    """Note the change for the next run; its number. Raises WrongState with the sentence why it cannot be
    (also for one's own match), Invalid without a reason, NotFound."""
    cycle = _open_desk(session, cycle_id, by)
    require_not_own(change, by)
    if not 3 <= len(reason.strip()) <= MOST_REASON:
        said = say(
            "Write down why, in 3 to {most} letters: the reason stays with the change.", most=MOST_REASON
        )
        raise Invalid((Problem(pointer="/reason", sentence=said),))
    standing = standing_rows(session, cycle_id)
    snapshot = thaw(newest_snapshot(session, cycle_id))
    policy = Policy.from_data(present_policy(session, cycle.programme_id).data)
    refused = refusal(snapshot, policy, changes_in(standing, policy=None), change)
    if refused is not None:
        raise WrongState(refused)
    newest = select(func.max(ManualChange.number)).where(ManualChange.cycle_id == cycle_id)
    row = ManualChange(
        cycle_id=cycle_id,
        number=(session.scalar(newest) or 0) + 1,
        kind=change.kind,
        data=change.to_data(),
        reason=reason.strip(),
        price=dict(price),
        made_by=by,
        made_at=now,
    )
    session.add(row)
    session.flush()
    told = {"number": row.number, "kind": row.kind}
    audit.append(session, act="change made", about=row.id, by=by, now=now, payload=told)
    return row.number


def undo(session: Session, *, change_id: UUID, by: UUID, now: datetime) -> None:
    """Take a change back; twice is once. Raises WrongState for one that is part of the policy or about
    oneself, NotFound."""
    row = to_change(session, ManualChange, change_id, "change")
    _open_desk(session, row.cycle_id, by)
    require_not_own(read_change(row.kind, row.data), by)
    if row.undone_at is not None:
        return
    if (number := row.data.get("policy")) is not None:
        raise WrongState(
            say("This change has become version {number} of the policy. Change it there.", number=number)
        )
    row.undone_by, row.undone_at = by, now
    session.flush()
    audit.append(session, act="change undone", about=row.id, by=by, now=now, payload={"number": row.number})


def history(session: Session, *, cycle_id: UUID, by: UUID) -> tuple[RecordedChange, ...]:
    """All changes of the cycle, the newest first, for organisers. Raises NotFound."""
    require_organiser(session, cycles.of(session, cycle_id).programme_id, by)
    rows = change_rows(session, cycle_id)
    read = [read_change(row.kind, row.data) for row in rows]
    named = {person for one in read for person in one.people}
    actors = {person for row in rows for person in (row.made_by, row.undone_by) if person is not None}
    people = people_by_id(session, named | actors)
    return tuple(
        RecordedChange(
            id=row.id,
            number=row.number,
            sentence=sentence(change, people),
            reason=row.reason,
            price=row.price,
            made_by=people.get(row.made_by) if row.made_by else None,
            made_at=row.made_at,
            undone_by=people.get(row.undone_by) if row.undone_by else None,
            undone_at=row.undone_at,
            policy=row.data.get("policy"),
        )
        for row, change in zip(rows, read, strict=True)
    )


def contained(session: Session, draft_id: UUID) -> tuple[int, ...]:
    """The numbers of the changes by hand a draft was made with, ascending."""
    made_by = select(tables.SolveRun.changes).join(tables.Draft, tables.Draft.run_id == tables.SolveRun.id)
    changes = session.scalars(made_by.where(tables.Draft.id == draft_id)).first() or {}
    return tuple(one["number"] for one in changes.get("changes", ()))


def require_not_own(change: Change, by: UUID) -> None:
    """Raises WrongState when the change is about the organiser's own match."""
    if by in change.people:
        raise WrongState(OWN)


def _open_desk(session: Session, cycle_id: UUID, by: UUID) -> tables.Cycle:
    cycle = to_change(session, tables.Cycle, cycle_id, "cycle")
    require_organiser(session, cycle.programme_id, by)
    if CycleState(cycle.state) not in (CycleState.CLOSED, CycleState.REVIEW):
        raise WrongState(TOO_LATE)
    return cycle


def newest_snapshot(session: Session, cycle_id: UUID) -> tables.SnapshotRow:
    """What a run of the cycle would solve from now. Raises NotFound."""
    mine = select(tables.SnapshotRow).where(tables.SnapshotRow.cycle_id == cycle_id)
    found = session.scalars(mine.order_by(tables.SnapshotRow.created_at.desc()).limit(1)).first()
    if found is None:
        raise NotFound(say("There is nothing to change yet."))
    return found
