"""Many people at once: what people.update and enrolment.enrol do for one, in a fixed number of statements."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID, uuid4

from sqlalchemy import CursorResult, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.domain.people import Answers, EnrolmentState, Person
from matcher.domain.sign_up.roster import Enrolled, Roster, RosterStep
from matcher.services import audit
from matcher.services.sign_up.enrolment import REFS
from matcher.store.rows import PERSON, TO_CHANGE, person_of, portions, table_of
from matcher.store.tables import EnrolmentRow, PersonRow


def people_known(session: Session, emails: Iterable[str]) -> dict[str, Person]:
    """The people of these addresses, by address, locked until the transaction ends."""
    found: dict[str, Person] = {}
    for some in portions(sorted(set(emails))):
        asked = select(*PERSON).where(PersonRow.email.in_(some)).order_by(PersonRow.id)
        rows = map(person_of, session.execute(asked.with_for_update(**TO_CHANGE)))
        found.update((one.email, one) for one in rows)
    return found


def enrolled(session: Session, cycle_id: UUID) -> dict[UUID, Enrolled]:
    """Who is in the cycle, by person, without the people they named: a list does not change those."""
    rows = session.execute(
        select(
            EnrolmentRow.id,
            EnrolmentRow.person_id,
            EnrolmentRow.state,
            EnrolmentRow.answers,
            EnrolmentRow.version,
        )
        .where(EnrolmentRow.cycle_id == cycle_id)
        .with_for_update()
    )
    return {
        row.person_id: Enrolled(
            id=row.id,
            state=EnrolmentState(row.state),
            answers=Answers.from_data(row.answers),
            version=row.version,
        )
        for row in rows
    }


@dataclass(frozen=True, kw_only=True)
class Written:
    """Ids by address, and of whom anything was written."""

    ids: Mapping[str, UUID]
    touched: frozenset[UUID]


def write(session: Session, roster: Roster, *, cycle_id: UUID, by: UUID | None, now: datetime) -> Written:
    """Write the people, their managers, their enrolments and who is no longer on the list."""
    ids = _new_people(session, roster.new, now)
    ids |= {step.email: step.before.id for step in roster.steps if step.before is not None}
    touched = _changed_people(session, roster.steps, ids)
    acts = _new_enrolments(session, roster.steps, ids, cycle_id=cycle_id, now=now)
    acts += _changed_enrolments(session, roster.steps, now=now)
    acts += _leavers(session, roster.leavers, cycle_id=cycle_id, now=now)
    audit.append_all(session, acts, by=by, now=now)
    touched |= {ids[step.email] for step in roster.steps if step.new or step.changed}
    return Written(ids=ids, touched=frozenset(touched | {person.id for person in roster.leavers}))


def _new_people(session: Session, steps: Sequence[RosterStep], now: datetime) -> dict[str, UUID]:
    if not steps:
        return {}
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    blank: dict[str, Any] = {
        "function": "",
        "site": "",
        "department": "",
        "grade": None,
        "zone": "Etc/UTC",
        "languages": [],
    }
    rows = [
        {"id": uuid4(), "email": step.email, "created_at": now, **blank, **_plain(step.fields)}
        for step in steps
    ]
    # Somebody may sign up with that address at this moment: then there is one person, and it is theirs.
    insert_new = kind.insert(table_of(PersonRow)).on_conflict_do_nothing(index_elements=["email"])
    written = cast(CursorResult[Any], session.execute(insert_new, rows))
    if written.rowcount == len(rows):
        return {row["email"]: row["id"] for row in rows}
    found: dict[str, UUID] = {}
    for some in portions([step.email for step in steps]):
        rows_now = session.execute(select(PersonRow.email, PersonRow.id).where(PersonRow.email.in_(some)))
        found.update((email, person_id) for email, person_id in rows_now)
    return found


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in fields.items()}


def _changed_people(session: Session, steps: Sequence[RosterStep], ids: Mapping[str, UUID]) -> set[UUID]:
    """What the list says of those already known, and everybody's manager where somebody knows them."""
    named = {step.manager for step in steps if step.manager} - ids.keys()
    managers = {**ids, **{email: one.id for email, one in people_known(session, named).items()}}
    rows = []
    for step in steps:
        manager = managers.get(step.manager or "")
        told = dict(step.fields) if step.before is not None else {}
        if manager is not None and (step.before is None or step.before.manager != manager):
            told["manager_id"] = manager
        if "manager_id" in told or step.changed:
            rows.append({"id": ids[step.email], **_plain(told)})
    for group in _alike(rows):
        session.execute(update(PersonRow), group)
    for some in portions(sorted(row["id"] for row in rows)):
        session.execute(
            update(PersonRow)
            .where(PersonRow.id.in_(some))
            .values(version=PersonRow.version + 1)
            .execution_options(synchronize_session=False)
        )
    session.expire_all()
    return {row["id"] for row in rows}


def _alike(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """Rows with the same columns together, for one statement each."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return groups.values()


def _new_enrolments(
    session: Session, steps: Sequence[RosterStep], ids: Mapping[str, UUID], *, cycle_id: UUID, now: datetime
) -> list[audit.Act]:
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "cycle_id": cycle_id,
            "person_id": ids[step.email],
            "state": EnrolmentState.ACTIVE.value,
            "answers": step.answers.to_data(),
            "ref": secrets.randbits(REFS),
            "version": 1,
            "enrolled_at": now,
            "changed_at": now,
        }
        for step in steps
        if step.answers is not None and step.enrolled is None
    ]
    if rows:
        session.execute(insert(table_of(EnrolmentRow)), rows)
    return [audit.Act(act="enrolled", about=row["id"], payload={"version": 1}) for row in rows]


def _changed_enrolments(session: Session, steps: Sequence[RosterStep], *, now: datetime) -> list[audit.Act]:
    rows: list[dict[str, Any]] = [
        {
            "id": step.enrolled.id,
            "answers": step.answers.to_data(),
            "version": step.enrolled.version + 1,
            "changed_at": now,
        }
        for step in steps
        if step.answers is not None and step.enrolled is not None and step.enrolled.answers != step.answers
    ]
    if rows:
        session.execute(update(EnrolmentRow), rows)
    return [
        audit.Act(act="answers changed", about=row["id"], payload={"version": row["version"]}) for row in rows
    ]


def _leavers(
    session: Session, leavers: Sequence[Person], *, cycle_id: UUID, now: datetime
) -> list[audit.Act]:
    acts = []
    for some in portions([one.id for one in leavers]):
        gone = session.scalars(
            select(EnrolmentRow).where(EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id.in_(some))
        )
        for row in gone:
            row.state, row.version, row.changed_at = EnrolmentState.LEFT.value, row.version + 1, now
            acts.append(audit.Act(act=f"enrolment {EnrolmentState.LEFT}", about=row.id))
    session.flush()
    return acts
