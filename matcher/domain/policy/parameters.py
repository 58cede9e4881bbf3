"""The parameters of hard rules and criteria: what each may be, and how a policy's values are read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from matcher.domain.errors import Problem
from matcher.domain.sentences import TranslatableText, Value, say

Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A whole number from `least` to `most`; `label` is what its field is called, where there is one."""

    name: str
    label: TranslatableText | None = None
    least: int
    most: int
    default: int

    def read(self, value: Any, pointer: str) -> tuple[Any, list[Problem]]:
        """The value and what is wrong with it."""
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value, []
        sentence = say(
            "{name} is {value}; expected a whole number from {least} to {most}.",
            name=self.name,
            value=repr(value),
            least=self.least,
            most=self.most,
        )
        return value, [Problem(pointer=pointer, sentence=sentence)]


@dataclass(frozen=True, kw_only=True)
class GapTable:
    """Thousandths 0..1000 by gap -20..20 in grades, as {"1": 750, "2": 1000}; other gaps give 0."""

    name: str
    default: Mapping[int, int]

    def read(self, value: Any, pointer: str) -> tuple[Any, list[Problem]]:
        """The table with whole numbers as keys, and what is wrong with it."""
        try:
            table = {int(gap): share for gap, share in value.items()}
        except (AttributeError, TypeError, ValueError):
            table = {}
        fits = all(
            -20 <= gap <= 20 and isinstance(share, int) and not isinstance(share, bool) and 0 <= share <= 1000
            for gap, share in table.items()
        )
        if table and fits:
            return table, []
        sentence = say(
            "{name} is {value}; expected thousandths 0 to 1000 by gap from -20 to 20.",
            name=self.name,
            value=repr(value),
        )
        return value, [Problem(pointer=pointer, sentence=sentence)]


Parameter = Whole | GapTable


def read_values(
    known: tuple[Parameter, ...], values: Values, *, of: str, pointer: str
) -> tuple[dict[str, Any], list[Problem]]:
    """All parameters with defaults filled in, and everything that is wrong."""
    problems = list(
        unknown_names(
            values, [one.name for one in known], kind=say("parameter of {name}", name=of), at=pointer
        )
    )
    read: dict[str, Any] = {}
    for parameter in known:
        value = values.get(parameter.name, parameter.default)
        read[parameter.name], wrong = parameter.read(value, f"{pointer}/{parameter.name}")
        problems += wrong
    return read, problems


def unknown_names(names: Values | list[str], known: list[str], *, kind: str, at: str) -> Iterator[Problem]:
    """A sentence for each name that is not known, with all that are and the nearest."""
    for name in names:
        if name not in known:
            yield Problem(pointer=f"{at}/{name}", sentence=unknown(str(name), known, kind=kind))


def unknown(name: str, known: list[str], *, kind: str) -> TranslatableText:
    """“topcs” is not a criterion. Did you mean “topics”? Known: …"""
    near = get_close_matches(name, known, n=1)
    words: tuple[Value, ...] = tuple(known) or (say("none"),)
    if not near:
        return say("“{name}” is not a known {kind}. Known: {known}.", name=name, kind=kind, known=words)
    return say(
        "“{name}” is not a known {kind}. Did you mean “{near}”? Known: {known}.",
        name=name,
        kind=kind,
        near=near[0],
        known=words,
    )
