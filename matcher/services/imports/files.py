"""Handed-in files → one row a person, and everything wrong with them at once. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import PurePath
from typing import Any

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Role
from matcher.domain.sentences import say, say_many
from matcher.schemas.import_rows import ImportedPerson
from matcher.schemas.mapping import LIST_FIELDS, FileMapping, ImportMapping
from matcher.services.imports.csv_table import CsvTable, read_table, shown
from matcher.services.imports.rows import EVERY_ROLE, Noted, PersonAtRow, nobody_waits, people_in
from matcher.services.imports.xlsx_table import is_spreadsheet, read_sheet

MATCHED_ALIKE = ("name", "function", "site", "department", "grade", "zone")
"""What two rows about one person must say alike."""


@dataclass(frozen=True, kw_only=True)
class SourceFile:
    """A file as it was handed in."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What an import would do: the people found, how the files were read, and everything wrong with them."""

    rows: tuple[ImportedPerson, ...]
    notes: tuple[str, ...]
    problems: tuple[Problem, ...]
    new: int = 0
    updated: int = 0


def read(
    files: Sequence[SourceFile],
    mapping: ImportMapping,
    noted: Noted = nobody_waits,
    offered: tuple[Role, ...] = EVERY_ROLE,
) -> DryRun:
    """Read the files by the mapping; never raises for what is in them, but lists it in `problems`. offered:
    the roles of the programme."""
    found: list[PersonAtRow] = []
    notes: list[str] = []
    problems: list[Problem] = []
    for file in files:
        try:
            table = table_of(file, expected=_mapping_of(file, mapping).known)
            notes += _notes(table)
            rows, wrong = people_in(table, _mapping_of(file, mapping), noted, offered)
        except Invalid as error:
            rows, wrong = [], list(error.problems)
        found += rows
        problems += wrong
    merged, disagreements = _merged(found)
    problems += disagreements
    return DryRun(rows=tuple(merged), notes=tuple(notes), problems=tuple(problems))


def table_of(file: SourceFile, *, expected: Collection[str] = ()) -> CsvTable:
    """The file as a table, whether CSV or XLSX. Raises Invalid where it cannot be read at all."""
    if is_spreadsheet(file.data):
        return read_sheet(file.data, name=file.name)
    return read_table(file.data, name=file.name, expected=expected)


def _notes(table: CsvTable) -> Iterator[str]:
    if table.sheet:
        yield say_many(
            "{file}: {count} row of the sheet “{sheet}”.",
            "{file}: {count} rows of the sheet “{sheet}”.",
            len(table.rows),
            file=table.name,
            sheet=table.sheet,
        )
    else:
        yield say_many(
            "{file}: {count} row, separated by {delimiter}.",
            "{file}: {count} rows, separated by {delimiter}.",
            len(table.rows),
            file=table.name,
            delimiter=table.delimiter_word,
        )
    yield from table.notes


def _mapping_of(file: SourceFile, mapping: ImportMapping) -> FileMapping:
    found = mapping.of(PurePath(file.name).stem)
    if found is None:
        sentence = say(
            "The mapping “{mapping}” does not know this file. It knows {names}.",
            mapping=mapping.title,
            names=tuple(one.name for one in mapping.files),
        )
        raise Invalid((Problem(pointer=file.name, sentence=sentence),))
    return found


def _merged(found: Sequence[PersonAtRow]) -> tuple[list[ImportedPerson], list[Problem]]:
    """One row a person: somebody in two files holds both roles, and both files must tell the same of them."""
    merged: dict[str, PersonAtRow] = {}
    problems: list[Problem] = []
    for one in found:
        earlier = merged.get(one.row.email)
        if earlier is None or earlier.file == one.file:
            merged.setdefault(one.row.email, one)
            continue
        problems += _disagreements(earlier, one)
        merged[one.row.email] = replace(earlier, row=_joined(earlier.row, one.row))
    return [one.row for one in merged.values()], problems


def _disagreements(earlier: PersonAtRow, later: PersonAtRow) -> Iterator[Problem]:
    for name in MATCHED_ALIKE:
        before, after = getattr(earlier.row, name), getattr(later.row, name)
        if before != after:
            yield Problem(
                pointer=later.file,
                row=later.number,
                value=shown(str(after)),
                sentence=say(
                    "The same person has another {field} in row {row} of {file}.",
                    field=name,
                    row=earlier.number,
                    file=earlier.file,
                ),
            )


def _joined(first: ImportedPerson, second: ImportedPerson) -> ImportedPerson:
    """Both rows' roles and lists; of single answers the one that differs from the default."""
    values: dict[str, Any] = {}
    for one in fields(ImportedPerson):
        before, after = getattr(first, one.name), getattr(second, one.name)
        if one.name in {*LIST_FIELDS, "hours"}:
            values[one.name] = tuple(dict.fromkeys((*before, *after)))
        else:
            values[one.name] = after if before == one.default else before
    return ImportedPerson(**values)
