"""Forms somebody has begun: kept as typed, for every device of theirs, until they are sent or thrown away."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState
from matcher.domain.sign_up.form_draft import Typed
from matcher.store.participant_tables import FormDraft
from matcher.store.rows import TO_CHANGE
from matcher.store.tables import Cycle

OTHER, WINDOW = "other:", "window"
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class SavedForm:
    """A form as it stands on the server. version counts the savings, from 1. collided: this saving found that
    another window had said something else."""

    typed: Typed
    version: int
    saved_at: datetime
    collided: bool = False


def of(session: Session, cycle_id: UUID, person_id: UUID) -> SavedForm | None:
    """What this person has begun for this cycle, or None."""
    row = session.scalars(_row(cycle_id, person_id)).first()
    return None if row is None else _kept(row)


def keep(
    session: Session,
    *,
    cycle_id: UUID,
    person_id: UUID,
    typed: Typed,
    seen: int,
    sent: Typed | None,
    now: datetime,
) -> SavedForm:
    """Keep what was typed. seen: the version it was typed on, 0 for none.

    If another window saved since, or sent its answers (`sent`: those, where they are news to this window),
    what differs is kept beside it: nothing is lost whichever is saved last.
    """
    row = _row_to_write(session, cycle_id, person_id, now)
    before = _typed(row.typed) if row.version else sent
    goes_on = before is None or (row.version in {0, seen} and sent is None) or same_window(before, typed)
    collided = not goes_on and before is not None and bool(typed.news_in(before))
    merged = typed if before is None else typed.after(before) if goes_on else typed.over(before)
    row.typed, row.version, row.saved_at = _data(merged), row.version + 1, now
    session.flush()
    return SavedForm(typed=merged, version=row.version, saved_at=now, collided=collided)


def same_window(before: Typed, typed: Typed) -> bool:
    """A window does not quarrel with itself, whatever crossed on the way."""
    return before.window == typed.window != ""


def settle(session: Session, *, cycle_id: UUID, person_id: UUID) -> None:
    """Forget the texts from elsewhere: the person has seen them and decided."""
    row = session.scalars(_row(cycle_id, person_id).with_for_update(**TO_CHANGE)).first()
    if row is not None:
        kept = _typed(row.typed)
        row.typed = _data(Typed(texts=kept.texts, window=kept.window))
        session.flush()


def discard(session: Session, *, cycle_id: UUID, person_id: UUID) -> None:
    """Forget what was begun: it was sent, or is no longer wanted."""
    mine = (FormDraft.cycle_id == cycle_id, FormDraft.person_id == person_id)
    session.execute(delete(FormDraft).where(*mine))


def forget_old(session: Session, *, now: datetime) -> int:
    """Forget forms begun for cycles that closed, LONGEST after they were saved last; how many."""
    over = select(Cycle.id).where(Cycle.state != CycleState.OPEN.value)
    gone = delete(FormDraft).where(FormDraft.cycle_id.in_(over), FormDraft.saved_at <= now - LONGEST)
    return int(session.execute(gone).rowcount)  # type: ignore[attr-defined]  # a DELETE has a count


def drop_fields(session: Session, *, cycle_id: UUID, person_id: UUID, fields: frozenset[str]) -> None:
    """Forget what was typed into these fields, wherever it is kept."""
    row = session.scalars(_row(cycle_id, person_id).with_for_update(**TO_CHANGE)).first()
    if row is not None:
        row.typed = {
            name: texts for name, texts in row.typed.items() if name.removeprefix(OTHER) not in fields
        }
        row.version += 1
        session.flush()


def _row(cycle_id: UUID, person_id: UUID) -> Select[FormDraft]:
    return select(FormDraft).where(FormDraft.cycle_id == cycle_id, FormDraft.person_id == person_id)


def _row_to_write(session: Session, cycle_id: UUID, person_id: UUID, now: datetime) -> FormDraft:
    """The row, made if new (then of version 0); two windows that save at once come one after the other."""
    kind = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    ids = {"id": uuid4(), "cycle_id": cycle_id, "person_id": person_id}
    new = {**ids, "typed": {}, "version": 0, "saved_at": now}
    session.execute(
        kind.insert(FormDraft).values(new).on_conflict_do_nothing(index_elements=["cycle_id", "person_id"])
    )
    found = _row(cycle_id, person_id).with_for_update(**TO_CHANGE).execution_options(populate_existing=True)
    row: FormDraft = session.scalars(found).one()
    return row


def _kept(row: FormDraft) -> SavedForm:
    return SavedForm(typed=_typed(row.typed), version=row.version, saved_at=row.saved_at)


def _typed(data: Mapping[str, list[str]]) -> Typed:
    texts = {name: list(kept) for name, kept in data.items() if name != WINDOW and not name.startswith(OTHER)}
    others = {name.removeprefix(OTHER): tuple(kept) for name, kept in data.items() if name.startswith(OTHER)}
    return Typed(texts=texts, others=others, window="".join(data.get(WINDOW, ())))


def _data(typed: Typed) -> dict[str, list[str]]:
    others = {f"{OTHER}{name}": list(texts) for name, texts in typed.others.items()}
    return {**{name: list(texts) for name, texts in typed.texts.items()}, **others, WINDOW: [typed.window]}
