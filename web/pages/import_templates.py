"""Spreadsheets to begin with: the headers we read, and one row with invented people."""

from matcher.services.history_import import COLUMNS
from matcher.services.sheets_out import Sheet

PEOPLE = Sheet(
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
            "mentor;peer",
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

EARLIER_PAIRS = Sheet(
    name="Earlier pairs",
    header=COLUMNS,
    rows=(("amira.okonkwo@example.org", "lena.brandt@example.org"),),
)
