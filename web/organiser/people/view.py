"""The people of a cycle as a list, and as a table to take away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from matcher.domain.people import ROLE_WORDS, EnrolmentState, Role
from matcher.services.imports.lists import ORDERS, PersonLine, Wanted
from matcher.services.imports.workbook import OutputSheet
from web.language import N_, _, in_words, ngettext
from web.organiser.people.field_words import STATES
from web.parts.words import day, figure

SIZE = 50
MOST_FIND = 60
HEADS = (
    ("name", N_("Name")),
    ("", N_("Roles")),
    ("function", N_("Function")),
    ("site", N_("Site")),
    ("state", N_("State")),
    ("signed_up", N_("Signed up")),
)
DOWNWARDS = "-"
FILE_HEADER = (
    "email",
    "name",
    "roles",
    "function",
    "site",
    "department",
    "grade",
    "zone",
    "languages",
    "capacity",
    "topics offered",
    "topics sought",
    "state",
    "signed up",
)
"""As the template has them, so that what was taken away can be brought in again."""


@dataclass(frozen=True, kw_only=True)
class ColumnHead:
    """A column's head: its words, where sorting by it leads ("" for none), and how it is sorted now."""

    words: str
    query: str
    sorted: str


@dataclass(frozen=True, kw_only=True)
class ListedPerson:
    """One line of the list."""

    name: str
    email: str
    roles: str
    function: str
    site: str
    state: str
    tone: str
    signed_up: str


@dataclass(frozen=True, kw_only=True)
class PeopleView:
    """One page of the list. query: what is asked for, for the links to other pages."""

    caption: str
    heads: tuple[ColumnHead, ...]
    rows: tuple[ListedPerson, ...]
    roles: tuple[tuple[str, str], ...]
    states: tuple[tuple[str, str], ...]
    asked: Mapping[str, str]
    query: str
    page: int
    last: int
    anybody: bool


def wanted(args: Mapping[str, str]) -> Wanted:
    """What an address asks for; what is not known is as if it were not said."""
    order = args.get("order", "name")
    plain = order.removeprefix(DOWNWARDS)
    role, state = args.get("role", ""), args.get("state", "")
    return Wanted(
        find=" ".join(args.get("find", "")[:MOST_FIND].replace("\0", "").split()),
        role=Role(role) if role in set(Role) else None,
        state=EnrolmentState(state) if state in set(EnrolmentState) else None,
        order=plain if plain in ORDERS else "name",
        downwards=order.startswith(DOWNWARDS),
    )


def view(lines: Iterable[PersonLine], asked: Wanted, *, found: int, everybody: int, page: int) -> PeopleView:
    """One page, `found` people in all."""
    said = _asked(asked)
    return PeopleView(
        caption=_caption(found, everybody),
        heads=tuple(_head(name, words, asked, said) for name, words in HEADS),
        rows=tuple(_row(line) for line in lines),
        roles=tuple((role.value, in_words(ROLE_WORDS[role])) for role in Role),
        states=tuple((name, _(words)) for name, words in STATES.items()),
        asked=said,
        query=_query(said),
        page=page,
        last=-(-found // SIZE),
        anybody=everybody > 0,
    )


def _caption(found: int, everybody: int) -> str:
    if found == everybody:
        return ngettext("One person", "%(count)s people", everybody, count=figure(everybody))
    return ngettext(
        "%(found)s of one person",
        "%(found)s of %(count)s people",
        everybody,
        found=figure(found),
        count=figure(everybody),
    )


def _asked(asked: Wanted) -> dict[str, str]:
    order = f"{DOWNWARDS if asked.downwards else ''}{asked.order}"
    said = {
        "find": asked.find,
        "role": asked.role.value if asked.role else "",
        "state": asked.state.value if asked.state else "",
        "order": "" if order == "name" else order,
    }
    return {name: value for name, value in said.items() if value}


def _query(said: Mapping[str, str]) -> str:
    return f"?{urlencode(said)}&" if said else "?"


def _head(name: str, words: str, asked: Wanted, said: Mapping[str, str]) -> ColumnHead:
    if not name:
        return ColumnHead(words=_(words), query="", sorted="")
    here = name == asked.order
    turned = f"{DOWNWARDS if here and not asked.downwards else ''}{name}"
    direction = ("descending" if asked.downwards else "ascending") if here else ""
    return ColumnHead(words=_(words), query=f"?{urlencode({**said, 'order': turned})}", sorted=direction)


def _row(line: PersonLine) -> ListedPerson:
    return ListedPerson(
        name=line.name,
        email=line.email,
        roles=", ".join(in_words(ROLE_WORDS[role]) for role in line.roles),
        function=line.function,
        site=line.site,
        state=_(STATES[line.state.value]),
        tone="" if line.state is EnrolmentState.ACTIVE else "warm",
        signed_up=day(line.signed_up.date()),
    )


def sheet(name: str, lines: Iterable[PersonLine]) -> OutputSheet:
    """The list as a table to take away, nothing said in confidence."""
    return OutputSheet(name=name, header=FILE_HEADER, rows=tuple(_cells(line) for line in lines))


def _cells(line: PersonLine) -> tuple[str | int, ...]:
    return (
        line.email,
        line.name,
        ";".join(role.value for role in line.roles),
        line.function,
        line.site,
        line.department,
        "" if line.grade is None else line.grade,
        line.zone,
        ";".join(line.languages),
        line.capacity,
        ";".join(line.topics_offered),
        ";".join(line.topics_sought),
        line.state.value,
        line.signed_up.date().isoformat(),
    )
