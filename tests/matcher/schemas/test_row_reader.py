"""The quick reader of rows says what the schema says, for right rows and wrong ones, in any order."""

import random

import pytest
from marshmallow import ValidationError

from matcher.schemas.import_rows import RowSchema
from matcher.schemas.row_reader import RowReader

CELLS = {
    "email": ("ada@example.org", "Bob@Example.org", "bob", "", "a@b"),
    "name": ("Ada", "  Bob ", "", "=?utf-8?q?x?="),
    "function": ("Data", "x" * 101, "Da\x00ta"),
    "grade": ("3", "03", "-1", "3.5", "100"),
    "zone": ("Europe/Berlin", "europe/berlin", "GMT+5"),
    "languages": (["English", "German"], ["English", "English"], []),
    "manager": ("ada@example.org", "nobody"),
    "roles": (["mentor"], ["Mentee", "peer"], ["boss"], []),
    "capacity": ("1", "21", "true"),
    "hours": ("Mon-Fri 09:00-12:00", "Mon 9-10"),
    "facilitates": ("yes", "N", "maybe"),
    "height": ("190",),
}


def a_row(chance):
    names = chance.sample(sorted(CELLS), chance.randint(2, len(CELLS)))
    return {name: chance.choice(CELLS[name]) for name in names}


def told(read, row):
    try:
        return read(row)
    except ValidationError as wrong:
        return wrong.messages


@pytest.mark.parametrize("seed", range(20))
def test_both_say_the_same_of_every_row(seed):
    chance = random.Random(seed)
    reader, schema = RowReader(), RowSchema()
    rows = [a_row(chance) for _ in range(40)]
    rows += [{"email": f"p{one}@example.org", "name": "Ada", "grade": "3"} for one in range(5)]

    assert [told(reader.read, row) for row in rows] == [told(schema.load, row) for row in rows]
