"""A policy as a file or a request: JSON that is read strictly, then `Policy` says what it means."""

import json
from typing import Any

from matcher.domain.errors import PolicyError, Problem
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say

MOST_BYTES = 256_000


def read_policy(data: bytes) -> Policy:
    """The policy in a JSON file. Raises PolicyError for bad text, keys twice, and all that is unknown."""
    if len(data) > MOST_BYTES:
        raise _refused(
            say("The policy has {size} bytes; expected at most {most}.", size=len(data), most=MOST_BYTES)
        )
    try:
        content = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise _refused(
            say("Byte {place} is not UTF-8. Save the file as UTF-8.", place=error.start + 1)
        ) from error
    except json.JSONDecodeError as error:
        said = say(
            "This is not JSON: {what} at line {line}, column {column}.",
            what=error.msg,
            line=error.lineno,
            column=error.colno,
        )
        raise _refused(said) from error
    except RecursionError as error:
        raise _refused(say("This is nested too deep to be a policy.")) from error
    return Policy.from_data(content)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _refused(say("“{name}” is written twice in one object.", name=twice[0]))
    return dict(pairs)


def _no_constant(word: str) -> Any:
    raise _refused(say("{word} is not a number here. Use whole numbers.", word=word))


def _refused(sentence: str) -> PolicyError:
    return PolicyError((Problem(sentence=sentence),))
