"""The parts of an XLSX package that calamine does not tell of: hidden rows, errors, formulas without a value.

A sheet's part is found as the format says (ECMA-376, part 1, 12.3; part 2, 9.3): the workbook names the sheet
and a relationship, and the relationship names the part. Element names are compared without their namespace,
for the strict and the transitional form use different ones, and any prefix is allowed.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree import ElementTree as ET

WORKBOOK = "xl/workbook.xml"
RELATIONSHIPS = "xl/_rels/workbook.xml.rels"
ON = ("1", "true")


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
    """What one sheet's part tells, cells in the order of the sheet."""

    broken: tuple[BrokenCell, ...] = ()
    hidden_rows: int = 0


def sheet_part(data: bytes, sheet: str) -> SheetPart:
    """What the part of the sheet of that name tells; nothing if the package does not hold it.

    `data` has been refused before if it declares a document type, so no entity can be expanded here.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        path = _path_of(package, sheet)
        if path not in package.namelist():
            return SheetPart()
        with package.open(path) as part:
            return _told(part)


def _path_of(package: zipfile.ZipFile, sheet: str) -> str:
    """The path of a sheet's part in the package; empty when the package names none."""
    if not {WORKBOOK, RELATIONSHIPS} <= set(package.namelist()):
        return ""
    workbook, relationships = (ET.fromstring(package.read(path)) for path in (WORKBOOK, RELATIONSHIPS))  # noqa: S314
    wanted = next(
        (
            value
            for element in workbook.iter()
            if _local(element.tag) == "sheet" and element.get("name") == sheet
            for name, value in element.attrib.items()
            if name.startswith("{") and _local(name) == "id"
        ),
        None,
    )
    targets = {one.get("Id"): one.get("Target", "") for one in relationships}
    target = targets.get(wanted, "") if wanted else ""
    return posixpath.normpath(posixpath.join("/xl", target)).lstrip("/") if target else ""


def _told(part: IO[bytes]) -> SheetPart:
    broken: list[BrokenCell] = []
    hidden, row, column = 0, 0, 0
    for event, element in ET.iterparse(part, events=("start", "end")):  # noqa: S314 (see sheet_part)
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            row, column = _number(element.get("r")) or row + 1, 0
            hidden += element.get("hidden") in ON
        elif event == "end" and tag == "c":
            column = _column(element.get("r", "")) or column + 1
            broken += _broken(element, row, column)
        elif event == "end" and tag == "row":
            element.clear()
    return SheetPart(broken=tuple(broken), hidden_rows=hidden)


def _broken(cell: ET.Element, row: int, column: int) -> Iterator[BrokenCell]:
    """The cell, if it shows an error or is a formula whose value was never stored."""
    parts = {_local(child.tag): "".join(child.itertext()) for child in cell}
    if cell.get("t") == "e":
        yield BrokenCell(row=row, column=column, value=parts.get("v", ""))
    elif "f" in parts and not parts.get("v") and not (cell.get("t") == "str" and "v" in parts):
        # An empty text is a value too: it is stored as an empty <v> with t="str".
        yield BrokenCell(row=row, column=column, value=None)


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


def _column(reference: str) -> int:
    """A1 is 1, Z1 is 26, AA1 is 27; 0 where there is no reference, which the format allows."""
    number = 0
    for letter in re.match("[A-Z]*", reference)[0]:  # type: ignore[index]  # an empty match is one
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
