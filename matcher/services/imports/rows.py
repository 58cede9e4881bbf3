"""Rows of a table → people, by the mapping: every fault named with row, column, header and value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError

from matcher.domain.errors import Problem
from matcher.domain.people import Role
from matcher.domain.sentences import say
from matcher.schemas.import_rows import ImportedPerson
from matcher.schemas.mapping import LIST_FIELDS, FileMapping, Source
from matcher.schemas.row_reader import RowReader
from matcher.services.imports.csv_table import CsvTable, TableRow, in_line, plain, shown


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """Where a field's text came from."""

    column: int | None
    header: str | None
    value: str


@dataclass(frozen=True, kw_only=True)
class PersonAtRow:
    """A person, and the row of the file that tells of them."""

    file: str
    number: int
    row: ImportedPerson


@dataclass(frozen=True, kw_only=True)
class _Field:
    """A field's source, looked up once in this table's header.

    places: the columns it reads. asked: the column of its condition. words: what a translated cell becomes,
    by its plain text; None where cells are taken as they are.
    """

    name: str
    source: Source
    places: tuple[int, ...]
    asked: int | None
    words: Mapping[str, str] | None


Noted = Callable[[int, int], None]
"""Told from time to time how many rows are read, and of how many."""

NOTED_EACH = 500


def nobody_waits(_done: int, _of: int) -> None:
    """For who does not show how far it is."""


EVERY_ROLE = tuple(Role)


def people_in(
    table: CsvTable,
    mapping: FileMapping,
    noted: Noted = nobody_waits,
    offered: tuple[Role, ...] = EVERY_ROLE,
) -> tuple[list[PersonAtRow], list[Problem]]:
    """The rows that could be read, and everything wrong in this file. offered: the roles of the programme."""
    header_faults = list(_header_faults(table, mapping))
    if header_faults:
        return [], [*header_faults, *table.problems]
    unreadable = {problem.row for problem in table.problems}
    reader = RowReader(offered)
    planned = [_field(table, name, source) for name, source in mapping.sources.items()]
    found: list[PersonAtRow] = []
    problems = list(table.problems)
    addresses: dict[str, int] = {}
    for place, row in enumerate(table.rows):
        if place % NOTED_EACH == 0:
            noted(place, len(table.rows))
        if row.number in unreadable:
            continue
        cells, wrong = _cells(table, row, planned)
        wrong += _repeats(table, row, cells, addresses)
        try:
            person = reader.read(
                {name: _value(name, cell, mapping.sources[name]) for name, cell in cells.items()}
            )
            found.append(PersonAtRow(file=table.name, number=row.number, row=person))
        except ValidationError as error:
            wrong += _row_faults(table.name, row, cells, error.messages_dict)
        problems += wrong
    return found, sorted(problems, key=lambda problem: (problem.row or 0, problem.column or 0))


def _header_faults(table: CsvTable, mapping: FileMapping) -> Iterator[Problem]:
    names = [plain(name) for name in table.header]
    known = {plain(name) for name in mapping.known}
    missing = [name for name in mapping.expected if plain(name) not in names]
    if missing:
        yield _header_fault(
            table,
            say(
                "Missing columns: {missing}. Expected: {expected}. Found: {found}.",
                missing=_quoted(missing),
                expected=_quoted(mapping.expected),
                found=_quoted(table.header),
            ),
        )
    for place, name in enumerate(names):
        if name and names.index(name) < place:
            yield _header_fault(table, say("This column stands there twice. Remove one."), place)
        elif name not in known and not mapping.ignore_unknown:
            yield _header_fault(
                table, say("The mapping does not know this column. Map it, or list it under “ignore”."), place
            )


def _header_fault(table: CsvTable, sentence: str, place: int | None = None) -> Problem:
    name = None if place is None else shown(table.header[place])
    column = None if place is None else place + 1
    return Problem(pointer=table.name, row=1, column=column, header=name, sentence=sentence)


def _quoted(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"“{shown(name)}”" for name in names)


def _field(table: CsvTable, name: str, source: Source) -> _Field:
    words: dict[str, str] | None = None
    if source.ladder:
        words = {plain(step): str(place) for place, step in enumerate(source.ladder)}
    elif source.values:
        words = {plain(key): value for key, value in source.values.items()}
    return _Field(
        name=name,
        source=source,
        places=tuple(place for place in map(table.column, source.columns) if place is not None),
        asked=None if source.only_if is None else table.column(source.only_if.column),
        words=words,
    )


def _cells(
    table: CsvTable, row: TableRow, planned: Iterable[_Field]
) -> tuple[dict[str, _Cell], list[Problem]]:
    """The text of every field this row tells; what the mapping cannot translate is a fault instead."""
    cells: dict[str, _Cell] = {}
    wrong: list[Problem] = []
    for one in planned:
        cell = _cell(table, row, one)
        if cell is None:
            continue
        if one.words is None:
            cells[one.name] = cell
        elif plain(cell.value) in one.words:
            cells[one.name] = replace(cell, value=one.words[plain(cell.value)])
        else:
            wrong.append(_cell_fault(table.name, row, cell, _untranslated(one.source)))
    return cells, wrong


def _cell(table: CsvTable, row: TableRow, one: _Field) -> _Cell | None:
    """The raw text of a field in this row; None when it says nothing."""
    condition = one.source.only_if
    if condition is not None and (one.asked is None or plain(row.cells[one.asked]) != plain(condition.says)):
        return None
    if one.source.value is not None:
        return _Cell(column=None, header=None, value=one.source.value)
    text = " ".join(row.cells[place].strip() for place in one.places).strip()
    if not text:
        return None
    return _Cell(column=one.places[0] + 1, header=table.header[one.places[0]], value=text)


def _untranslated(source: Source) -> str:
    if source.ladder:
        return say("This is not on the ladder. Known: {known}.", known=source.ladder)
    return say("The mapping has no value for this. Known: {known}.", known=tuple(source.values))


def _value(name: str, cell: _Cell, source: Source) -> Any:
    """What the schema gets: a text, or a list for what is split."""
    if source.split is not None:
        parts = (part.strip() for part in cell.value.split(source.split))
        return list(dict.fromkeys(part for part in parts if part))
    return [cell.value] if name in LIST_FIELDS else cell.value


def _row_faults(
    file: str, row: TableRow, cells: Mapping[str, _Cell], messages: Mapping[str, Any]
) -> list[Problem]:
    faults = []
    for name, message in messages.items():
        cell = cells.get(name, _Cell(column=None, header=None, value=""))
        if name not in cells:
            faults.append(_cell_fault(file, row, cell, say("The field “{name}” is needed.", name=name)))
            continue
        faults += [_cell_fault(file, row, cell, sentence) for sentence in _sentences(message)]
    return faults


def _cell_fault(file: str, row: TableRow, cell: _Cell, sentence: str) -> Problem:
    return Problem(
        pointer=file,
        row=row.number,
        column=cell.column,
        header=None if cell.header is None else shown(cell.header),
        value=shown(cell.value) if cell.value else None,
        sentence=in_line(sentence, row.number, row.line),
    )


def _sentences(message: Any) -> Iterator[str]:
    if isinstance(message, Mapping):
        for inner in message.values():
            yield from _sentences(inner)
    elif isinstance(message, list):
        for inner in message:
            yield from _sentences(inner)
    else:
        yield message if isinstance(message, str) else str(message)


def _repeats(
    table: CsvTable, row: TableRow, cells: Mapping[str, _Cell], first: dict[str, int]
) -> Iterator[Problem]:
    """The fault of a row about somebody an earlier row is about; `first` keeps where each address stood."""
    address = cells.get("email")
    if address is not None and first.setdefault(address.value.lower(), row.number) != row.number:
        earlier = first[address.value.lower()]
        sentence = say(
            "Row {row} repeats row {earlier}: the same e-mail address.", row=row.number, earlier=earlier
        )
        yield _cell_fault(table.name, row, address, sentence)
