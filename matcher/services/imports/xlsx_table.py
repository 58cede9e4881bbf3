"""Bytes of an XLSX file → a table of text cells. The zip is checked before anything in it is parsed."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from matcher.domain.errors import Invalid, Problem
from matcher.domain.sentences import say
from matcher.services.imports.csv_table import (
    MOST_BYTES,
    MOST_ROWS,
    CsvTable,
    TableRow,
    cell_faults,
    of_file,
    shown,
    too_many_bytes,
    too_many_rows,
)
from matcher.services.imports.xlsx_parts import DeclaresEntities, SheetPart, Unreadable, sheet_part

MOST_UNPACKED = 100_000_000
MOST_MEMBERS = 1_000
MOST_CELLS = 5_000_000
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
"""How .xls files begin, and .xlsx files with a password: both are OLE containers."""

HOLDS_ERROR = say("This cell holds an error. Mend its formula or write the value.")
HAS_NO_VALUE = say("This formula has no value yet. Open the file, save it, and send it again.")
SAVE_AS = say("Save it as a plain “Excel workbook (.xlsx)” and try again.")
ENTITIES = say("It declares XML entities, which no spreadsheet needs. {what}", what=SAVE_AS)
UNREADABLE = say("It cannot be read as a workbook. {what}", what=SAVE_AS)


def is_spreadsheet(data: bytes) -> bool:
    """Whether the bytes are a zip, as .xlsx files are, or an old or locked workbook."""
    return data.startswith((b"PK\x03\x04", OLD_OR_LOCKED))


def read_sheet(data: bytes, *, name: str) -> CsvTable:
    """Read the first visible sheet; what is hidden beside it is announced in `notes`.

    Numbers, dates and yes/no become the texts a person would type. Cells with an error or a formula without a
    value are listed in `problems`. Raises Invalid where reading stops: too large, locked, old, macros,
    entities, names that lead outside, no rows.
    """
    _refuse_unsafe(data, name)
    book, sheet = _opened(data, name)
    part = _part(data, sheet, name)
    rows = _filled(book, sheet, name)
    if len(rows) < 2:
        said = say("There are no data rows: only an empty file or a header was found.")
        raise Invalid((of_file(name, said),))
    if len(rows) - 1 > MOST_ROWS:
        raise Invalid((of_file(name, too_many_rows(len(rows) - 1)),))
    width = max((place for row in rows for place, cell in enumerate(row.cells, start=1) if cell), default=0)
    rows = tuple(TableRow(number=row.number, line=row.line, cells=row.cells[:width]) for row in rows)
    header = tuple(cell.strip() for cell in rows[0].cells)
    problems = list(_broken_cells(part, name, header))
    problems += (fault for row in rows for fault in cell_faults(row, header, name))
    return CsvTable(
        name=name,
        delimiter="",
        header=header,
        rows=rows[1:],
        problems=tuple(sorted(problems, key=lambda one: (one.row or 0, one.column or 0))),
        sheet=sheet,
        notes=tuple(_hidden(book, part, sheet)),
    )


def _opened(data: bytes, name: str) -> tuple[CalamineWorkbook, str]:
    """The workbook, and the name of its first visible sheet."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        visible = [
            one.name
            for one in book.sheets_metadata
            if one.visible == SheetVisibleEnum.Visible and one.typ == SheetTypeEnum.WorkSheet
        ]
        if not visible:
            raise Invalid((of_file(name, say("It has no visible sheet.")),))
        return book, visible[0]
    except (CalamineError, OSError) as error:
        raise Invalid((of_file(name, UNREADABLE),)) from error


def _part(data: bytes, sheet: str, name: str) -> SheetPart:
    """What the sheet's own XML tells, read before its cells are: they are laid out from the first to the
    last, and one far away would need more memory than there is."""
    try:
        part = sheet_part(data, sheet)
    except DeclaresEntities as error:
        raise Invalid((of_file(name, ENTITIES),)) from error
    except Unreadable as error:
        raise Invalid((of_file(name, UNREADABLE),)) from error
    if part.rows * part.columns > MOST_CELLS:
        said = say(
            "Its cells are spread over {rows} rows and {columns} columns, more than a list of people has. "
            "Delete what stands far away from the list, then try again.",
            rows=part.rows,
            columns=part.columns,
        )
        raise Invalid((of_file(name, said),))
    return part


def _filled(book: CalamineWorkbook, name_of_sheet: str, name: str) -> tuple[TableRow, ...]:
    try:
        sheet = book.get_sheet_by_name(name_of_sheet)
        top, left = sheet.start or (0, 0)
        return tuple(_rows(sheet.to_python(skip_empty_area=True), top, left))
    except (CalamineError, OSError) as error:
        raise Invalid((of_file(name, UNREADABLE),)) from error


def _refuse_unsafe(data: bytes, name: str) -> None:
    if len(data) > MOST_BYTES:
        raise Invalid((of_file(name, too_many_bytes(len(data))),))
    if data.startswith(OLD_OR_LOCKED):
        said = say("It is locked with a password, or from an old Excel (.xls). {what}", what=SAVE_AS)
        raise Invalid((of_file(name, said),))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            wrong = next(_unsafe(packed), None)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise Invalid((of_file(name, say("The file is cut or damaged. {what}", what=SAVE_AS)),)) from error
    if wrong is not None:
        raise Invalid((of_file(name, wrong),))


def _unsafe(packed: zipfile.ZipFile) -> Iterator[str]:
    """What makes the zip not worth opening. Sizes are those it declares; reading stops at them."""
    members = packed.infolist()
    names = [member.filename for member in members]
    if any(".." in one.split("/") or one.startswith("/") or "\\" in one for one in names):
        yield say("It holds names that lead outside the file. {what}", what=SAVE_AS)
    if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
        yield say("Unpacked it is larger than {most} MB. Split the file.", most=MOST_UNPACKED // 1_000_000)
    if any(one.lower().endswith("vbaproject.bin") for one in names):
        yield say("It holds macros. {what}", what=SAVE_AS)
    if any(one.startswith("xl/externalLinks/") for one in names):
        yield say("It reads cells of other files. Paste their values, then try again.")
    if "xl/workbook.xml" not in names:
        yield say("It is not a workbook. {what}", what=SAVE_AS)
    parts = (member for member in members if member.filename.endswith((".xml", ".rels")))
    if any(_declares_entities(packed, member) for member in parts):
        yield ENTITIES


def _declares_entities(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    # A document type can only stand before the first element.
    with packed.open(member) as part:
        return b"<!" in part.read(2_000).split(b"?>", 1)[-1].lstrip()[:2]


def _rows(grid: list[list[Any]], top: int, left: int) -> Iterator[TableRow]:
    """The rows with something in them, numbered as in the sheet, from 1."""
    for place, cells in enumerate(grid, start=top + 1):
        texts = ("",) * left + tuple(_text(cell) for cell in cells)
        if any(text.strip() for text in texts):
            yield TableRow(number=place, line=place, cells=texts)


def _text(cell: Any) -> str:
    """A cell as somebody would type it."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(cell)
    return str(cell)


def _broken_cells(part: SheetPart, name: str, header: tuple[str, ...]) -> Iterator[Problem]:
    for cell in part.broken:
        yield Problem(
            pointer=name,
            row=cell.row,
            column=cell.column,
            header=shown(header[cell.column - 1]) if cell.column <= len(header) else None,
            value=shown(cell.value) if cell.value is not None else None,
            sentence=HAS_NO_VALUE if cell.value is None else HOLDS_ERROR,
        )


def _hidden(book: CalamineWorkbook, part: SheetPart, read: str) -> Iterator[str]:
    others = [one.name for one in book.sheets_metadata if one.name != read]
    if others:
        yield say("Only the sheet “{sheet}” is read; left aside: {others}.", sheet=read, others=tuple(others))
    if part.hidden_rows:
        yield say("Hidden rows are read too ({rows} of them).", rows=part.hidden_rows)
