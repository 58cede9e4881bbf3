"""Files of settings that a person wrote, a policy or a mapping: JSON or TOML, read strictly."""

import json
import tomllib
from typing import Any

from matcher.domain.errors import Invalid, Problem
from matcher.domain.sentences import say

MOST_BYTES = 256_000


def read_settings(data: bytes, *, name: str) -> dict[str, Any]:
    """The table in a file, JSON where its name ends so, else TOML.

    Raises Invalid, with the file's name, for more than 256,000 bytes, text that is not UTF-8, a key written
    twice, NaN and Infinity, nesting without end, and anything but a table.
    """
    try:
        content = _parsed(data, name)
    except RecursionError:
        raise _refused(name, say("This is nested too deep to be settings.")) from None
    if not isinstance(content, dict):
        raise _refused(name, say("This does not hold a table of settings."))
    return content


def _parsed(data: bytes, name: str) -> Any:
    if len(data) > MOST_BYTES:
        said = say("The file has {size} bytes; expected at most {most}.", size=len(data), most=MOST_BYTES)
        raise _refused(name, said)
    try:
        text = data.decode("utf-8-sig")
        if name.endswith(".json"):
            return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
        return tomllib.loads(text)
    except UnicodeDecodeError as error:
        said = say("Byte {place} is not UTF-8. Save the file as UTF-8.", place=error.start + 1)
        raise _refused(name, said) from error
    except json.JSONDecodeError as error:
        said = say(
            "This is not JSON: {what} at line {line}, column {column}.",
            what=error.msg,
            line=error.lineno,
            column=error.colno,
        )
        raise _refused(name, said) from error
    except tomllib.TOMLDecodeError as error:
        raise _refused(name, say("This is not TOML: {what}.", what=str(error))) from error
    except _NotSettings as error:
        raise _refused(name, error.sentence) from error


class _NotSettings(Exception):  # noqa: N818 (said where the parser calls back, told with the file's name)
    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _NotSettings(say("“{name}” is written twice in one object.", name=twice[0]))
    return dict(pairs)


def _no_constant(word: str) -> Any:
    raise _NotSettings(say("{word} is not a number here. Use whole numbers.", word=word))


def _refused(name: str, sentence: str) -> Invalid:
    return Invalid((Problem(pointer=name, sentence=sentence),))
