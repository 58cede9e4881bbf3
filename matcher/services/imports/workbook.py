"""Tables for people to take away: XLSX and CSV in which every cell is a text or a number, never a formula."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import xlsxwriter

Cell = str | int | float
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a text begins that a spreadsheet might run (full-width signs too)."""
MOST_WIDTH = 60
AT_A_TIME = 500


@dataclass(frozen=True, kw_only=True)
class OutputSheet:
    """One table: the name of its sheet (at most 31 characters are shown), its header and its rows."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def workbook(sheets: Sequence[OutputSheet]) -> bytes:
    """The tables as one XLSX file, each on its own sheet; texts stay texts."""
    kept = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(kept, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for number, sheet in enumerate(sheets, start=1):
            page = book.add_worksheet(_sheet_name(sheet.name, number))
            page.write_row(0, 0, sheet.header, bold)
            for place, row in enumerate(sheet.rows, start=1):
                page.write_row(place, 0, row)
            page.freeze_panes(1, 0)
            for place, head in enumerate(sheet.header):
                widest = max((len(str(row[place])) for row in sheet.rows), default=0)
                page.set_column(place, place, min(MOST_WIDTH, max(len(head), widest) + 2))
    return kept.getvalue()


def csv_text(sheet: OutputSheet) -> str:
    """The table as CSV (RFC 4180, CR LF), a quote before what a spreadsheet would run."""
    return "".join(csv_parts(sheet.header, sheet.rows))


def csv_parts(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """The same in pieces of some hundred rows, the first with the header alone, each as soon as it is asked
    for."""
    yield _csv([header])
    waiting = iter(rows)
    while some := tuple(islice(waiting, AT_A_TIME)):
        yield _csv(some)


def _csv(rows: Iterable[Sequence[Cell]]) -> str:
    kept = io.StringIO(newline="")
    csv.writer(kept).writerows([harmless(cell) for cell in row] for row in rows)
    return kept.getvalue()


def harmless(cell: Cell) -> Cell:
    """A cell no spreadsheet runs (OWASP, CSV injection)."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(LIVE) else cell


def _sheet_name(name: str, number: int) -> str:
    """What Excel takes as a name: no brackets or slashes, at most 31 characters, never empty."""
    plain = "".join("-" if character in "[]:*?/\\" else character for character in name).strip("' ")
    return plain[:31] or str(number)
