"""Ways of reading files that are kept by name: the programme's own, and ours that come along."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, Problem
from matcher.domain.sentences import say
from matcher.schemas.mapping import ImportMapping, mapping_from
from matcher.services.programme.programmes import require_organiser
from matcher.store.organiser_tables import SavedMapping

MOST_NAME = 60
MOST_KEPT = 50


@cache
def ours() -> tuple[tuple[str, ImportMapping], ...]:
    """The mappings that come with the product, by title."""
    folder = files("matcher.services.imports").joinpath("mappings")
    texts = [one.read_text("utf-8") for one in folder.iterdir() if one.name.endswith(".toml")]
    read = (mapping_from(tomllib.loads(text)) for text in texts)
    return tuple(sorted((one.title, one) for one in read))


def of(session: Session, programme_id: UUID) -> tuple[tuple[str, ImportMapping], ...]:
    """Those of the programme, by name."""
    rows = session.scalars(_rows(programme_id).order_by(SavedMapping.name))
    return tuple((row.name, mapping_from({**row.data, "title": row.name})) for row in rows)


def keep(
    session: Session,
    *,
    programme_id: UUID,
    name: str,
    data: Mapping[str, Any],
    by: UUID | None,
    now: datetime,
) -> None:
    """Keep a way of reading under this name; one of the same name is replaced.

    Raises Invalid for a name that cannot be used, and when there are MOST_KEPT already.
    """
    require_organiser(session, programme_id, by)
    plain = " ".join(name.split())
    if not plain or len(plain) > MOST_NAME or not plain.isprintable():
        said = say("Give it a name of 1 to {most} characters.", most=MOST_NAME)
        raise Invalid((Problem(pointer="/name", sentence=said),))
    kept = {row.name: row for row in session.scalars(_rows(programme_id).with_for_update())}
    row = kept.get(plain)
    if row is None and len(kept) >= MOST_KEPT:
        said = say("There are {most} already. Remove one you no longer need.", most=MOST_KEPT)
        raise Invalid((Problem(pointer="/name", sentence=said),))
    if row is None:
        row = SavedMapping(programme_id=programme_id, name=plain)
        session.add(row)
    row.data, row.saved_at = dict(data), now
    session.flush()


def remove(session: Session, *, programme_id: UUID, name: str, by: UUID | None) -> None:
    """Remove the one of this name. Raises NotFound."""
    require_organiser(session, programme_id, by)
    row = session.scalars(_rows(programme_id).where(SavedMapping.name == name)).first()
    if row is None:
        raise NotFound(say("There is no saved way of reading of that name."))
    session.delete(row)
    session.flush()


def _rows(programme_id: UUID) -> Any:
    return select(SavedMapping).where(SavedMapping.programme_id == programme_id)
