"""Bytes of a CSV file → a table of text cells; each place that cannot be read by row and column."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from matcher.domain.errors import Invalid, Problem
from matcher.domain.sentences import say

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_CHARACTERS = 131_072
SHOWN_CHARACTERS = 40
DELIMITERS = {",": say("comma"), ";": say("semicolon"), "\t": say("tab"), "|": say("bar")}
SAVE_AS = say("Save the file as “CSV UTF-8” and try again.")


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One record; `number` counts the header as row 1, `line` is where it begins in the file (from 1)."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CsvTable:
    """A file that could be read: its header as written, and its rows that are not empty.

    sheet: the one read, in a workbook. notes: what a person should know of how it was read.
    """

    name: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    problems: tuple[Problem, ...]
    sheet: str = ""
    notes: tuple[str, ...] = ()

    @property
    def delimiter_word(self) -> str:
        return DELIMITERS[self.delimiter]

    def column(self, header: str) -> int | None:
        """Position of the column of that name, whatever its case; None when there is none."""
        wanted = plain(header)
        return next((place for place, name in enumerate(self.header) if plain(name) == wanted), None)


def plain(text: str) -> str:
    """A header or value as it is compared: trimmed, one blank between words, case ignored."""
    return " ".join(text.split()).casefold()


def shown(text: str) -> str:
    """A value as it is quoted to a person: at most 40 characters, controls visible."""
    visible = "".join(_visible(character) for character in text)
    return visible if len(visible) <= SHOWN_CHARACTERS else visible[: SHOWN_CHARACTERS - 1] + "…"


def read_table(data: bytes, *, name: str, expected: Collection[str]) -> CsvTable:
    """Read the file, whose delimiter is the one that shows most of the expected headers.

    Cells that cannot be used (wrong encoding, NUL, too long, too few or many in a row) are listed in
    `problems`, so that the caller can report them together with its own.
    Raises Invalid where reading stops: too large, empty, another encoding altogether, a quote never closed.
    """
    text = _decoded(data, name)
    delimiter = _delimiter(text, expected)
    # The module's own limit would name neither row nor column; the size of the file is bounded already.
    csv.field_size_limit(MOST_BYTES)
    records = list(_records(text, delimiter, name))
    if len(records) < 2:
        said = say("There are no data rows: only an empty file or a header was found.")
        raise Invalid((of_file(name, said),))
    if len(records) - 1 > MOST_ROWS:
        raise Invalid((of_file(name, too_many_rows(len(records) - 1)),))
    header = tuple(cell.strip() for cell in records[0].cells)
    rows = tuple(records[1:])
    problems = tuple(problem for row in (records[0], *rows) for problem in cell_faults(row, header, name))
    return CsvTable(name=name, delimiter=delimiter, header=header, rows=rows, problems=problems)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        raise Invalid((of_file(name, too_many_bytes(len(data))),))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid((of_file(name, say("It is written in UTF-16. {what}", what=SAVE_AS)),))
    if data.startswith(b"PK\x03\x04"):
        raise Invalid((of_file(name, say("It is a spreadsheet, not a CSV file. {what}", what=SAVE_AS)),))
    # Bytes that are no UTF-8 become lone surrogates, found again cell by cell.
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")


def _delimiter(text: str, expected: Collection[str]) -> str:
    wanted = {plain(header) for header in expected}
    first_line = next((line for line in text.splitlines() if line.strip()), "")

    def hits(delimiter: str) -> int:
        cells = next(csv.reader([first_line], delimiter=delimiter), [])
        return len({plain(cell) for cell in cells} & wanted)

    return max(DELIMITERS, key=hits)


def _records(text: str, delimiter: str, name: str) -> Iterator[TableRow]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line = 0, 1
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield TableRow(number=number, line=line, cells=tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid((_broken(error, number + 1, line, name),)) from error


def _broken(error: csv.Error, row: int, line: int, name: str) -> Problem:
    if "unexpected end" in str(error):
        what = say("A quote is opened and never closed.")
    elif "expected after" in str(error):
        what = say("A quote is closed in the middle of a cell. Write a quote inside a cell twice.")
    else:
        what = say("This row cannot be read as CSV.")
    return Problem(pointer=name, row=row, sentence=in_line(what, row, line))


def cell_faults(row: TableRow, header: tuple[str, ...], name: str) -> Iterator[Problem]:
    """What makes cells of a row unusable, whatever they mean."""
    if len(row.cells) != len(header):
        what = say(
            "This row has {found} cells; the header has {expected}.",
            found=len(row.cells),
            expected=len(header),
        )
        yield Problem(pointer=name, row=row.number, sentence=in_line(what, row.number, row.line))
    for place, cell in enumerate(row.cells):
        fault = _fault(cell)
        if fault is not None:
            yield Problem(
                pointer=name,
                row=row.number,
                column=place + 1,
                header=shown(header[place]) if place < len(header) else None,
                value=shown(cell),
                sentence=in_line(fault, row.number, row.line),
            )


def _fault(cell: str) -> str | None:
    """What makes a cell unusable whatever it means, or None."""
    stray = next((c for c in cell if "\udc80" <= c <= "\udcff"), None)
    if stray is not None:
        return say("The byte {byte} is not UTF-8. {what}", byte=f"0x{ord(stray) - 0xDC00:02X}", what=SAVE_AS)
    if "\0" in cell:
        return say("Character {place} is a NUL. Remove it.", place=cell.index("\0") + 1)
    if len(cell) > MOST_CHARACTERS:
        return say(
            "This cell has {found} characters; at most {most} are read.",
            found=len(cell),
            most=MOST_CHARACTERS,
        )
    return None


def _visible(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def in_line(sentence: str, row: int, line: int) -> str:
    """The sentence, with the line of the file where that is another number than the row's."""
    return sentence if row == line else say("{what} (Line {line} of the file.)", what=sentence, line=line)


def of_file(name: str, sentence: str) -> Problem:
    """Something wrong with a file as a whole."""
    return Problem(pointer=name, sentence=sentence)


def too_many_rows(rows: int) -> str:
    """What is said of a file with more than MOST_ROWS rows."""
    return say(
        "It has {rows} rows; at most {most} rows or 10 MB fit. Split the file.", rows=rows, most=MOST_ROWS
    )


def too_many_bytes(size: int) -> str:
    """What is said of a file with more than MOST_BYTES bytes."""
    return say(
        "It has {size} MB; at most {most} rows or 10 MB fit. Split the file.",
        size=round(size / 1e6),
        most=MOST_ROWS,
    )
