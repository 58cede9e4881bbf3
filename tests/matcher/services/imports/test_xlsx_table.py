"""A workbook is read like a CSV file, and refused before it is parsed when it is not what it says."""

import io
import os
import re
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from matcher.domain.errors import Invalid, Problem
from matcher.schemas.mapping import mapping_from
from matcher.services.imports.csv_table import MOST_BYTES, read_table
from matcher.services.imports.files import SourceFile, read
from matcher.services.imports.xlsx_table import MOST_UNPACKED, read_sheet

SAVE = "Save it as a plain “Excel workbook (.xlsx)” and try again."
HEADER = ("Mail", "Name", "Places", "Begins")


def a_workbook(rows=(HEADER, ("ada@example.org", "Ada", 2, "")), *, change=None):
    """A workbook with one sheet; `change(book, sheet)` adds what the case is about."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("People")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    if change:
        change(book, sheet)
    book.close()
    return kept.getvalue()


def packed_with(name, content, data=None):
    """The workbook with one more part in its zip."""
    kept = io.BytesIO(data or a_workbook())
    with zipfile.ZipFile(kept, "a") as zipped:
        zipped.writestr(name, content)
    return kept.getvalue()


def refused(data):
    with pytest.raises(Invalid) as told:
        read_sheet(data, name="people.xlsx")
    return [(one.pointer, one.sentence) for one in told.value.problems]


def test_a_workbook_and_a_csv_file_of_the_same_people_are_the_same_table():
    rows = (HEADER, ("ada@example.org", "=Ada", 2, ""), ("bob@example.org", "Bób, B", "", "x"))
    csv = b'Mail,Name,Places,Begins\nada@example.org,=Ada,2,\nbob@example.org,"B\xc3\xb3b, B",,x\n'

    sheet, plain = read_sheet(a_workbook(rows), name="p"), read_table(csv, name="p", expected=HEADER)

    assert (sheet.header, sheet.rows, sheet.problems) == (plain.header, plain.rows, plain.problems)
    assert (sheet.sheet, sheet.notes) == ("People", ())


def test_numbers_days_and_yes_become_what_a_person_would_type():
    def change(book, sheet):
        sheet.write_datetime(2, 0, date(2026, 3, 2), book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write_row(2, 1, (True, 2.5, False))

    found = read_sheet(a_workbook(change=change), name="p")

    assert found.rows[1].cells == ("2026-03-02", "yes", "2.5", "no")


def test_rows_keep_the_numbers_they_have_in_the_sheet():
    rows = (HEADER, (), ("ada@example.org", "Ada", 1, ""), (), (), ("bob@example.org", "Bob", 1, ""))

    found = read_sheet(a_workbook(rows), name="p")

    assert [row.number for row in found.rows] == [3, 6]


def test_what_is_hidden_is_announced():
    def change(book, sheet):
        book.add_worksheet("Notes")
        book.add_worksheet("Secret").hide()
        sheet.set_row(1, None, None, {"hidden": True})

    found = read_sheet(a_workbook(change=change), name="p")

    assert found.notes == (
        "Only the sheet “People” is read; left aside: Notes and Secret.",
        "Hidden rows are read too (1 of them).",
    )


def test_errors_and_formulas_without_a_value_are_named_by_cell():
    def change(book, sheet):
        sheet.write_formula(1, 2, "=1/0", value="#DIV/0!")
        sheet.write_formula(1, 3, "=NOW()", value="")

    found = read_sheet(a_workbook(change=change), name="people.xlsx")

    assert found.problems == (
        Problem(
            pointer="people.xlsx",
            row=2,
            column=3,
            header="Places",
            value="#DIV/0!",
            sentence="This cell holds an error. Mend its formula or write the value.",
        ),
        Problem(
            pointer="people.xlsx",
            row=2,
            column=4,
            header="Begins",
            sentence="This formula has no value yet. Open the file, save it, and send it again.",
        ),
    )


def rewritten(data, changes):
    """The workbook with some of its parts changed: by name of the part, what stands there and what will."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(kept, "w") as written:
        for name in given.namelist():
            text = given.read(name)
            for part, before, after in changes:
                if name == part:
                    assert before in text, f"{name} does not hold {before!r}."
                    text = text.replace(before, after)
            written.writestr(name, text)
    return kept.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"
LINKS = "xl/_rels/workbook.xml.rels"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


@pytest.mark.parametrize(
    "value",
    [b"<v></v>", b"<v/>", b"<v />", b"<v\n/>", b"<v> </v>", b""],
    ids=["empty", "closed", "blank", "line", "blank inside", "none"],
)
def test_a_formula_without_a_value_is_named_however_it_is_written(value):
    def change(book, sheet):
        sheet.write_formula(1, 2, "=1+1", value=7)

    data = rewritten(a_workbook(change=change), [(SHEET, b"<v>7</v>", value)])

    found = read_sheet(data, name="people.xlsx")

    assert [(one.row, one.column, one.value) for one in found.problems] == [(2, 3, None)]


def test_a_formula_that_gives_an_empty_text_has_a_value():
    def change(book, sheet):
        sheet.write_formula(1, 2, '=IF(1,"","")', value=7)

    data = rewritten(
        a_workbook(change=change),
        [(SHEET, b"<v>7</v>", b"<v></v>"), (SHEET, b'<c r="C2">', b'<c r="C2" t="str">')],
    )

    assert read_sheet(data, name="people.xlsx").problems == ()


def two_sheets(*, first_is_a_chart=False):
    """“Notes” with an error and two hidden rows; “People”, faultless. Perhaps a chart sheet before both."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(kept, {"in_memory": True})
    if first_is_a_chart:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=People!$C$2:$C$2"})
        book.add_chartsheet("Chart").set_chart(chart)
    notes, people = book.add_worksheet("Notes"), book.add_worksheet("People")
    notes.write_row(0, 0, ("Budget", "Remark"))
    notes.write(1, 1, "open")
    notes.write_formula(1, 0, "=1/0", value="#DIV/0!")
    for row in (1, 2):
        notes.set_row(row, None, None, {"hidden": True})
    for number, row in enumerate((HEADER, ("ada@example.org", "Ada", 2, ""))):
        people.write_row(number, 0, row)
    book.close()
    return kept.getvalue()


def moved(data):
    """The two tabs dragged into the other order; their parts stay where they were."""
    first, second = (
        f'<sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>'.encode()
        for at, name in ((1, "Notes"), (2, "People"))
    )
    return rewritten(data, [(BOOK, first + second, second + first)])


def absolute(data):
    return rewritten(data, [(LINKS, b'Target="worksheets/', b'Target="/xl/worksheets/')])


def prefixed(data):
    """All elements of both sheets with a prefix, as some programs write them."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(kept, "w") as written:
        for name in given.namelist():
            text = given.read(name)
            if name.startswith("xl/worksheets/sheet"):
                text = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", text).replace(
                    NAMESPACE, NAMESPACE.replace(b"xmlns", b"xmlns:x")
                )
            written.writestr(name, text)
    return kept.getvalue()


@pytest.mark.parametrize("written", [moved, lambda data: absolute(moved(data))], ids=["relative", "absolute"])
def test_the_sheet_that_is_read_is_the_sheet_that_is_checked_after_tabs_were_moved(written):
    found = read_sheet(written(two_sheets()), name="p")

    assert (found.sheet, found.problems) == ("People", ())
    assert found.notes == ("Only the sheet “People” is read; left aside: Notes.",)


@pytest.mark.parametrize("written", [bytes, absolute, prefixed], ids=["relative", "absolute", "prefixed"])
def test_errors_are_found_in_the_first_sheet_behind_a_chart(written):
    found = read_sheet(written(two_sheets(first_is_a_chart=True)), name="p")

    assert (found.sheet, [(one.row, one.column, one.value) for one in found.problems]) == (
        "Notes",
        [(2, 1, "#DIV/0!")],
    )
    assert found.notes[-1] == "Hidden rows are read too (2 of them)."


CASES = Path(os.environ.get("EVENHAND_CASES") or Path(__file__).resolve().parents[5] / "shared" / "cases")


@pytest.mark.skipif(not CASES.is_dir(), reason=f"THE SMALL CASES ARE NOT HERE: {CASES} is missing")
@pytest.mark.parametrize(
    ("case", "sheet", "faults"),
    [("42-xlsx-formula", "Sheet1", [(2, 4)]), ("48-xlsx-moved-tab", "People", [])],
)
def test_workbooks_that_once_went_wrong(case, sheet, faults):
    found = read_sheet((CASES / case / "people.xlsx").read_bytes(), name="people.xlsx")

    assert (found.sheet, [(one.row, one.column) for one in found.problems]) == (sheet, faults)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            b"\xd0\xcf\x11\xe0rest",
            f"It is locked with a password, or from an old Excel (.xls). {SAVE}",
            id="a password or .xls",
        ),
        pytest.param(a_workbook()[:900], f"The file is cut or damaged. {SAVE}", id="a cut zip"),
        pytest.param(
            rewritten(a_workbook(), [(SHEET, b"</sheetData>", b"</sheetData><a></b>")]),
            f"It cannot be read as a workbook. {SAVE}",
            id="tags that do not match",
        ),
        pytest.param(
            rewritten(a_workbook(), [(SHEET, b'r="B2"', b'r="XFD1048576"')]),
            "Its cells are spread over 1,048,576 rows and 16,384 columns, more than a list of people has. "
            "Delete what stands far away from the list, then try again.",
            id="a cell far away",
        ),
        pytest.param(
            rewritten(a_workbook(), [(SHEET, b'r="B2"', b'r="' + b"Z" * 200 + b'2"')]),
            f"It cannot be read as a workbook. {SAVE}",
            id="a column that no sheet has",
        ),
        pytest.param(
            rewritten(a_workbook(), [(SHEET, b'<row r="2"', b'<row r="' + b"9" * 5_000 + b'"')]),
            f"It cannot be read as a workbook. {SAVE}",
            id="a row that no sheet has",
        ),
        pytest.param(
            rewritten(
                a_workbook(), [(SHEET, b"<worksheet", b"<?a b?>" + b" " * 3_000 + b"<!DOCTYPE x><worksheet")]
            ),
            f"It declares XML entities, which no spreadsheet needs. {SAVE}",
            id="entities behind much else",
        ),
        pytest.param(packed_with("xl/vbaProject.bin", b"x"), f"It holds macros. {SAVE}", id="macros"),
        pytest.param(
            packed_with("../evil.xml", b"x"),
            f"It holds names that lead outside the file. {SAVE}",
            id="names that lead outside",
        ),
        pytest.param(
            packed_with("xl/externalLinks/externalLink1.xml", b"<x/>"),
            "It reads cells of other files. Paste their values, then try again.",
            id="external links",
        ),
        pytest.param(
            packed_with("xl/more.xml", b'<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]><x/>'),
            f"It declares XML entities, which no spreadsheet needs. {SAVE}",
            id="entities",
        ),
        pytest.param(
            a_workbook((HEADER,)),
            "There are no data rows: only an empty file or a header was found.",
            id="a header only",
        ),
        pytest.param(
            b"PK\x03\x04" + b"x" * MOST_BYTES,
            "It has 10 MB; at most 20,000 rows or 10 MB fit. Split the file.",
            id="too large",
        ),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(data, sentence):
    assert refused(data) == [("people.xlsx", sentence)]


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    kept = io.BytesIO(a_workbook())
    with zipfile.ZipFile(kept, "a", compression=zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("xl/media/zeros", b"\0" * (MOST_UNPACKED + 1))

    assert len(kept.getvalue()) < 200_000
    assert refused(kept.getvalue()) == [("people.xlsx", "Unpacked it is larger than 100 MB. Split the file.")]


def test_people_come_from_a_workbook_by_the_same_mapping():
    fields = {
        "email": {"column": "Mail"},
        "name": {"column": "Name"},
        "capacity": {"column": "Places"},
        "goals": {"column": "Begins", "optional": True},
    }
    mapping = mapping_from({"version": 1, "title": "People", "fields": fields})

    found = read([SourceFile(name="people.xlsx", data=a_workbook())], mapping)

    assert [(row.email, row.name, row.capacity) for row in found.rows] == [("ada@example.org", "Ada", 2)]
    assert (found.notes, found.problems) == (("people.xlsx: 1 row of the sheet “People”.",), ())
