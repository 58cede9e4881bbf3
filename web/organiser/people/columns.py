"""The page on which columns find their answers: what it shows, and what was chosen on it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from types import MappingProxyType

from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from matcher.domain.errors import Problem
from matcher.schemas.import_rows import RowSchema
from matcher.schemas.mapping import FIELDS as KNOWN
from matcher.schemas.mapping import LIST_FIELDS
from matcher.services.imports.columns import SEPARATORS, YES_OR_NO, Column, ColumnChoice, FileChoice, sure_of
from matcher.services.imports.csv_table import CsvTable
from web.language import N_, _
from web.organiser.people.field_words import FIELDS, field_options

SAME = ("roles", "capacity", "function", "site", "department", "zone", "languages", "hours")
"""What can be said once for everybody in a file."""
HINTS: Mapping[str, str] = {
    "roles": N_("For example: mentee"),
    "capacity": N_("For mentors, a whole number from 0 to 20"),
    "zone": N_("For example: Europe/London"),
    "languages": N_("For example: English, German"),
    "hours": N_("For example: Mon-Fri 09:00-17:00"),
}
TITLES: Mapping[str, str] = {
    "A plain list": N_("A plain list"),
    "UK Civil Service": N_("UK Civil Service"),
}
"""The ways of reading that come along, by their titles."""
NEEDED = ("email", "name")
MOST_TEXT = 5_000


@dataclass(frozen=True, kw_only=True)
class OneFile:
    """A file with its columns and how they are read. known: the name of the way of reading it fits."""

    name: str
    table: CsvTable
    columns: tuple[Column, ...]
    chosen: FileChoice
    known: str = ""

    @property
    def stem(self) -> str:
        """The name without its ending, as a mapping knows it."""
        return PurePath(self.name).stem


@dataclass(frozen=True, kw_only=True)
class ColumnView:
    """One column with its fields of the form. attention: why its details stand open, or ""."""

    key: str
    header: str
    examples: tuple[str, ...]
    name: str
    split: str
    values: str
    ladder: str
    only_column: str
    only_says: str
    shows: tuple[str, ...]
    attention: str


@dataclass(frozen=True, kw_only=True)
class SameView:
    """A field that can be the same for everybody in the file."""

    key: str
    label: str
    hint: str
    value: str


@dataclass(frozen=True, kw_only=True)
class FileView:
    """One file: its columns, and what is the same for all."""

    key: str
    name: str
    known: str
    rows: int
    columns: tuple[ColumnView, ...]
    same: tuple[SameView, ...]
    headers: tuple[str, ...]


def view(files: Sequence[OneFile]) -> tuple[FileView, ...]:
    """All files, as they are read now."""
    return tuple(_file(f"f{place}", one) for place, one in enumerate(files))


def titles(known: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Value and words of each way of reading."""
    return tuple((title, titled(title)) for title in known)


def titled(title: str) -> str:
    """What a way of reading is called: ours in the reader's language, others as somebody named them."""
    return _(TITLES[title]) if title in TITLES else title


def options() -> tuple[tuple[str, str], ...]:
    """Value and words of what a column can be."""
    return (("", _("Leave this column aside")), *field_options())


def separators() -> tuple[tuple[str, str], ...]:
    """Value and words of what can stand between several values."""
    words = {";": _("semicolon ;"), ",": _("comma ,"), "|": _("bar |"), "/": _("slash /")}
    return (("", _("nothing: one value")), *((sign, words[sign]) for sign in SEPARATORS))


def _file(key: str, one: OneFile) -> FileView:
    names = (*SAME, *(name for name in one.chosen.same if name not in SAME))
    return FileView(
        key=key,
        name=one.name,
        known=titled(one.known),
        rows=len(one.table.rows),
        headers=one.table.header,
        columns=tuple(
            _column(f"{key}-{place}", column, choice)
            for place, (column, choice) in enumerate(zip(one.columns, one.chosen.choices, strict=True))
        ),
        same=tuple(
            SameView(
                key=f"{key}-same-{name}",
                label=_(FIELDS[name]),
                hint=_(HINTS[name]) if name in HINTS else "",
                value=one.chosen.same.get(name, ""),
            )
            for name in names
        ),
    )


def _column(key: str, column: Column, choice: ColumnChoice) -> ColumnView:
    return ColumnView(
        key=key,
        header=column.header,
        examples=column.examples,
        name=choice.name,
        split=choice.split,
        values="\n".join(f"{theirs} = {ours}" for theirs, ours in choice.values.items()),
        ladder="\n".join(choice.ladder),
        only_column=choice.only_column,
        only_says=choice.only_says,
        shows=tuple(_shown(choice)),
        attention=attention(choice),
    )


def _shown(choice: ColumnChoice) -> Iterator[str]:
    if choice.name in LIST_FIELDS:
        yield "split"
    if choice.name == "grade":
        yield "ladder"
    if choice.values or choice.name in {"roles", *YES_OR_NO}:
        yield "values"
    if choice.only_column or choice.name in {"identity_wish", "characteristics"}:
        yield "only"


def attention(choice: ColumnChoice) -> str:
    """What somebody should look at before this column is read; "" for nothing."""
    if not all(choice.values.values()):
        return _("Say what each of these words means, behind its sign =.")
    if choice.ladder and not sure_of(choice.ladder):
        return _("Put these words in order, the most junior first.")
    return ""


def read(form: MultiDict[str, str], files: Sequence[OneFile]) -> tuple[FileChoice, ...]:
    """What was chosen for each file."""
    return tuple(_chosen(form, f"f{place}", one) for place, one in enumerate(files))


def _chosen(form: MultiDict[str, str], key: str, one: OneFile) -> FileChoice:
    same = {name: form.get(f"{key}-same-{name}", "")[:MOST_TEXT].strip() for name in KNOWN}
    return FileChoice(
        choices=tuple(_choice(form, f"{key}-{place}", one.table.header) for place in range(len(one.columns))),
        same={name: value for name, value in same.items() if value},
    )


def _choice(form: MultiDict[str, str], key: str, headers: Sequence[str]) -> ColumnChoice:
    def said(part: str) -> str:
        return form.get(f"{key}-{part}", "")[:MOST_TEXT]

    name, split, only = said("field"), said("split"), said("only")
    pairs = (line.rpartition("=") for line in said("values").splitlines() if line.strip())
    return ColumnChoice(
        name=name if name in KNOWN else "",
        split=split if split in SEPARATORS else "",
        values=MappingProxyType(
            {
                theirs.strip() if sign else ours.strip(): ours.strip() if sign else ""
                for theirs, sign, ours in pairs
            }
        ),
        ladder=tuple(dict.fromkeys(line.strip() for line in said("ladder").splitlines() if line.strip())),
        only_column=only if only in headers else "",
        only_says=said("says").strip() if only in headers else "",
    )


def problems(files: Sequence[OneFile], settled: Sequence[FileChoice]) -> tuple[Problem, ...]:
    """What keeps these choices from being used: each with the field of the form it is about."""
    found: list[Problem] = []
    for place, (one, chosen) in enumerate(zip(files, settled, strict=True)):
        key = f"f{place}"
        found += _missing(key, one, chosen)
        found += _newly_guessed(key, one, chosen)
        found += _wrong_for_all(key, chosen)
    return tuple(found)


def _missing(key: str, one: OneFile, chosen: FileChoice) -> Iterator[Problem]:
    known = {choice.name for choice in chosen.choices}
    for name in NEEDED:
        if name not in known:
            said = _("%(file)s: say which column is this: %(field)s.", file=one.name, field=_(FIELDS[name]))
            yield Problem(pointer=f"/{key}-0-field", sentence=said)


def _newly_guessed(key: str, one: OneFile, chosen: FileChoice) -> Iterator[Problem]:
    """Columns that are another field than before, and whose words want a look."""
    for place, (was, now) in enumerate(zip(one.chosen.choices, chosen.choices, strict=True)):
        if was.name != now.name and attention(now):
            said = _("Column “%(header)s”: %(what)s", header=one.columns[place].header, what=attention(now))
            yield Problem(pointer=f"/{key}-{place}-field", sentence=said)


def _wrong_for_all(key: str, chosen: FileChoice) -> Iterator[Problem]:
    fields = RowSchema().fields
    for name, value in chosen.same.items():
        try:
            parts = [part.strip() for part in value.split(",") if part.strip()]
            fields[name].deserialize(parts if name in LIST_FIELDS else value)
        except ValidationError as error:
            for sentence in error.messages if isinstance(error.messages, list) else [str(error)]:
                yield Problem(pointer=f"/{key}-same-{name}", sentence=sentence)


def with_choices(files: Sequence[OneFile], chosen: Sequence[FileChoice]) -> tuple[OneFile, ...]:
    """The files, read in this way."""
    return tuple(replace(one, chosen=now) for one, now in zip(files, chosen, strict=True))
