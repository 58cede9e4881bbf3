"""Taking the last import back: what it wrote goes, unless somebody has changed it since."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.people import EnrolmentState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import AS_IT_IS, portions
from matcher.store.tables import Base, Cycle, EnrolmentRow, Import, PersonRow


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """People who are gone again, people who are as they were before, and those left alone because they or
    somebody else changed something since."""

    removed: int
    restored: int
    kept: tuple[str, ...]


def last(session: Session, cycle_id: UUID) -> Import | None:
    """The newest import of this cycle, if it can still be taken back."""
    newest = select(Import).where(Import.cycle_id == cycle_id).order_by(Import.imported_at.desc()).limit(1)
    found = session.scalars(newest).first()
    return None if found is None or found.undone_at is not None or not found.before else found


def undo(session: Session, *, cycle_id: UUID, by: UUID | None, now: datetime) -> TakenBack:
    """Take the newest import of an open cycle back.

    Raises WrongState when the sign-ups are closed (a run may already rest on these people), NotFound when
    there is nothing to take back.
    """
    cycle = session.get(Cycle, cycle_id, with_for_update=AS_IT_IS, populate_existing=True)
    if cycle is None:
        raise NotFound(say("There is no such cycle."))
    require_organiser(session, cycle.programme_id, by)
    if cycle.state != CycleState.OPEN:
        raise WrongState(
            say(
                "“{cycle}” is {state}, so its imports stay. Nothing was changed.",
                cycle=cycle.name,
                state=words(CycleState(cycle.state)),
            )
        )
    found = last(session, cycle_id)
    if found is None:
        raise NotFound(say("There is no import to take back."))
    done = _take_back(session, cycle_id, found.before, found.imported_at, now)
    found.undone_at, found.undone_by = now, by
    session.flush()
    payload = {"import": str(found.id), "removed": done.removed, "restored": done.restored}
    audit.append(session, act="import taken back", about=cycle_id, by=by, now=now, payload=payload)
    return done


def _take_back(
    session: Session, cycle_id: UUID, before: dict[str, Any], imported_at: datetime, now: datetime
) -> TakenBack:
    ids = [UUID(one) for one in before]
    people = {row.id: row for some in portions(ids) for row in _rows(session, PersonRow, PersonRow.id, some)}
    parts = {
        row.person_id: row
        for some in portions(ids)
        for row in _rows(session, EnrolmentRow, EnrolmentRow.person_id, some)
        if row.cycle_id == cycle_id
    }
    kept: list[str] = []
    restored, newcomers = 0, []
    for person_id, was in ((UUID(one), said) for one, said in before.items()):
        person, part = people.get(person_id), parts.get(person_id)
        if person is None:
            continue
        if part is not None and part.changed_at > imported_at:
            kept.append(person.name)
            continue
        _part_back(session, part, was, now)
        if was["new"]:
            newcomers.append(person)
        else:
            restored += 1
            _person_back(person, was)
    session.flush()
    removed = _remove_unused(session, newcomers)
    return TakenBack(removed=removed, restored=restored, kept=tuple(sorted(kept)))


def _rows(session: Session, table: type[Any], column: Any, some: Any) -> Any:
    return session.scalars(select(table).where(column.in_(some)).order_by(table.id).with_for_update())


def _part_back(session: Session, part: EnrolmentRow | None, was: dict[str, Any], now: datetime) -> None:
    """The enrolment as it was: gone, with the earlier answers, or active again after a full roster."""
    if part is None:
        return
    if was.get("left"):
        part.state, part.version, part.changed_at = EnrolmentState.ACTIVE.value, part.version + 1, now
    elif was.get("written") and was["answers"] is None:
        session.delete(part)
    elif was.get("written"):
        part.answers, part.version, part.changed_at = was["answers"], part.version + 1, now


def _person_back(person: PersonRow, was: dict[str, Any]) -> None:
    stored = was.get("person")
    if stored is None:
        return
    manager = stored["manager_id"]
    for name, value in stored.items():
        setattr(person, name, UUID(manager) if name == "manager_id" and manager else value)
    person.version += 1


def _remove_unused(session: Session, newcomers: list[PersonRow]) -> int:
    """Remove those nobody refers to; somebody who signed in or was named meanwhile stays known."""
    ids = [person.id for person in newcomers]
    used = set().union(*(_referred_to(session, key, ids) for key in _references()))
    for person in newcomers:
        if person.id not in used:
            person.manager_id = None
    session.flush()
    gone = [person for person in newcomers if person.id not in used]
    for some in portions([person.id for person in gone]):
        for report in session.scalars(select(PersonRow).where(PersonRow.manager_id.in_(some))):
            report.manager_id = None
    session.flush()
    for person in gone:
        session.delete(person)
    session.flush()
    return len(gone)


def _references() -> list[ForeignKey]:
    """Every column that refers to a person, but for the manager."""
    return [
        key
        for table in Base.metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "person" and key.parent.name != "manager_id"
    ]


def _referred_to(session: Session, key: ForeignKey, ids: list[UUID]) -> set[UUID]:
    column = key.parent
    found: set[UUID] = set()
    for some in portions(ids):
        found |= set(session.scalars(select(column).where(column.in_(some)).distinct()))
    return found
