"""What a schema refuses, as the domain's problems: one pointer and one sentence each."""

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import Schema, ValidationError

from matcher.domain.errors import Invalid, Problem

WHOLE = "_schema"
UNKNOWN = "Unknown field."


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
        said = "This field is not known here." if message == UNKNOWN else str(message)
        yield Problem(pointer=pointer, sentence=said)


def escaped(key: str) -> str:
    """A key as one step of a JSON Pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")
