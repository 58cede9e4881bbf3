"""Spreadsheets to begin with: the headers we read, and one row with invented people."""

from collections.abc import Iterable
from dataclasses import replace

from matcher.domain.people import Role
from matcher.services.imports.earlier_pairs import COLUMNS
from matcher.services.imports.workbook import OutputSheet

EVERY_ROLE = ";".join(Role)

PEOPLE = OutputSheet(
    name="People",
    header=(
        "email",
        "name",
        "roles",
        "function",
        "site",
        "department",
        "grade",
        "zone",
        "languages",
        "manager",
        "capacity",
        "mentors wanted",
        "most load",
        "topics offered",
        "topics sought",
        "goals",
        "hours",
        "facilitates",
        "experienced",
    ),
    rows=(
        (
            "lena.brandt@example.org",
            "Lena Brandt",
            EVERY_ROLE,
            "Finance",
            "Berlin",
            "Accounting",
            "3",
            "Europe/Berlin",
            "German;English",
            "",
            "2",
            "1",
            "",
            "data;leadership",
            "negotiation",
            "Help others find their way into data.",
            "Mon-Thu 09:00-12:00; Fri 14:00-16:00",
            "yes",
            "no",
        ),
    ),
)
"""As our plain mapping reads it."""


def people(roles: Iterable[Role]) -> OutputSheet:
    """The same for a programme with these roles: its row comes in as it is."""
    mine = ";".join(roles)
    rows = tuple(tuple(mine if cell == EVERY_ROLE else cell for cell in row) for row in PEOPLE.rows)
    return replace(PEOPLE, rows=rows)


EARLIER_PAIRS = OutputSheet(
    name="Earlier pairs",
    header=COLUMNS,
    rows=(("amira.okonkwo@example.org", "lena.brandt@example.org"),),
)
