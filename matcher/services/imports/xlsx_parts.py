"""The parts of an XLSX package that calamine does not tell of: hidden rows, errors, formulas without a value.

A sheet's part is found as the format says (ECMA-376, part 1, 12.3; part 2, 9.3): the workbook names the sheet
and a relationship, and the relationship names the part. Element names are compared without their namespace,
for the strict and the transitional form use different ones, and any prefix is allowed.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

WORKBOOK = "xl/workbook.xml"
RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
ON = ("1", "true")
CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
ROW = re.compile(r"[1-9][0-9]{0,6}")


class Unreadable(Exception):  # noqa: N818 (said of a part, and told as a sentence by whoever reads the workbook)
    """A part that is no well-formed XML, or names cells that no sheet has."""


class DeclaresEntities(Unreadable):
    """A part with a document type: only there can entities be declared."""


@dataclass(frozen=True, kw_only=True)
class BrokenCell:
    """A cell without a usable value; row and column from 1.

    value: the error it shows; None for a formula whose value was never stored.
    """

    row: int
    column: int
    value: str | None


@dataclass(frozen=True, kw_only=True)
class SheetPart:
    """What one sheet's part tells, cells in the order of the sheet.

    rows, columns: how far apart the first and the last cell with something in them stand.
    """

    broken: tuple[BrokenCell, ...] = ()
    hidden_rows: int = 0
    rows: int = 0
    columns: int = 0


def sheet_part(data: bytes, sheet: str) -> SheetPart:
    """What the part of the sheet of that name tells; nothing if the package does not hold it.

    Raises Unreadable, before any entity could be expanded.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        path = _path_of(package, sheet)
        if path not in package.namelist():
            return SheetPart()
        reader = _SheetReader()
        with package.open(path) as part:
            _parse(part, reader)
        return reader.told()


def _path_of(package: zipfile.ZipFile, sheet: str) -> str:
    """The path of a sheet's part in the package; empty when the package names none."""
    if not {WORKBOOK, RELATIONSHIPS} <= set(package.namelist()):
        return ""
    wanted = next(
        (
            value
            for tag, attributes in _elements(package, WORKBOOK)
            if tag == "sheet" and attributes.get("name") == sheet
            for name, value in attributes.items()
            if "}" in name and _local(name) == "id"
        ),
        None,
    )
    targets = {one.get("Id"): one.get("Target", "") for _tag, one in _elements(package, RELATIONSHIPS)}
    target = targets.get(wanted, "") if wanted else ""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


class _Reader:
    """What a parser tells of a part; tags without their namespace."""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None: ...

    def text(self, data: str) -> None: ...

    def end(self, tag: str) -> None: ...


@dataclass
class _Listed(_Reader):
    found: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self.found.append((tag, attributes))


def _elements(package: zipfile.ZipFile, path: str) -> list[tuple[str, Mapping[str, str]]]:
    """Every element of a small part, with its attributes."""
    listed = _Listed()
    with package.open(path) as part:
        _parse(part, listed)
    return listed.found


def _parse(part: IO[bytes], reader: _Reader) -> None:
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: reader.start(_local(name), attributes)
    parser.CharacterDataHandler = reader.text
    parser.EndElementHandler = lambda name: reader.end(_local(name))
    try:
        parser.ParseFile(part)
    except expat.ExpatError as error:
        raise Unreadable(str(error)) from error


def _refuse(*_declared: object) -> None:
    raise DeclaresEntities("A document type.")


@dataclass
class _SheetReader(_Reader):
    """Follows rows and cells; a cell or row without a reference comes after the one before it."""

    row: int = 0
    column: int = 0
    kind: str | None = None
    inside: str = ""
    texts: dict[str, str] = field(default_factory=dict)
    broken: list[BrokenCell] = field(default_factory=list)
    hidden: int = 0
    filled: list[tuple[int, int]] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "row":
            self.row, self.column = _row(attributes.get("r"), self.row + 1), 0
            self.hidden += attributes.get("hidden") in ON
        elif tag == "c":
            self.row, self.column = _cell(attributes.get("r"), self.row, self.column + 1)
            self.kind, self.texts = attributes.get("t", ""), {}
        elif self.kind is not None:
            self.inside = tag
            self.texts.setdefault(tag, "")

    def text(self, data: str) -> None:
        if self.kind is not None and self.inside:
            self.texts[self.inside] += data

    def end(self, tag: str) -> None:
        if tag == "c":
            self.broken += self._fault()
            if any(text.strip() for text in self.texts.values()):
                self._reach()
            self.kind = None
        self.inside = ""

    def told(self) -> SheetPart:
        """All that was read."""
        (top, left), (bottom, right) = self.filled or ((1, 1), (0, 0))
        return SheetPart(
            broken=tuple(self.broken),
            hidden_rows=self.hidden,
            rows=bottom - top + 1,
            columns=right - left + 1,
        )

    def _reach(self) -> None:
        (top, left), (bottom, right) = self.filled or ((self.row, self.column),) * 2
        self.filled = [
            (min(top, self.row), min(left, self.column)),
            (max(bottom, self.row), max(right, self.column)),
        ]

    def _fault(self) -> Iterator[BrokenCell]:
        """The cell, if it shows an error or is a formula whose value was never stored."""
        if self.kind == "e":
            yield BrokenCell(row=self.row, column=self.column, value=self.texts.get("v", ""))
            return
        # An empty text is a value too: it is stored as an empty <v> with t="str".
        valued = self.texts.get("v", "").strip() or (self.kind == "str" and "v" in self.texts)
        if "f" in self.texts and not valued:
            yield BrokenCell(row=self.row, column=self.column, value=None)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _row(reference: str | None, following: int) -> int:
    if reference is None:
        return following
    if ROW.fullmatch(reference) is None:
        raise Unreadable("A row that no sheet has.")
    return int(reference)


def _cell(reference: str | None, row: int, following: int) -> tuple[int, int]:
    """Row and column of a reference such as AA7; A is 1, Z is 26, AA is 27."""
    if reference is None:
        return row, following
    found = CELL.fullmatch(reference)
    if found is None:
        raise Unreadable("A cell that no sheet has.")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
