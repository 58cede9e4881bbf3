"""Tables that leave the house hold texts and numbers, and nothing a spreadsheet would run."""

import csv
import io
import zipfile

import pytest

from matcher.services.imports.workbook import OutputSheet, csv_text, harmless, workbook
from matcher.services.imports.xlsx_table import read_sheet

DANGEROUS = ("=HYPERLINK(1)", "+1", "-1", "@x", "\tx", "\rx", "＝1", "http://example.org")
TABLE = OutputSheet(
    name="Pairs: [all]/*",
    header=("Name", "Points"),
    rows=(*((text, 3) for text in DANGEROUS), ("Bób, “B”", 4), ("two\nlines", 5)),
)


def test_a_workbook_gives_back_what_went_in():
    found = read_sheet(workbook([TABLE]), name="p")

    assert (found.sheet, found.header) == ("Pairs- -all---", TABLE.header)
    assert [row.cells for row in found.rows] == [(text, str(points)) for text, points in TABLE.rows]


def test_a_workbook_holds_neither_formula_nor_link():
    with zipfile.ZipFile(io.BytesIO(workbook([TABLE]))) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml")

    assert b"<f>" not in sheet
    assert b"hyperlink" not in sheet.lower()


def test_csv_puts_a_quote_before_what_would_run():
    rows = list(csv.reader(io.StringIO(csv_text(TABLE), newline="")))

    assert rows[0] == ["Name", "Points"]
    assert [name for name, _ in rows[1:]] == [
        *(f"'{text}" for text in DANGEROUS[:-1]),
        "http://example.org",
        "Bób, “B”",
        "two\nlines",
    ]


@pytest.mark.parametrize("cell", [-1, -1.5, 3])
def test_numbers_stay_numbers(cell):
    assert harmless(cell) == cell


def test_a_name_excel_would_refuse_becomes_one_it_takes():
    found = read_sheet(workbook([OutputSheet(name="/" * 40, header=("A",), rows=(("x",),))]), name="p")

    assert found.sheet == "-" * 31
