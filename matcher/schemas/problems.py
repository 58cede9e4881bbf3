"""What a schema refuses, as the domain's problems: one pointer and one sentence each."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from matcher.domain.errors import Invalid, Problem
from matcher.domain.sentences import say

WHOLE = "_schema"
OWN_WORDS = {
    "Unknown field.": say("This field is not known here."),
    "Missing data for required field.": say("This field is needed."),
    "Field may not be null.": say("This field is needed."),
    "Invalid input type.": say("This is not what belongs here."),
}
"""What we say where marshmallow would speak."""


def load(schema: Schema, data: Mapping[str, Any]) -> Any:
    """The schema's value of the data, or `Invalid` with every problem at once."""
    try:
        return schema.load(data)
    except ValidationError as error:
        raise Invalid(tuple(problems(error.messages_dict))) from None


def problems(messages: Any, pointer: str = "") -> Iterator[Problem]:
    """One problem for each message; nested keys become a JSON Pointer, in the schema's order."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from problems(inner, pointer if key == WHOLE else f"{pointer}/{escaped(str(key))}")
        return
    for message in messages if isinstance(messages, list | tuple) else [messages]:
        said = message if isinstance(message, str) else str(message)
        yield Problem(pointer=pointer, sentence=OWN_WORDS.get(said, said))


def escaped(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
