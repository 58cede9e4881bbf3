"""How spreadsheets call what we ask, in English and German: read once from our list."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

WHERE = "columns.toml"


@dataclass(frozen=True, kw_only=True)
class ColumnWords:
    """field: by header. roles, yes: our word by theirs. steps: the place of a word on the ladder of levels.

    whole_name, first_name: headers of the full name, and of the part that is said first.
    All keys are words as `bare` gives them.
    """

    field: Mapping[str, str]
    roles: Mapping[str, str]
    yes: Mapping[str, str]
    steps: Mapping[str, int]
    whole_name: frozenset[str]
    first_name: frozenset[str]


def bare(text: str) -> str:
    """Small letters and numbers, one blank between words, no signs."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


@cache
def column_words() -> ColumnWords:
    """The whole list."""
    content = tomllib.loads(files("matcher.services.imports").joinpath(WHERE).read_text(encoding="utf-8"))
    return ColumnWords(
        field=_by_word(content["fields"]),
        roles=_by_word(content["roles"]),
        yes=_by_word(content["yes"]),
        steps={word: place for place, words in enumerate(content["ladder"]["steps"]) for word in words},
        whole_name=frozenset(content["names"]["whole"]),
        first_name=frozenset(content["names"]["first"]),
    )


def _by_word(lists: Mapping[str, list[str]]) -> dict[str, str]:
    return {word: name for name, words in lists.items() for word in words}
