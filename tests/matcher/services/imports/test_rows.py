"""A file that is wrong gets every fault at once, by row, column, header and value."""

import pytest

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Role
from matcher.schemas.import_rows import ImportedPerson
from matcher.schemas.mapping import mapping_from
from matcher.services.imports.csv_table import MOST_BYTES, MOST_ROWS
from matcher.services.imports.files import SourceFile, read

MAPPING = mapping_from(
    {
        "version": 1,
        "title": "Small company",
        "fields": {
            "email": {"column": "Mail"},
            "name": {"column": "Name"},
            "grade": {"column": "Level", "ladder": ["Junior", "Senior"]},
            "roles": {"column": "Role", "split": "+", "optional": True},
            "capacity": {"column": "Places", "optional": True},
            "most_load": {"column": "At most", "optional": True},
            "zone": {"column": "Zone", "optional": True},
        },
        "ignore": ["Remarks"],
    }
)
HEADER = "Mail,Name,Level\n"


def reading(text: str | bytes, name: str = "people.csv"):
    data = text if isinstance(text, bytes) else text.encode()
    return read([SourceFile(name=name, data=data)], MAPPING)


def problem(sentence: str, **where) -> Problem:
    return Problem(pointer="people.csv", sentence=sentence, **where)


def test_a_row_becomes_a_person():
    result = reading("Mail,Name,Level,Role,Places\nAda@Example.org, Ada  Lovelace ,senior,mentor+peer,2\n")

    assert result.problems == ()
    assert result.rows == (
        ImportedPerson(
            email="ada@example.org",
            name="Ada  Lovelace",
            grade=1,
            roles=(Role.MENTOR, Role.PEER),
            capacity=2,
        ),
    )


def test_how_much_somebody_takes_on_may_be_told_and_an_empty_cell_is_no_limit():
    result = reading("Mail,Name,Level,At most\na@b.org,Ada,Senior,3\nb@b.org,Bob,Senior,\n")

    assert [(row.most_load, row.name) for row in result.rows] == [(3, "Ada"), (None, "Bob")]


def test_taking_on_nothing_at_all_is_refused():
    result = reading("Mail,Name,Level,At most\na@b.org,Ada,Senior,0\n")

    assert result.problems == (
        problem("Enter a whole number from 1 to 60.", row=2, column=4, header="At most", value="0"),
    )


@pytest.mark.parametrize(
    ("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")]
)
def test_the_delimiter_is_found_from_the_header_and_said(delimiter, word):
    result = reading("Mail,Name,Level\nada@example.org,Ada,Senior\n".replace(",", delimiter))

    assert [row.email for row in result.rows] == ["ada@example.org"]
    assert result.notes == (f"people.csv: 1 row, separated by {word}.",)


def test_byte_order_mark_case_of_the_header_and_ignored_columns_are_no_problem():
    result = reading("\ufeffMAIL, name ,Level,Remarks\r\nada@example.org,Ada,Senior,likes tea\r\n")

    assert (len(result.rows), result.problems) == (1, ())


def test_empty_lines_are_passed_over_but_counted():
    result = reading(HEADER + "\n,,\nada@example.org,Ada,Boss\n")

    assert [found.row for found in result.problems] == [4]


SAVE = "Save the file as “CSV UTF-8” and try again."
SAVE_WORKBOOK = "Save it as a plain “Excel workbook (.xlsx)” and try again."


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(
            b"",
            [problem("There are no data rows: only an empty file or a header was found.")],
            id="no bytes",
        ),
        pytest.param(
            HEADER,
            [problem("There are no data rows: only an empty file or a header was found.")],
            id="header only",
        ),
        pytest.param(
            HEADER.encode() + b"a@b.org,Ada,Senior\nb@b.org,Bob \x96 B,Senior\n",
            [
                problem(
                    f"The byte 0x96 is not UTF-8. {SAVE}", row=3, column=2, header="Name", value="Bob \\x96 B"
                )
            ],
            id="another encoding",
        ),
        pytest.param(HEADER.encode("utf-16"), [problem(f"It is written in UTF-16. {SAVE}")], id="UTF-16"),
        pytest.param(
            b"PK\x03\x04rest",
            [problem(f"The file is cut or damaged. {SAVE_WORKBOOK}")],
            id="half a spreadsheet",
        ),
        pytest.param(
            HEADER + 'a@b.org,Ada,Senior\n"b@b.org,Bob,Senior\nc@b.org,Cy,Senior\n',
            [problem("A quote is opened and never closed.", row=3)],
            id="a quote never closed",
        ),
        pytest.param(
            HEADER + 'a@b.org,"Ada" A,Senior\n',
            [problem("A quote is closed in the middle of a cell. Write a quote inside a cell twice.", row=2)],
            id="a quote closed too early",
        ),
        pytest.param(
            HEADER + "a@b.org,A\0da,Senior\n",
            [problem("Character 2 is a NUL. Remove it.", row=2, column=2, header="Name", value="A\\x00da")],
            id="NUL",
        ),
        pytest.param(
            HEADER + f"a@b.org,{'x' * 131_073},Senior\n",
            [
                problem(
                    "This cell has 131,073 characters; at most 131,072 are read.",
                    row=2,
                    column=2,
                    header="Name",
                    value="x" * 39 + "…",
                )
            ],
            id="a cell too long",
        ),
        pytest.param(
            HEADER + "a@b.org,Ada\n",
            [problem("This row has 2 cells; the header has 3.", row=2)],
            id="too few cells",
        ),
        pytest.param(
            "Mail,Naam,Level\na@b.org,Ada,Senior\n",
            [
                problem(
                    "Missing columns: “Name”. Expected: “Mail”, “Name” and “Level”. "
                    "Found: “Mail”, “Naam” and “Level”.",
                    row=1,
                ),
                problem(
                    "The mapping does not know this column. Map it, or list it under “ignore”.",
                    row=1,
                    column=2,
                    header="Naam",
                ),
            ],
            id="a column missing and one unknown",
        ),
        pytest.param(
            "Mail,Name,Level,name\na@b.org,Ada,Senior,Ada\n",
            [problem("This column stands there twice. Remove one.", row=1, column=4, header="name")],
            id="a column twice",
        ),
        pytest.param(
            HEADER + "a@b.org,Ada,Senior\nb@b.org,Bob,Junior\nA@B.org,Ada,Senior\n",
            [
                problem(
                    "Row 4 repeats row 2: the same e-mail address.",
                    row=4,
                    column=1,
                    header="Mail",
                    value="A@B.org",
                )
            ],
            id="somebody twice",
        ),
        pytest.param(
            HEADER + "a@b.org,Ada,Boss\n",
            [
                problem(
                    "This is not on the ladder. Known: Junior and Senior.",
                    row=2,
                    column=3,
                    header="Level",
                    value="Boss",
                )
            ],
            id="a grade off the ladder",
        ),
        pytest.param(
            HEADER + ",Ada,Senior\n",
            [problem("The field “email” is needed.", row=2)],
            id="no address",
        ),
        pytest.param(
            HEADER + '"a@b.org","Ada\nL",Senior\nb@b.org,Bob,Boss\n',
            [
                problem(
                    "Character 4 is a control character. Remove it.",
                    row=2,
                    column=2,
                    header="Name",
                    value="Ada\\nL",
                ),
                problem(
                    "This is not on the ladder. Known: Junior and Senior. (Line 4 of the file.)",
                    row=3,
                    column=3,
                    header="Level",
                    value="Boss",
                ),
            ],
            id="row and line differ",
        ),
        pytest.param(
            "Mail,Name,Level,Role,Places,Zone\na@b.org,Ada,Senior,boss,-1,Mars/Olympus\n",
            [
                problem("Write mentor, mentee or peer.", row=2, column=4, header="Role", value="boss"),
                problem("Enter a whole number from 0 to 20.", row=2, column=5, header="Places", value="-1"),
                problem(
                    "This is not a time zone we know. Write it like Europe/Berlin.",
                    row=2,
                    column=6,
                    header="Zone",
                    value="Mars/Olympus",
                ),
            ],
            id="several cells of one row",
        ),
    ],
)
def test_everything_wrong_is_named_at_once(data, expected):
    assert list(reading(data).problems) == expected


def test_formulas_and_code_are_only_text():
    result = reading(HEADER + "a@b.org,=HYPERLINK(1),Senior\nb@b.org,<script>,Junior\n")

    assert [row.name for row in result.rows] == ["=HYPERLINK(1)", "<script>"]


def test_too_many_rows_and_too_many_bytes_are_refused_before_they_are_read():
    rows = reading(HEADER + "a@b.org,Ada,Senior\n" * (MOST_ROWS + 1))
    size = reading(b"x" * (MOST_BYTES + 1))

    fit = "at most 20,000 rows or 10 MB fit. Split the file."
    assert rows.problems == (problem(f"It has 20,001 rows; {fit}"),)
    assert size.problems == (problem(f"It has 10 MB; {fit}"),)


TWO_FILES = mapping_from(
    {
        "version": 1,
        "title": "Two files",
        "fields": {"email": {"column": "Mail"}, "name": {"column": "Name"}, "goals": {"column": "Goals"}},
        "files": {
            "mentees": {
                "fields": {
                    "roles": {"value": "mentee"},
                    "identity_wish": {"column": "Like", "only_if": {"column": "Wish", "says": "yes"}},
                }
            },
            "mentors": {
                "fields": {
                    "roles": {"value": "mentor"},
                    "capacity": {"value": "3"},
                    "characteristics": {"column": "Am", "split": ","},
                }
            },
        },
    }
)


def two_files(mentees: str, mentors: str):
    files = [
        SourceFile(name="mentees.csv", data=mentees.encode()),
        SourceFile(name="mentors.csv", data=mentors.encode()),
    ]
    return read(files, TWO_FILES)


def test_somebody_in_both_files_is_one_person_with_both_roles():
    result = two_files(
        "Mail,Name,Goals,Wish,Like\na@b.org,Ada,Learn,yes,Left-handed\n",
        'Mail,Name,Goals,Am\na@b.org,Ada,,"Left-handed, Gay"\n',
    )

    assert result.problems == ()
    assert result.rows == (
        ImportedPerson(
            email="a@b.org",
            name="Ada",
            goals="Learn",
            roles=(Role.MENTEE, Role.MENTOR),
            capacity=3,
            identity_wish="Left-handed",
            characteristics=("Left-handed", "Gay"),
        ),
    )


def test_two_files_that_tell_differently_of_one_person_are_refused():
    result = two_files(
        "Mail,Name,Goals,Wish,Like\na@b.org,Ada,Learn,no,\n", "Mail,Name,Goals,Am\na@b.org,Eve,,\n"
    )

    assert result.problems == (
        Problem(
            pointer="mentors.csv",
            row=2,
            value="Eve",
            sentence="The same person has another name in row 2 of mentees.csv.",
        ),
    )


def test_a_wish_counts_only_for_those_who_asked_for_it():
    result = two_files(
        "Mail,Name,Goals,Wish,Like\na@b.org,Ada,,No,Gay\nb@b.org,Bob,,YES,Gay\n",
        "Mail,Name,Goals,Am\nc@b.org,Cy,,\n",
    )

    assert [row.identity_wish for row in result.rows] == ["", "Gay", ""]


def test_a_file_the_mapping_does_not_know_is_refused():
    result = read([SourceFile(name="others.csv", data=b"Mail\na@b.org\n")], TWO_FILES)

    assert result.problems == (
        Problem(
            pointer="others.csv",
            sentence="The mapping “Two files” does not know this file. It knows mentees and mentors.",
        ),
    )


@pytest.mark.parametrize(
    ("words", "cells"),
    [
        ("Mon 09:00-10:00", ((0, "09:00"), (0, "09:30"))),
        ("sat-sun 23:30-24:00", ((5, "23:30"), (6, "23:30"))),
        ("Tue 08:00-08:30; Fri 12:30-13:00", ((1, "08:00"), (4, "12:30"))),
    ],
)
def test_free_hours_are_read_from_words(words, cells):
    mapping = mapping_from(
        {
            "version": 1,
            "title": "Hours",
            "fields": {"email": {"column": "M"}, "name": {"column": "N"}, "hours": {"value": words}},
        }
    )

    assert read([SourceFile(name="p.csv", data=b"M,N\na@b.org,Ada\n")], mapping).rows[0].hours == cells


@pytest.mark.parametrize("words", ["Mon 9-10", "Fri-Mon 09:00-10:00", "Mon 10:00-09:00", "always"])
def test_free_hours_in_other_words_are_refused(words):
    mapping = mapping_from(
        {
            "version": 1,
            "title": "Hours",
            "fields": {"email": {"column": "M"}, "name": {"column": "N"}, "hours": {"value": words}},
        }
    )

    found = read([SourceFile(name="p.csv", data=b"M,N\na@b.org,Ada\n")], mapping).problems
    assert [one.sentence for one in found] == [
        "Write free times as “Mon-Fri 09:00-12:00; Wed 14:00-16:30”, in half hours."
    ]


@pytest.mark.parametrize(
    ("mapping", "pointers"),
    [
        ({"title": "x", "fields": {}}, ["/version"]),
        ({"version": 1, "title": "x", "fields": {"email": {"column": "M"}}}, ["/files/people/fields"]),
        (
            {"version": 1, "title": "x", "fields": {"email": {"colum": "M"}, "nane": {"column": "N"}}},
            ["/fields/email/colum", "/fields/nane"],
        ),
        (
            {"version": 1, "title": "x", "fields": {"email": {"column": "M", "value": "a"}}, "extra": 1},
            ["/fields/email", "/extra"],
        ),
    ],
)
def test_a_mapping_that_is_wrong_names_every_place(mapping, pointers):
    with pytest.raises(Invalid) as refused:
        mapping_from(mapping)

    assert sorted(one.pointer for one in refused.value.problems) == sorted(pointers)


def test_a_fixed_value_replaces_what_the_mapping_says():
    mapping = mapping_from(
        {
            "version": 1,
            "title": "x",
            "fields": {
                "email": {"column": "M"},
                "name": {"column": "N"},
                "capacity": {"value": "1"},
            },
        },
        fixed={"capacity": "3"},
    )

    assert read([SourceFile(name="p.csv", data=b"M,N\na@b.org,Ada\n")], mapping).rows[0].capacity == 3
