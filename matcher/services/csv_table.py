"""Bytes of a CSV file → a table of text cells; each place that cannot be read by row and column."""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from matcher.domain.errors import Invalid, Problem

MOST_BYTES = 10_000_000
MOST_ROWS = 20_000
MOST_CHARACTERS = 131_072
SHOWN_CHARACTERS = 40
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
SAVE_AS = "Save the file as “CSV UTF-8” and try again."


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record; `number` counts the header as row 1, `line` is where it begins in the file (from 1)."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file that could be read: its header as written, and its rows that are not empty."""

    name: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]

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


def read_table(data: bytes, *, name: str, expected: Collection[str]) -> Table:
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
        raise Invalid((_of_file(name, "There are no data rows: only an empty file or a header was found."),))
    if len(records) - 1 > MOST_ROWS:
        found = f"It has {len(records) - 1:,} rows; at most {MOST_ROWS:,} rows or 10 MB fit. Split the file."
        raise Invalid((_of_file(name, found),))
    header = tuple(cell.strip() for cell in records[0].cells)
    rows = tuple(records[1:])
    problems = tuple(problem for row in (records[0], *rows) for problem in _faults(row, header, name))
    return Table(name=name, delimiter=delimiter, header=header, rows=rows, problems=problems)


def _decoded(data: bytes, name: str) -> str:
    if len(data) > MOST_BYTES:
        found = f"It has {len(data) / 1e6:.0f} MB; at most {MOST_ROWS:,} rows or 10 MB fit. Split the file."
        raise Invalid((_of_file(name, found),))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid((_of_file(name, f"It is written in UTF-16. {SAVE_AS}"),))
    if data.startswith(b"PK\x03\x04"):
        raise Invalid((_of_file(name, f"It is a spreadsheet, not a CSV file. {SAVE_AS}"),))
    # Bytes that are no UTF-8 become lone surrogates, found again cell by cell.
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors="surrogateescape")


def _delimiter(text: str, expected: Collection[str]) -> str:
    wanted = {plain(header) for header in expected}
    first_line = next((line for line in text.splitlines() if line.strip()), "")

    def hits(delimiter: str) -> int:
        cells = next(csv.reader([first_line], delimiter=delimiter), [])
        return len({plain(cell) for cell in cells} & wanted)

    return max(DELIMITERS, key=hits)


def _records(text: str, delimiter: str, name: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, line = 0, 1
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                yield Row(number=number, line=line, cells=tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Invalid((_broken(error, number + 1, line, name),)) from error


def _broken(error: csv.Error, row: int, line: int, name: str) -> Problem:
    if "unexpected end" in str(error):
        what = "A quote is opened and never closed."
    elif "expected after" in str(error):
        what = "A quote is closed in the middle of a cell. Write a quote inside a cell twice."
    else:
        what = "This row cannot be read as CSV."
    return Problem(pointer=name, row=row, sentence=what + _where(row, line))


def _faults(row: Row, header: tuple[str, ...], name: str) -> Iterator[Problem]:
    if len(row.cells) != len(header):
        what = f"This row has {len(row.cells)} cells; the header has {len(header)}."
        yield Problem(pointer=name, row=row.number, sentence=what + _where(row.number, row.line))
    for place, cell in enumerate(row.cells):
        fault = _fault(cell)
        if fault is not None:
            yield Problem(
                pointer=name,
                row=row.number,
                column=place + 1,
                header=shown(header[place]) if place < len(header) else None,
                value=shown(cell),
                sentence=fault + _where(row.number, row.line),
            )


def _fault(cell: str) -> str | None:
    """What makes a cell unusable whatever it means, or None."""
    stray = next((c for c in cell if "\udc80" <= c <= "\udcff"), None)
    if stray is not None:
        return f"The byte 0x{ord(stray) - 0xDC00:02X} is not UTF-8. {SAVE_AS}"
    if "\0" in cell:
        return f"Character {cell.index(chr(0)) + 1} is a NUL. Remove it."
    if len(cell) > MOST_CHARACTERS:
        return f"This cell has {len(cell):,} characters; at most {MOST_CHARACTERS:,} are read."
    return None


def _visible(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


def _where(row: int, line: int) -> str:
    return "" if row == line else f" (Line {line} of the file.)"


def _of_file(name: str, sentence: str) -> Problem:
    return Problem(pointer=name, sentence=sentence)
