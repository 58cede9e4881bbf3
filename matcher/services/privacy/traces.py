"""Where somebody stands without a row of their own: in others' mails, in stored data, in frozen answers."""

import hashlib
import json
import zlib
from typing import Any
from uuid import UUID

from sqlalchemy import Column, or_, select, update
from sqlalchemy.orm import Session, aliased

from matcher.domain.lifecycle import CycleState
from matcher.store.tables import (
    Base,
    Circle,
    CircleMember,
    Cycle,
    EnrolmentRow,
    MailRow,
    Pair,
    PersonRow,
    SnapshotRow,
)
from matcher.store.types import Data, canonical

SOMEBODY = "Somebody who left"


def out_of_letters(session: Session, person: PersonRow) -> None:
    """Take name and address out of the mails that went to partners."""
    pairs = select(Pair.mentor_id, Pair.mentee_id, Pair.cycle_id).where(
        or_(Pair.mentor_id == person.id, Pair.mentee_id == person.id)
    )
    near = {(other, row.cycle_id) for row in session.execute(pairs) for other in (row[0], row[1])}
    own, others = aliased(CircleMember), aliased(CircleMember)
    circles = (
        select(others.person_id, Circle.cycle_id)
        .join(Circle, Circle.id == others.circle_id)
        .join(own, own.circle_id == others.circle_id)
        .where(own.person_id == person.id)
    )
    near |= {(row[0], row[1]) for row in session.execute(circles)}
    people = {other for other, _ in near} - {person.id}
    for mail in session.scalars(select(MailRow).where(MailRow.person_id.in_(people))).all():
        if (mail.person_id, mail.cycle_id) in near:
            _take_out(mail, person)
    session.flush()


def _take_out(mail: MailRow, person: PersonRow) -> None:
    for said, instead in ((person.email, ""), (person.name, SOMEBODY)):
        if not said:
            continue
        mail.subject = mail.subject.replace(said, instead)
        mail.text = mail.text.replace(said, instead)
        mail.html = mail.html.replace(said, instead)
        if mail.ics is not None:
            mail.ics = mail.ics.replace(said.encode(), instead.encode())


def out_of_stored_data(session: Session, person: PersonRow, stand_in: UUID) -> None:
    """Wherever their id stands within stored data (members of a circle's draft), the stand-in's does."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, Data) and table.name != "audit_payload":
                _in_column(session, column, person, stand_in)


def _in_column(session: Session, column: Column[Any], person: PersonRow, stand_in: UUID) -> None:
    key = next(iter(column.table.primary_key.columns))
    text = column.cast(Base.metadata.tables["person"].c.name.type)
    wanted = or_(text.contains(str(person.id)), text.contains(person.email))
    for row_key, value in session.execute(select(key, column).where(wanted)).all():
        told = scrubbed(value, person, str(stand_in))
        session.execute(update(column.table).where(key == row_key).values({column.name: told}))


def scrubbed(value: Any, person: PersonRow, stand_in: str) -> Any:
    """Stored data without what they hold about this person: entries under their id or address go, mentions
    of the id name the stand-in."""
    if isinstance(value, dict):
        gone = {str(person.id), person.email}
        return {name: scrubbed(each, person, stand_in) for name, each in value.items() if name not in gone}
    if isinstance(value, list):
        return [scrubbed(each, person, stand_in) for each in value]
    if isinstance(value, str):
        return value.replace(str(person.id), stand_in).replace(person.email, "")
    return value


def out_of_snapshots(session: Session, person: PersonRow, stand_in: UUID) -> None:
    """Rewrite frozen answers without them: in a cycle still to be published they are not there at all."""
    found = (
        select(SnapshotRow, Cycle.state)
        .join(Cycle, Cycle.id == SnapshotRow.cycle_id)
        .join(EnrolmentRow, (EnrolmentRow.cycle_id == Cycle.id) & (EnrolmentRow.person_id == stand_in))
    )
    for snapshot, state in session.execute(found).all():
        over = CycleState(state) not in (CycleState.OPEN, CycleState.CLOSED, CycleState.REVIEW)
        data = json.loads(zlib.decompress(snapshot.blob))
        data["members"] = [
            _stranger(member, stand_in) if member["person"]["id"] == str(person.id) else member
            for member in data["members"]
            if over or member["person"]["id"] != str(person.id)
        ]
        for member in data["members"]:
            for named in ("wishes", "not_with"):
                kept = [other for other in member["answers"][named] if other != str(person.id)]
                member["answers"][named] = kept
        data["managers"].pop(str(person.id), None)
        text = canonical(scrubbed(data, person, str(stand_in))).encode()
        snapshot.blob, snapshot.hash = zlib.compress(text), hashlib.sha256(text).hexdigest()
        snapshot.people = len(data["members"])
    session.flush()


def _stranger(member: dict[str, Any], stand_in: UUID) -> dict[str, Any]:
    person: dict[str, Any] = {
        "id": str(stand_in),
        "email": f"{stand_in}@left.invalid",
        "name": SOMEBODY,
        **dict.fromkeys(("function", "site", "department"), ""),
        "grade": None,
        "zone": "Etc/UTC",
        "languages": [],
        "manager": None,
    }
    answers = {**blank(member["answers"]), "wishes": [], "not_with": []}
    return {**member, "person": person, "answers": answers}


def blank(answers: dict[str, Any]) -> dict[str, Any]:
    """The same answers with nothing said but the roles."""
    empty = {str: "", list: [], bool: False, dict: {}}
    said = {name: empty.get(type(value), value) for name, value in answers.items()}
    kept = {"roles": answers["roles"], "week": "0", "capacity": answers.get("capacity", 1)}
    return {**said, **kept, **({"most_load": None} if "most_load" in said else {})}
