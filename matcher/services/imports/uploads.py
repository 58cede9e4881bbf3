"""Files that were sent and not yet imported: kept for a day at most, seen by who sent them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, load_only

from matcher.domain.errors import Invalid, NotFound, Problem
from matcher.domain.sentences import say
from matcher.services.imports.column_words import column_words
from matcher.services.imports.csv_table import DELIMITERS, CsvTable, shown
from matcher.services.imports.files import SourceFile, table_of
from matcher.store.organiser_tables import Upload

KEPT = timedelta(days=1)
MOST_FILES = 8
MOST_COLUMNS = 60
MOST_NAME = 120
MOST_TOGETHER = 10_000_000
"""Bytes of all files that are sent at once."""


@dataclass(frozen=True, kw_only=True)
class Handed:
    """Files sent together. id: of the first of them. how: the mapping's data, empty before anything is
    chosen. full: whether the files list everybody."""

    id: UUID
    files: tuple[SourceFile, ...]
    how: Mapping[str, Any]
    full: bool
    sent_at: datetime

    @property
    def hash(self) -> str:
        """Of the files, how they are read, and whether they list everybody: what was previewed."""
        digest = hashlib.sha256(json.dumps([self.how, self.full], sort_keys=True).encode())
        for file in self.files:
            digest.update(hashlib.sha256(file.data).digest())
        return digest.hexdigest()


@dataclass(frozen=True, kw_only=True)
class WaitingUpload:
    """Files of mine that wait to be imported. earlier_pairs: they list pairs of earlier years."""

    id: UUID
    names: tuple[str, ...]
    sent_at: datetime
    earlier_pairs: bool


def keep(
    session: Session,
    sent: Sequence[SourceFile],
    *,
    cycle_id: UUID,
    person_id: UUID,
    now: datetime,
    earlier_pairs: bool = False,
) -> UUID:
    """Keep files that could be read. Raises Invalid, and keeps none, naming every file that could not."""
    files = [SourceFile(name=_name(file.name), data=file.data) for file in sent]
    faults = [*_faults(files), *(fault for file in files for fault in _unreadable(file))]
    if faults:
        raise Invalid(tuple(faults))
    first = uuid4()
    for place, file in enumerate(files):
        kept = {"place": place, "first": str(first), "earlier_pairs": earlier_pairs}
        session.add(
            Upload(
                id=first if place == 0 else uuid4(),
                cycle_id=cycle_id,
                person_id=person_id,
                name=file.name,
                content=file.data,
                mapping=kept,
                sent_at=now,
            )
        )
    session.flush()
    return first


def _name(name: str) -> str:
    path = PurePath(name.replace("\\", "/"))
    stem = "".join(character for character in path.stem if character.isprintable())
    return f"{stem[:MOST_NAME] or 'file'}{path.suffix[:10]}"


def _faults(files: Sequence[SourceFile]) -> list[Problem]:
    if not files:
        return [Problem(pointer="/files", sentence=say("Choose a file first."))]
    if len(files) > MOST_FILES:
        said = say("At most {most} files at once can be read.", most=MOST_FILES)
        return [Problem(pointer="/files", sentence=said)]
    stems = [PurePath(file.name).stem for file in files]
    return [
        Problem(pointer="/files", sentence=say("Two files are called “{name}”. Rename one.", name=stem))
        for stem in sorted({stem for stem in stems if stems.count(stem) > 1})
    ]


def _unreadable(file: SourceFile) -> list[Problem]:
    try:
        table = opened(file)
    except Invalid as refused:
        return [
            Problem(
                pointer="/files",
                row=one.row,
                sentence=say("{file}: {what}", file=shown(file.name), what=one.sentence),
            )
            for one in refused.problems
        ]
    if len(table.header) > MOST_COLUMNS:
        said = say(
            "{file}: it has {found} columns; at most {most} can be read.",
            file=shown(file.name),
            found=len(table.header),
            most=MOST_COLUMNS,
        )
        return [Problem(pointer="/files", sentence=said)]
    return []


def opened(file: SourceFile) -> CsvTable:
    """The file as a table, its separator found by headers people use, else by what cuts its first line.

    Raises Invalid.
    """
    table = table_of(file, expected=column_words().field)
    if len(table.header) == 1:
        for sign in DELIMITERS:
            parts = table.header[0].split(sign)
            if len(parts) > 1:
                return table_of(file, expected=parts)
    return table


def of(session: Session, upload_id: UUID, *, cycle_id: UUID, person_id: UUID) -> Handed:
    """What was sent together. Raises NotFound, also where somebody else sent it."""
    first = session.scalars(_mine(cycle_id, person_id).where(Upload.id == upload_id)).first()
    if first is None:
        raise NotFound(say("These files are no longer here: they were imported, dropped or a day old."))
    rows = [first]
    rows += [row for row in _others(session, first) if row.id != first.id]
    rows.sort(key=lambda row: row.mapping["place"])
    return Handed(
        id=first.id,
        files=tuple(SourceFile(name=row.name, data=row.content) for row in rows),
        how=first.mapping.get("how", {}),
        full=bool(first.mapping.get("full", False)),
        sent_at=first.sent_at,
    )


def choose(session: Session, upload_id: UUID, *, how: Mapping[str, Any], full: bool) -> None:
    """Keep how these files are to be read."""
    row = session.get_one(Upload, upload_id)
    row.mapping = {**row.mapping, "how": dict(how), "full": full}
    session.flush()


def drop(session: Session, upload_id: UUID, *, cycle_id: UUID, person_id: UUID) -> None:
    """Remove what was sent together; nothing happens where it is gone already."""
    first = session.scalars(_mine(cycle_id, person_id).where(Upload.id == upload_id)).first()
    if first is not None:
        for row in _others(session, first):
            session.delete(row)
        session.flush()


def waiting(session: Session, *, cycle_id: UUID, person_id: UUID) -> tuple[WaitingUpload, ...]:
    """What I sent and did not import, the newest first."""
    named = load_only(Upload.name, Upload.mapping, Upload.sent_at)
    rows = session.scalars(_mine(cycle_id, person_id).options(named).order_by(Upload.sent_at.desc())).all()
    ordered = sorted(rows, key=lambda row: row.mapping["place"])
    return tuple(
        WaitingUpload(
            id=row.id,
            names=tuple(one.name for one in ordered if one.mapping["first"] == str(row.id)),
            sent_at=row.sent_at,
            earlier_pairs=row.mapping["earlier_pairs"],
        )
        for row in rows
        if row.mapping["place"] == 0
    )


def forget_old(session: Session, *, now: datetime) -> None:
    """Remove what is a day old."""
    session.execute(delete(Upload).where(Upload.sent_at < now - KEPT))


def _mine(cycle_id: UUID, person_id: UUID) -> Any:
    return select(Upload).where(Upload.cycle_id == cycle_id, Upload.person_id == person_id)


def _others(session: Session, first: Upload) -> list[Upload]:
    """All that was sent together with it, itself included."""
    rows = session.scalars(_mine(first.cycle_id, first.person_id).where(Upload.sent_at == first.sent_at))
    return [row for row in rows if row.mapping["first"] == str(first.id)]
