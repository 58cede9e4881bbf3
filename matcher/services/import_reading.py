"""Rows of a table → people, by the mapping: every fault named with row, column, header and value."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import ValidationError

from matcher.domain.errors import Problem
from matcher.schemas.import_rows import PersonRow, RowSchema
from matcher.schemas.mapping import LIST_FIELDS, FileMapping, Source
from matcher.services.csv_table import Row, Table, plain, shown


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """Where a field's text came from."""

    column: int | None
    header: str | None
    value: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A person, and the row of the file that tells of them."""

    file: str
    number: int
    row: PersonRow


def people_in(table: Table, mapping: FileMapping) -> tuple[list[Found], list[Problem]]:
    """The rows that could be read, and everything wrong in this file."""
    header_faults = list(_header_faults(table, mapping))
    if header_faults:
        return [], [*header_faults, *table.problems]
    unreadable = {problem.row for problem in table.problems}
    schema = RowSchema()
    found: list[Found] = []
    problems = list(table.problems)
    addresses: dict[str, int] = {}
    for row in table.rows:
        if row.number in unreadable:
            continue
        cells, wrong = _cells(table, row, mapping)
        wrong += _repeats(table, row, cells, addresses)
        try:
            person = schema.load(
                {name: _value(name, cell, mapping.sources[name]) for name, cell in cells.items()}
            )
            found.append(Found(file=table.name, number=row.number, row=person))
        except ValidationError as error:
            wrong += _row_faults(table.name, row, cells, error.messages_dict)
        problems += wrong
    return found, sorted(problems, key=lambda problem: (problem.row or 0, problem.column or 0))


def _header_faults(table: Table, mapping: FileMapping) -> Iterator[Problem]:
    names = [plain(name) for name in table.header]
    known = {plain(name) for name in mapping.known}
    missing = [name for name in mapping.expected if plain(name) not in names]
    if missing:
        yield _header_fault(
            table,
            f"Missing columns: {_listed(missing)}. Expected {_listed(mapping.expected)}; "
            f"found {_listed(table.header)}.",
        )
    for place, name in enumerate(names):
        if name and names.index(name) < place:
            yield _header_fault(table, "This column stands there twice. Remove one.", place)
        elif name not in known and not mapping.ignore_unknown:
            yield _header_fault(
                table, "The mapping does not know this column. Map it, or list it under “ignore”.", place
            )


def _header_fault(table: Table, sentence: str, place: int | None = None) -> Problem:
    name = None if place is None else shown(table.header[place])
    column = None if place is None else place + 1
    return Problem(pointer=table.name, row=1, column=column, header=name, sentence=sentence)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"“{shown(name)}”" for name in names)


def _cells(table: Table, row: Row, mapping: FileMapping) -> tuple[dict[str, _Cell], list[Problem]]:
    """The text of every field this row tells; what the mapping cannot translate is a fault instead."""
    cells: dict[str, _Cell] = {}
    wrong: list[Problem] = []
    for name, source in mapping.sources.items():
        cell = _cell(table, row, source)
        if cell is None:
            continue
        try:
            cells[name] = replace(cell, value=_translated(cell.value, source))
        except ValueError as error:
            wrong.append(_cell_fault(table.name, row, cell, str(error)))
    return cells, wrong


def _cell(table: Table, row: Row, source: Source) -> _Cell | None:
    """The raw text of a field in this row; None when it says nothing."""
    if source.only_if is not None:
        asked = table.column(source.only_if.column)
        if asked is None or plain(row.cells[asked]) != plain(source.only_if.says):
            return None
    if source.value is not None:
        return _Cell(column=None, header=None, value=source.value)
    places = [place for place in map(table.column, source.columns) if place is not None]
    text = " ".join(row.cells[place].strip() for place in places).strip()
    if not text:
        return None
    return _Cell(column=places[0] + 1, header=table.header[places[0]], value=text)


def _translated(text: str, source: Source) -> str:
    """The text after the value map or ladder. Raises ValueError with the sentence when it is in neither."""
    if source.ladder:
        steps = {plain(step): place for place, step in enumerate(source.ladder)}
        if plain(text) not in steps:
            raise ValueError(f"This is not on the ladder. Known: {', '.join(source.ladder)}.")
        return str(steps[plain(text)])
    if source.values:
        known = {plain(key): value for key, value in source.values.items()}
        if plain(text) not in known:
            raise ValueError(f"The mapping has no value for this. Known: {', '.join(source.values)}.")
        return known[plain(text)]
    return text


def _value(name: str, cell: _Cell, source: Source) -> Any:
    """What the schema gets: a text, or a list for what is split."""
    if source.split is not None:
        parts = (part.strip() for part in cell.value.split(source.split))
        return list(dict.fromkeys(part for part in parts if part))
    return [cell.value] if name in LIST_FIELDS else cell.value


def _row_faults(
    file: str, row: Row, cells: Mapping[str, _Cell], messages: Mapping[str, Any]
) -> list[Problem]:
    faults = []
    for name, message in messages.items():
        cell = cells.get(name, _Cell(column=None, header=None, value=""))
        sentence = f"The field “{name}” is needed." if name not in cells else " ".join(_sentences(message))
        faults.append(_cell_fault(file, row, cell, sentence))
    return faults


def _cell_fault(file: str, row: Row, cell: _Cell, sentence: str) -> Problem:
    line = "" if row.line == row.number else f" (Line {row.line} of the file.)"
    return Problem(
        pointer=file,
        row=row.number,
        column=cell.column,
        header=None if cell.header is None else shown(cell.header),
        value=shown(cell.value) if cell.value else None,
        sentence=sentence + line,
    )


def _sentences(message: Any) -> Iterator[str]:
    if isinstance(message, Mapping):
        for inner in message.values():
            yield from _sentences(inner)
    elif isinstance(message, list):
        for inner in message:
            yield from _sentences(inner)
    else:
        yield str(message)


def _repeats(table: Table, row: Row, cells: Mapping[str, _Cell], first: dict[str, int]) -> Iterator[Problem]:
    """The fault of a row about somebody an earlier row is about; `first` keeps where each address stood."""
    address = cells.get("email")
    if address is not None and first.setdefault(address.value.lower(), row.number) != row.number:
        earlier = first[address.value.lower()]
        sentence = f"Row {row.number} repeats row {earlier}: the same e-mail address."
        yield _cell_fault(table.name, row, address, sentence)
