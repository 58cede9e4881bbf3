"""Private notes: what somebody writes for themselves about a pair or a circle. Nobody else reads them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import Changed, NotFound
from matcher.domain.sentences import say
from matcher.services.groups.lists import GroupId, group_of
from matcher.store.participant_tables import PrivateNote
from matcher.store.rows import one_at_a_time


@dataclass(frozen=True, kw_only=True)
class Note:
    """The note as it stands; version 0 and an empty text where there is none."""

    text: str = ""
    version: int = 0
    changed_at: datetime | None = None


class Clash(Changed):
    """The note was changed elsewhere meanwhile; `stored` is what stands there now. Nothing was lost."""

    def __init__(self, stored: Note) -> None:
        super().__init__(
            say("This note was changed in another window or on another device. Both texts are kept.")
        )
        self.stored = stored


def mine(session: Session, *, group_id: UUID, person_id: UUID) -> Note:
    """This person's own note about a pair or circle they are in. Raises NotFound."""
    row = _row(session, _group(session, group_id, person_id), person_id)
    return _note(row) if row else Note()


def save(session: Session, *, group_id: UUID, text: str, version: int, by: UUID, now: datetime) -> Note:
    """Write the note, if nobody did since `version` was read; an empty text takes it away.

    Raises Clash with what is stored, and NotFound for whoever is not in the pair or circle. Not audited: that
    somebody wrote a note is their own affair too.
    """
    group = _group(session, group_id, by)
    one_at_a_time(session, f"note {by} {group_id}")
    row = _row(session, group, by)
    if (row.version if row else 0) != version:
        stored = _note(row) if row else Note()
        if stored.text == text:
            return stored
        raise Clash(stored)
    if row is None:
        row = PrivateNote(person_id=by, text=text, changed_at=now, **group.columns)
        session.add(row)
    elif row.text != text:
        row.text, row.version, row.changed_at = text, row.version + 1, now
    if not text:
        if row in session.new:
            session.expunge(row)
        else:
            session.delete(row)
        session.flush()
        return Note()
    session.flush()
    return _note(row)


def _group(session: Session, group_id: UUID, person_id: UUID) -> GroupId:
    group = group_of(session, group_id, person_id)
    if group is None:
        raise NotFound(say("There is no such pair or circle."))
    return group


def _row(session: Session, group: GroupId, person_id: UUID) -> PrivateNote | None:
    asked = select(PrivateNote).where(PrivateNote.person_id == person_id, group.of(PrivateNote))
    return session.scalars(asked.execution_options(populate_existing=True)).first()


def _note(row: PrivateNote) -> Note:
    return Note(text=row.text, version=row.version, changed_at=row.changed_at)
