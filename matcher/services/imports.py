"""People from spreadsheets: a dry run that names everything wrong, then all of it in one transaction."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid
from matcher.domain.people import Answers, Enrolment, Week
from matcher.schemas.import_rows import PersonRow
from matcher.schemas.mapping import ImportMapping
from matcher.services import audit, enrolment, people
from matcher.services.import_files import DryRun, SourceFile, read
from matcher.store.tables import Import

ABOUT_THE_PERSON = ("function", "site", "department", "grade", "zone", "languages")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many people an import added, changed, and enrolled in the cycle."""

    added: int
    changed: int
    enrolled: int


def dry_run(session: Session, files: Sequence[SourceFile], mapping: ImportMapping) -> DryRun:
    """As `read`, and how many people are new or already stored (those would be updated)."""
    result = read(files, mapping)
    known = people.by_addresses(session, [row.email for row in result.rows])
    return replace(result, new=len(result.rows) - len(known), updated=len(known))


def confirm(
    session: Session,
    files: Sequence[SourceFile],
    mapping: ImportMapping,
    *,
    cycle_id: UUID,
    monday: date,
    by: UUID | None,
    now: datetime,
) -> Imported:
    """Store the people of the files and enrol those with a role.

    `monday` begins the week on whose clocks the free hours are meant. What a file does not tell stays as it
    was; so do wishes and "not with". Raises Invalid, and stores nothing, when anything is wrong with the
    files; WrongState when the cycle takes no answers.
    """
    result = dry_run(session, files, mapping)
    if result.problems:
        raise Invalid(result.problems)
    known = people.by_addresses(session, [row.email for row in result.rows])
    ids = {row.email: _person(session, row, now) for row in result.rows}
    _set_managers(session, result.rows, ids)
    enrolled = [row for row in result.rows if row.roles]
    for row in enrolled:
        before = enrolment.of(session, cycle_id, ids[row.email]) if row.email in known else None
        answers = _answers(row, before, monday)
        enrolment.enrol(session, cycle_id=cycle_id, person_id=ids[row.email], answers=answers, by=by, now=now)
    imported = Imported(added=result.new, changed=result.updated, enrolled=len(enrolled))
    _remember(session, files, imported, cycle_id=cycle_id, by=by, now=now)
    return imported


def _person(session: Session, row: PersonRow, now: datetime) -> UUID:
    defaults = {one.name: one.default for one in fields(PersonRow)}
    said: Mapping[str, Any] = {
        name: getattr(row, name) for name in ABOUT_THE_PERSON if getattr(row, name) != defaults[name]
    }
    return people.ensure(session, email=row.email, name=row.name, now=now, **said)


def _set_managers(session: Session, rows: Sequence[PersonRow], ids: Mapping[str, UUID]) -> None:
    """A manager nobody knows yet is left out: the organisation may be larger than the file."""
    managers = people.by_addresses(session, [row.manager for row in rows if row.manager])
    for row in rows:
        if row.manager in managers:
            people.update(session, ids[row.email], manager=managers[row.manager])


def _answers(row: PersonRow, before: Enrolment | None, monday: date) -> Answers:
    return Answers(
        roles=row.roles,
        capacity=row.capacity,
        mentors_wanted=row.mentors_wanted,
        topics_offered=row.topics_offered,
        topics_sought=row.topics_sought,
        goals=row.goals,
        week=Week.from_local(row.hours, row.zone, monday),
        wishes=before.answers.wishes if before else (),
        not_with=before.answers.not_with if before else (),
        characteristics=row.characteristics,
        identity_wish=row.identity_wish,
        duties_declined=() if row.facilitates else ("facilitator",),
        experienced=row.experienced,
        most_load=before.answers.most_load if before else None,
    )


def _remember(
    session: Session,
    files: Sequence[SourceFile],
    imported: Imported,
    *,
    cycle_id: UUID,
    by: UUID | None,
    now: datetime,
) -> None:
    digest = hashlib.sha256(b"".join(file.data for file in files)).hexdigest()
    session.add(
        Import(
            cycle_id=cycle_id,
            file_hash=digest,
            files=[file.name for file in files],
            rows=imported.added + imported.changed,
            added=imported.added,
            changed=imported.changed,
            imported_at=now,
            imported_by=by,
        )
    )
    session.flush()
    payload = {"file_hash": digest, "added": imported.added, "changed": imported.changed}
    audit.append(session, act="people imported", about=cycle_id, by=by, now=now, payload=payload)
