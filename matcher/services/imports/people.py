"""People from spreadsheets: a dry run that names everything wrong, then all of it in one transaction."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.people import Answers, EnrolmentState, Person, Role, Week
from matcher.domain.sentences import say
from matcher.domain.sign_up.roster import Enrolled, Roster, RosterStep
from matcher.schemas.import_rows import ImportedPerson
from matcher.schemas.mapping import ImportMapping
from matcher.services import audit
from matcher.services.imports import roster
from matcher.services.imports.files import DryRun, SourceFile, read
from matcher.services.imports.rows import Noted, nobody_waits
from matcher.services.programme.programmes import policy_of, require_organiser
from matcher.store.rows import AS_IT_IS, people_by_id
from matcher.store.tables import Cycle, Import

ABOUT_THE_PERSON = ("function", "site", "department", "grade", "zone", "languages")
ABOUT_THE_CYCLE = (
    "roles",
    "capacity",
    "mentors_wanted",
    "most_load",
    "topics_offered",
    "topics_sought",
    "goals",
    "characteristics",
    "identity_wish",
    "experienced",
)
UNTOLD = {one.name: one.default for one in fields(ImportedPerson)}
"""What a row holds where the file says nothing."""


@dataclass(frozen=True, kw_only=True)
class Imported:
    """How many people an import added, changed, and enrolled; and who left, because the full roster left
    them out."""

    added: int
    changed: int
    enrolled: int
    left: int = 0


@dataclass(frozen=True, kw_only=True)
class Preview:
    """How the files were read, and what they would change."""

    read: DryRun
    roster: Roster


def dry_run(
    session: Session, files: Sequence[SourceFile], mapping: ImportMapping, *, cycle_id: UUID
) -> DryRun:
    """As `read`, and how many people are new or already stored (those would be updated)."""
    result = read(files, mapping, offered=_roles(session, cycle_id))
    known = roster.people_known(session, [row.email for row in result.rows])
    return replace(result, new=len(result.rows) - len(known), updated=len(known))


def preview(
    session: Session,
    files: Sequence[SourceFile],
    mapping: ImportMapping,
    *,
    cycle_id: UUID,
    monday: date,
    full: bool = False,
    noted: Noted = nobody_waits,
) -> Preview:
    """What the files would change: who is new, of whom what changes, and with `full` who is no longer listed.

    Stores nothing. `monday` begins the week on whose clocks the free hours are meant.
    """
    result = read(files, mapping, noted, _roles(session, cycle_id))
    known = roster.people_known(session, [row.email for row in result.rows])
    result = replace(result, new=len(result.rows) - len(known), updated=len(known))
    return Preview(
        read=result, roster=_roster(session, result.rows, known, cycle_id=cycle_id, monday=monday, full=full)
    )


def confirm(
    session: Session,
    files: Sequence[SourceFile],
    mapping: ImportMapping,
    *,
    cycle_id: UUID,
    monday: date,
    by: UUID | None,
    now: datetime,
    full: bool = False,
) -> Imported:
    """Store the people of the files and enrol those with a role; with `full`, those not listed leave.

    What a file does not tell stays as it was; so do wishes, "not with", and who paused or left by themselves.
    Raises Invalid, and stores nothing, when anything is wrong with the files; WrongState when the cycle takes
    no answers; NotFound.
    """
    _open_cycle(session, cycle_id, by)
    found = preview(session, files, mapping, cycle_id=cycle_id, monday=monday, full=full)
    if found.read.problems:
        raise Invalid(found.read.problems)
    written = roster.write(session, found.roster, cycle_id=cycle_id, by=by, now=now)
    imported = Imported(
        added=len(found.roster.new),
        changed=found.read.updated,
        enrolled=sum(step.answers is not None for step in found.roster.steps),
        left=len(found.roster.leavers),
    )
    before = dict(_before(found.roster, written))
    _remember(session, files, imported, before, cycle_id=cycle_id, by=by, now=now)
    return imported


def _roles(session: Session, cycle_id: UUID) -> tuple[Role, ...]:
    """What people can be in this cycle's programme. Raises NotFound."""
    cycle = session.get(Cycle, cycle_id)
    if cycle is None:
        raise NotFound(say("There is no such cycle."))
    return policy_of(session, cycle.programme_id).roles


def _open_cycle(session: Session, cycle_id: UUID, by: UUID | None) -> None:
    # It cannot be closed before this is committed.
    cycle = session.get(Cycle, cycle_id, with_for_update=AS_IT_IS, populate_existing=True)
    if cycle is None:
        raise NotFound(say("There is no such cycle."))
    require_organiser(session, cycle.programme_id, by)
    if cycle.state != CycleState.OPEN:
        raise WrongState(
            say(
                "“{cycle}” is {state} and takes no answers. Nothing was stored.",
                cycle=cycle.name,
                state=words(CycleState(cycle.state)),
            )
        )


def _roster(
    session: Session,
    rows: Sequence[ImportedPerson],
    known: Mapping[str, Person],
    *,
    cycle_id: UUID,
    monday: date,
    full: bool,
) -> Roster:
    present = roster.enrolled(session, cycle_id)
    weeks = _Weeks(monday)
    steps = tuple(_step(row, known.get(row.email), present, weeks) for row in rows)
    leavers: tuple[Person, ...] = ()
    if full:
        listed = {step.before.id for step in steps if step.before is not None and step.answers is not None}
        active = {one for one, part in present.items() if part.state is EnrolmentState.ACTIVE}
        gone = people_by_id(session, active - listed).values()
        leavers = tuple(sorted(gone, key=lambda person: (person.name, person.id)))
    return Roster(steps=steps, leavers=leavers)


class _Weeks:
    """Weeks by hours and zone: most rows of a file say the same."""

    def __init__(self, monday: date) -> None:
        self._monday = monday
        self._known: dict[tuple[tuple[tuple[int, str], ...], str], Week] = {}

    def of(self, row: ImportedPerson) -> Week:
        key = (row.hours, row.zone)
        if key not in self._known:
            self._known[key] = Week.from_local(*key, self._monday)
        return self._known[key]


def _step(
    row: ImportedPerson, before: Person | None, present: Mapping[UUID, Enrolled], weeks: _Weeks
) -> RosterStep:
    told = {name: getattr(row, name) for name in ABOUT_THE_PERSON if before is None or _told(row, name)}
    part = present.get(before.id) if before is not None else None
    return RosterStep(
        email=row.email,
        name=row.name,
        before=before,
        fields={"name": row.name, **told},
        manager=row.manager,
        enrolled=part,
        answers=_answers(row, part.answers if part else None, weeks) if row.roles else None,
    )


def _told(row: ImportedPerson, name: str) -> bool:
    return bool(getattr(row, name) != UNTOLD[name])


def _answers(row: ImportedPerson, before: Answers | None, weeks: _Weeks) -> Answers:
    told: dict[str, Any] = {name: getattr(row, name) for name in ABOUT_THE_CYCLE if _told(row, name)}
    if row.hours:
        told["week"] = weeks.of(row)
    if not row.facilitates:
        told["duties_declined"] = ("facilitator",)
    return replace(before, **told) if before else Answers(**told)


def _before(found: Roster, written: roster.Written) -> Iterator[tuple[str, dict[str, Any]]]:
    """What stood there, person by person: what taking the import back needs."""
    for step in found.steps:
        if written.ids[step.email] not in written.touched:
            continue
        kept: dict[str, Any] = {"new": step.new}
        if step.before is not None:
            about = {name: getattr(step.before, name) for name in step.fields}
            kept["person"] = {**_listed(about), "manager_id": _text(step.before.manager)}
        if step.answers is not None:
            kept["answers"] = step.enrolled.answers.to_data() if step.enrolled else None
            kept["version"] = step.enrolled.version if step.enrolled else 0
            kept["written"] = step.enrolled is None or step.enrolled.answers != step.answers
        yield str(written.ids[step.email]), kept
    for person in found.leavers:
        yield str(person.id), {"new": False, "left": True}


def _listed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _remember(
    session: Session,
    files: Sequence[SourceFile],
    imported: Imported,
    before: dict[str, Any],
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
            before=before,
        )
    )
    session.flush()
    payload = {"file_hash": digest, "added": imported.added, "changed": imported.changed}
    audit.append(session, act="people imported", about=cycle_id, by=by, now=now, payload=payload)
