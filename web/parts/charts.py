"""Charts as values: a title, a sentence that says what one sees, the numbers as a table, a Vega-Lite spec.

The table is always beside the picture: whoever does not see the picture loses nothing. Colours and type come
from the page's own tokens (static/js/chart.js), so that a chart follows the theme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
Cell = str | int | float
DAY = 24 * 60 * 60 * 1000
"""Milliseconds, as Vega counts time."""
SHORT_IF_NARROW = "width < 330 ? slice(datum.label, 0, 2) : datum.label"


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart. `heads` and `rows` are its table; `spec` what Vega-Lite draws, without size and colours."""

    key: str
    title: str
    sentence: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    spec: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What an axis counts, in words; `kind` is Vega-Lite's: quantitative, nominal, ordinal or temporal."""

    title: str
    kind: str = "quantitative"


def bars(
    *, key: str, title: str, sentence: str, of: Axis, amount: Axis, rows: Sequence[tuple[Cell, Cell]]
) -> Chart:
    """Horizontal bars in the order of the rows, so that long names stay readable."""
    return Chart(
        key=key,
        title=title,
        sentence=sentence,
        heads=(of.title, amount.title),
        rows=tuple(rows),
        spec={
            **_values(rows, "of", "amount"),
            "mark": {"type": "bar", "cornerRadiusEnd": 3},
            "height": {"step": 22},
            "encoding": {
                "y": {"field": "of", "type": "nominal", "sort": None, "title": None},
                "x": {"field": "amount", "type": "quantitative", "title": amount.title, **_whole()},
            },
        },
    )


def paired_bars(
    *,
    key: str,
    title: str,
    sentence: str,
    of: Axis,
    sides: tuple[str, str],
    rows: Sequence[tuple[Cell, Cell, Cell]],
) -> Chart:
    """Two bars for each name, one below the other: what is asked for and what is there."""
    values = [
        {"of": name, "side": side, "amount": amount}
        for name, *amounts in rows
        for side, amount in zip(sides, amounts, strict=True)
    ]
    return Chart(
        key=key,
        title=title,
        sentence=sentence,
        heads=(of.title, *sides),
        rows=tuple(rows),
        spec={
            "$schema": SCHEMA,
            "data": {"values": values},
            "mark": {"type": "bar", "cornerRadiusEnd": 3},
            "height": {"step": 13},
            "encoding": {
                "y": {"field": "of", "type": "nominal", "sort": None, "title": None},
                "yOffset": {"field": "side", "type": "nominal", "sort": list(sides)},
                "x": {"field": "amount", "type": "quantitative", "title": None, **_whole()},
                "color": {"field": "side", "type": "nominal", "sort": list(sides), "title": None},
            },
        },
    )


def line(
    *, key: str, title: str, sentence: str, along: Axis, amount: Axis, rows: Sequence[tuple[Cell, Cell]]
) -> Chart:
    """A line with its points, as of sign-ups by day or of a gap by seconds."""
    return Chart(
        key=key,
        title=title,
        sentence=sentence,
        heads=(along.title, amount.title),
        rows=tuple(rows),
        spec={
            **_values(rows, "along", "amount"),
            "mark": {"type": "line", "point": True, "interpolate": "monotone"},
            "height": 190,
            "encoding": {
                "x": {"field": "along", "type": along.kind, "title": None, **_by_day(along)},
                "y": {"field": "amount", "type": "quantitative", "title": amount.title, **_whole()},
            },
        },
    )


def heat(
    *,
    key: str,
    title: str,
    sentence: str,
    across: Axis,
    down: Axis,
    amount: Axis,
    rows: Sequence[tuple[Cell, Cell, Cell]],
) -> Chart:
    """A field of cells, each darker the more it holds: across, down, amount."""
    return Chart(
        key=key,
        title=title,
        sentence=sentence,
        heads=(across.title, down.title, amount.title),
        rows=tuple(rows),
        spec={
            **_values(rows, "across", "down", "amount"),
            "mark": {"type": "rect", "cornerRadius": 2},
            "height": {"step": 22},
            "encoding": {
                "x": {
                    "field": "across",
                    "type": "ordinal",
                    "sort": None,
                    "title": across.title,
                    "axis": {"labelAngle": 0, "labelOverlap": False, "labelExpr": SHORT_IF_NARROW},
                },
                "y": {"field": "down", "type": "ordinal", "sort": None, "title": down.title},
                "color": {"field": "amount", "type": "quantitative", "title": amount.title},
            },
        },
    )


def _values(rows: Sequence[tuple[Cell, ...]], *names: str) -> dict[str, Any]:
    values = [dict(zip(names, row, strict=True)) for row in rows]
    return {"$schema": SCHEMA, "data": {"values": values}}


def _by_day(along: Axis) -> dict[str, Any]:
    """A day as people write it, and no ticks between two days."""
    return (
        {"axis": {"format": "%-d %b", "tickMinStep": DAY, "labelOverlap": True, "labelSeparation": 14}}
        if along.kind == "temporal"
        else {}
    )


def _whole() -> dict[str, Any]:
    """Ticks at whole numbers only: half a person is nobody."""
    return {"axis": {"tickMinStep": 1, "tickCount": 6, "format": ",d"}}
