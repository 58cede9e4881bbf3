"""Which column of a file is which answer: good guesses, and the choices as a mapping. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from matcher.schemas.import_rows import DAYS
from matcher.schemas.mapping import LIST_FIELDS, FileMapping, ImportMapping, Source
from matcher.services.imports.column_words import bare, column_words
from matcher.services.imports.csv_table import CsvTable, plain, shown

MOST_EXAMPLES = 3
MOST_WORDS = 50
SEPARATORS = (";", ",", "|", "/")
YES_OR_NO = ("facilitates", "experienced")
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
AREA_AND_CITY = re.compile(r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_/+-]+|UTC")
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a file: its header as written, a few examples, and its different texts.

    words: at most MOST_WORDS of them, in the order of the file; none where there are more.
    filled: in how many rows it says something.
    """

    header: str
    examples: tuple[str, ...]
    words: tuple[str, ...]
    filled: int


@dataclass(frozen=True, kw_only=True)
class ColumnChoice:
    """How one column is read.

    name: the field; "" leaves it aside. split: what stands between several values. values: our word by
    theirs; "" is not settled yet. ladder: their words for levels, the most junior first. only_column,
    only_says: the column counts only in rows where that other one says this.
    """

    name: str = ""
    split: str = ""
    values: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    ladder: tuple[str, ...] = ()
    only_column: str = ""
    only_says: str = ""


@dataclass(frozen=True, kw_only=True)
class FileChoice:
    """How one file is read: a choice for each column, and what is the same for everybody in it."""

    choices: tuple[ColumnChoice, ...]
    same: Mapping[str, str] = field(default_factory=lambda: NOTHING)


def columns_of(table: CsvTable) -> tuple[Column, ...]:
    """The file's columns, each with what stands in it."""
    return tuple(_column(table, place) for place in range(len(table.header)))


def _column(table: CsvTable, place: int) -> Column:
    texts = [row.cells[place].strip() for row in table.rows if place < len(row.cells)]
    counted = Counter(text for text in texts if text)
    few = len(counted) <= MOST_WORDS
    return Column(
        header=table.header[place],
        examples=tuple(shown(text) for text in list(counted)[:MOST_EXAMPLES]),
        words=tuple(counted) if few else (),
        filled=sum(counted.values()),
    )


def guessed(columns: Sequence[Column]) -> FileChoice:
    """What each column probably is, by its header, else by what stands in it."""
    fields = [_field_of(column) for column in columns]
    whole = any(bare(column.header) in column_words().whole_name for column in columns)
    taken: set[str] = set()
    choices = []
    for column, name in zip(columns, fields, strict=True):
        part = name == "name" and bare(column.header) not in column_words().whole_name
        free = name and ((part and not whole) or name not in taken)
        choices.append(choice_of(name, column) if free else ColumnChoice())
        taken.add(name)
    return FileChoice(choices=tuple(choices))


def _field_of(column: Column) -> str:
    words = column_words().field
    header = bare(column.header)
    found = words.get(header) or words.get(bare(re.sub(r"\(.*?\)", "", column.header)))
    texts = column.examples
    if found in {"email", "manager"} and texts and not all(map(MAIL.fullmatch, texts)):
        return ""
    if found is None and texts:
        if all(map(MAIL.fullmatch, texts)):
            return "email"
        if all(map(AREA_AND_CITY.fullmatch, texts)):
            return "zone"
        if column.words and all(bare(word) in column_words().roles for word in column.words):
            return "roles"
        if all(text[:3].lower() in DAYS and ":" in text for text in texts):
            return "hours"
    return found or ""


def choice_of(name: str, column: Column) -> ColumnChoice:
    """The column as this field, with what can be guessed of its separator, words and levels."""
    split = _separator(column) if name in LIST_FIELDS else ""
    if name == "roles":
        return _roles(column, split)
    if name in YES_OR_NO:
        return ColumnChoice(name=name, values=_translated(column, column_words().yes, {"yes", "no"}))
    if name == "grade":
        return ColumnChoice(name=name, ladder=_ladder(column))
    return ColumnChoice(name=name, split=split)


def _separator(column: Column) -> str:
    texts = [*column.words, *column.examples]
    hits = {sign: sum(sign in text for text in texts) for sign in SEPARATORS}
    best = max(SEPARATORS, key=lambda sign: hits[sign])
    return best if hits[best] else ""


def _roles(column: Column, split: str) -> ColumnChoice:
    ours = {"mentor", "mentee", "peer"}
    parts = {plain(part) for word in column.words for part in (word.split(split) if split else [word])}
    if parts <= ours:
        return ColumnChoice(name="roles", split=split)
    return ColumnChoice(name="roles", split=",", values=_translated(column, column_words().roles, ours))


def _translated(column: Column, known: Mapping[str, str], ours: set[str]) -> Mapping[str, str]:
    """Our word for each of theirs; none where they are ours already."""
    if {plain(word) for word in column.words} <= ours:
        return NOTHING
    return {word: known.get(bare(word), "") for word in column.words}


def _ladder(column: Column) -> tuple[str, ...]:
    """Their words for levels in a likely order; nothing where they are numbers."""
    if not column.words or all(re.fullmatch("[0-9]{1,2}", word) for word in column.words):
        return ()
    steps = column_words().steps
    unknown = len(steps)
    return tuple(sorted(column.words, key=lambda word: (steps.get(bare(word), unknown), word)))


def sure_of(ladder: Iterable[str]) -> bool:
    """Whether we know the order of all these words."""
    return all(bare(word) in column_words().steps for word in ladder)


def recognised(
    table: CsvTable, stem: str, known: Iterable[tuple[str, ImportMapping]]
) -> tuple[str, FileChoice] | None:
    """The mapping whose headers are this file's: none missing, none unknown. Its title, and the choices."""
    headers = {plain(header) for header in table.header}
    found = [
        (len({plain(one) for one in part.known} & headers), part.name == stem, title, part)
        for title, mapping in known
        for part in mapping.files
        if {plain(one) for one in part.expected} <= headers <= {plain(one) for one in part.known}
    ]
    if not found:
        return None
    best = max(found, key=lambda one: one[:2])
    return best[2], from_mapping(best[3], table.header)


def from_mapping(mapping: FileMapping, headers: Sequence[str]) -> FileChoice:
    """The choices a mapping makes for the columns there are."""
    choices = [ColumnChoice() for _ in headers]
    places = {plain(header): place for place, header in reversed(list(enumerate(headers)))}
    for name, source in mapping.sources.items():
        for header in source.columns:
            place = places.get(plain(header))
            if place is not None:
                choices[place] = _chosen(name, source)
    same = {name: source.value for name, source in mapping.sources.items() if source.value is not None}
    return FileChoice(choices=tuple(choices), same=same)


def _chosen(name: str, source: Source) -> ColumnChoice:
    condition = source.only_if
    return ColumnChoice(
        name=name,
        split=source.split or "",
        values=dict(source.values),
        ladder=source.ladder,
        only_column=condition.column if condition else "",
        only_says=condition.says if condition else "",
    )


def mapping_data(title: str, files: Mapping[str, tuple[Sequence[str], FileChoice]]) -> dict[str, Any]:
    """The choices as a mapping file holds them; by file: its headers and its choices."""
    return {
        "version": 1,
        "title": title,
        "files": {stem: _file_data(headers, chosen) for stem, (headers, chosen) in files.items()},
    }


def _file_data(headers: Sequence[str], chosen: FileChoice) -> dict[str, Any]:
    told: dict[str, dict[str, Any]] = {}
    for name, value in chosen.same.items():
        told[name] = {"value": value, **({"split": ","} if name in LIST_FIELDS else {})}
    used: dict[str, list[tuple[str, ColumnChoice]]] = {}
    for header, choice in zip(headers, chosen.choices, strict=True):
        if choice.name:
            used.setdefault(choice.name, []).append((header, choice))
    # A column says more than what is the same for everybody.
    told |= {name: _source_data(name, places) for name, places in used.items()}
    read = {header for places in used.values() for header, _ in places}
    read |= {choice.only_column for places in used.values() for _, choice in places}
    return {"fields": told, "ignore": [header for header in headers if header not in read]}


def _source_data(name: str, places: Sequence[tuple[str, ColumnChoice]]) -> dict[str, Any]:
    first = column_words().first_name
    ordered = sorted(places, key=lambda one: bare(one[0]) not in first) if name == "name" else places
    choice = next((one for _, one in ordered if one != ColumnChoice(name=name)), ordered[0][1])
    settled = {theirs: ours for theirs, ours in choice.values.items() if ours}
    data: dict[str, Any] = {"columns": [header for header, _ in ordered]}
    data |= {"optional": name not in {"email", "name"}}
    data |= {"split": choice.split} if choice.split else {}
    data |= {"values": settled} if settled else {}
    if len(choice.ladder) == 1:
        data["values"] = {choice.ladder[0]: "0"}
    elif choice.ladder:
        data["ladder"] = list(choice.ladder)
    if choice.only_column:
        data["only_if"] = {"column": choice.only_column, "says": choice.only_says}
    return data


def settled(chosen: FileChoice, columns: Sequence[Column], before: FileChoice) -> FileChoice:
    """The choices, with what can be guessed for each column that is another field than before."""
    return replace(
        chosen,
        choices=tuple(
            now if now.name == was.name or not now.name else choice_of(now.name, column)
            for now, was, column in zip(chosen.choices, before.choices, columns, strict=True)
        ),
    )
