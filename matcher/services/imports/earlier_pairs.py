"""Pairs of earlier years, from a spreadsheet: they count as met, so that none of them comes again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, Problem
from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.account.people import by_addresses, canonical_address
from matcher.services.imports.csv_table import CsvTable, TableRow, shown
from matcher.services.imports.files import SourceFile, table_of
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import table_of as rows_of
from matcher.store.rows import to_change
from matcher.store.tables import Cycle, Pair, Programme

COLUMNS = ("mentor_email", "mentee_email")
BEFORE = 0
"""Number of the cycle that holds pairs from before: lower than any that took place here."""
NO_REASONS: Mapping[str, list[str]] = {"all": [], "mentor": [], "mentee": []}

Couple = tuple[UUID, UUID]


@dataclass(frozen=True, kw_only=True)
class EarlierPairs:
    """Pairs that were new to us, those we knew already, and everything wrong with the file."""

    new: int
    known: int
    problems: tuple[Problem, ...] = ()


def dry_run(session: Session, file: SourceFile, *, programme_id: UUID) -> EarlierPairs:
    """What importing the file would do; stores nothing. Everything wrong is named by row and column."""
    try:
        table = table_of(file, expected=COLUMNS)
    except Invalid as refused:
        return EarlierPairs(new=0, known=0, problems=refused.problems)
    couples, problems = _couples(session, table)
    stored = _stored(session, programme_id)
    known = sum(couple in stored for couple in couples)
    return EarlierPairs(new=len(couples) - known, known=known, problems=problems)


def confirm(
    session: Session, file: SourceFile, *, programme_id: UUID, by: UUID | None, now: datetime
) -> EarlierPairs:
    """Store the pairs in an archived cycle of their own, before all others.

    Raises Invalid, and stores nothing, when anything is wrong with the file; NotFound.
    """
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    couples, problems = _couples(session, table_of(file, expected=COLUMNS))
    if problems:
        raise Invalid(problems)
    stored = _stored(session, programme_id)
    new = [couple for couple in couples if couple not in stored]
    if new:
        cycle_id = _cycle_before(session, programme_id, now)
        session.execute(insert(rows_of(Pair)), [_row(cycle_id, *couple) for couple in new])
    payload = {"new": len(new), "known": len(couples) - len(new)}
    audit.append(session, act="earlier pairs imported", about=programme_id, by=by, now=now, payload=payload)
    return EarlierPairs(new=len(new), known=len(couples) - len(new))


def _row(cycle_id: UUID, mentor: UUID, mentee: UUID) -> dict[str, object]:
    return {
        "id": uuid4(),
        "cycle_id": cycle_id,
        "mentor_id": mentor,
        "mentee_id": mentee,
        "state": PairState.COMPLETED.value,
        "points": 0,
        "reasons": dict(NO_REASONS),
    }


def _stored(session: Session, programme_id: UUID) -> set[Couple]:
    asked = (
        select(Pair.mentor_id, Pair.mentee_id)
        .join(Cycle, Cycle.id == Pair.cycle_id)
        .where(Cycle.programme_id == programme_id, Cycle.number == BEFORE)
    )
    return {(mentor, mentee) for mentor, mentee in session.execute(asked)}


def _cycle_before(session: Session, programme_id: UUID, now: datetime) -> UUID:
    found = session.scalars(
        select(Cycle.id).where(Cycle.programme_id == programme_id, Cycle.number == BEFORE)
    ).first()
    if found is not None:
        return found
    first = session.scalar(select(func.min(Cycle.opens_on)).where(Cycle.programme_id == programme_id))
    day: date = (first or now.date()) - timedelta(days=1)
    cycle = Cycle(
        programme_id=programme_id,
        number=BEFORE,
        name=say("Earlier pairs"),
        state=CycleState.ARCHIVED.value,
        opens_on=day,
        closes_on=day,
        starts_on=day,
        ends_on=day,
        created_at=now,
    )
    session.add(cycle)
    session.flush()
    return cycle.id


def _couples(session: Session, table: CsvTable) -> tuple[list[Couple], tuple[Problem, ...]]:
    """The pairs of the file, each once, and every fault with its row and column."""
    places = [table.column(name) for name in COLUMNS]
    if None in places:
        said = say(
            "Missing columns. Expected: {expected}. Found: {found}.", expected=COLUMNS, found=table.header
        )
        return [], (Problem(pointer=table.name, row=1, sentence=said), *table.problems)
    columns = [place for place in places if place is not None]
    broken = {problem.row for problem in table.problems}
    rows = [row for row in table.rows if row.number not in broken]
    known = by_addresses(session, [row.cells[place] for row in rows for place in columns])
    problems = [*table.problems]
    couples: dict[Couple, int] = {}
    for row in rows:
        found = [known.get(canonical_address(row.cells[place])) for place in columns]
        faults = list(_faults(table, row, columns, found))
        problems += faults
        if not faults:
            mentor, mentee = (one for one in found if one is not None)
            couples.setdefault((mentor, mentee), row.number)
    return list(couples), tuple(problems)


def _faults(
    table: CsvTable, row: TableRow, columns: Sequence[int], found: Sequence[UUID | None]
) -> Iterator[Problem]:
    for place, person in zip(columns, found, strict=True):
        text = row.cells[place].strip()
        if person is None:
            sentence = (
                say("Nobody here has this address. Bring the people in first, then their earlier pairs.")
                if text
                else say("Write an e-mail address here.")
            )
            yield _fault(table, row, place, sentence)
    if found[0] is not None and found[0] == found[1]:
        yield _fault(table, row, columns[1], say("This is the same person twice."))


def _fault(table: CsvTable, row: TableRow, place: int, sentence: str) -> Problem:
    return Problem(
        pointer=table.name,
        row=row.number,
        column=place + 1,
        header=shown(table.header[place]),
        value=shown(row.cells[place]) or None,
        sentence=sentence,
    )
