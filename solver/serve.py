"""A solver that stays and answers: one JSON question a line in, one JSON answer a line out (docs/model.md,
1.11).

Questions: {"ask": "what_if", "pin": [[e, m]], "forbid": [[e, m]], "places": [[m, n]], "gone_mentees": [e],
"gone_mentors": [m], "points": [[criterion, n]]}; {"ask": "repair", …, "stability": 0..1000}; {"ask":
"why_not", "mentee": e, "mentor": m}; {"ask": "plan"}. A question that cannot be answered gets {"refused":
sentence}, and the next is read. what_if also takes "start": [[e, m]], the plan at hand, and "anew": true
if that was made for other rules or weights; only where somebody asks for several mentors it is looked at, and
there no repair is asked for.
"""

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from solver.caps import most_places, pairing_within
from solver.codec import encode
from solver.files import MatchingProblem
from solver.pairing.questions import Change, WarmProblem
from solver.pairing.several.questions import WarmSeveralProblem
from solver.settings import Remaining

LONGEST_QUESTION = 1_000_000

AnyWarm = WarmProblem | WarmSeveralProblem


class QuestionError(ValueError):
    """A line that is not a question; the message says why."""


def answers(problem: MatchingProblem, lines: Iterable[str]) -> Iterator[str]:
    """One answer per line, as it is asked. Raises ValueError if the problem has no pairing to ask about."""
    pairing = pairing_within(problem)
    if pairing is None:
        raise ValueError("/pairing: missing; only a pairing can be asked about.")
    warm: AnyWarm
    people, most = problem.people, most_places(problem)
    if (pairing.asked > 1).any():
        warm = WarmSeveralProblem(pairing, problem.settings, people, most, within=_within)
    else:
        warm = WarmProblem(pairing, problem.settings, people, most)
    for line in lines:
        try:
            answer = _answer(warm, _question(line))
        except (QuestionError, ValueError, IndexError) as refused:
            answer = {"refused": str(refused)}
        yield json.dumps(answer, sort_keys=True)


def _within(seconds: float) -> Remaining:
    until = time.monotonic() + seconds
    return lambda: until - time.monotonic()


def _question(line: str) -> dict[str, Any]:
    if len(line) > LONGEST_QUESTION:
        raise QuestionError("The question is too long.")
    try:
        question = json.loads(line)
    except (ValueError, RecursionError) as wrong:
        raise QuestionError(f"Not JSON: {wrong}.") from wrong
    if not isinstance(question, dict) or question.get("ask") not in _KNOWN:
        raise QuestionError(f"Ask one of {', '.join(_KNOWN)}.")
    return question


def _answer(warm: AnyWarm, question: Mapping[str, Any]) -> Any:
    return _KNOWN[question["ask"]](warm, {key: value for key, value in question.items() if key != "ask"})


def _plan(warm: AnyWarm, _given: Mapping[str, Any]) -> Any:
    if isinstance(warm, WarmSeveralProblem):
        return encode(warm.plan())
    pairs, proved = warm.pairs.tolist(), warm.solved.proved
    return {"pairs": pairs, "total": warm.total, "bound": warm.bound, "proved": proved}


def _why_not(warm: AnyWarm, given: Mapping[str, Any]) -> Any:
    if set(given) != {"mentee", "mentor"}:
        raise QuestionError("why_not needs mentee and mentor.")
    mentee, mentor = (_whole(given[key], key) for key in ("mentee", "mentor"))
    if not (0 <= mentee < warm.problem.mentees and 0 <= mentor < warm.problem.mentors):
        raise QuestionError("why_not needs a mentee and a mentor of the problem.")
    return encode(warm.why_not(mentee, mentor))


def _what_if(warm: AnyWarm, given: Mapping[str, Any]) -> Any:
    asked = {name: value for name, value in given.items() if name not in ("start", "anew")}
    change, anew = _change(warm, asked, {"published", "stability"}), given.get("anew", False)
    start = _entries(given.get("start", []), "start")
    if not isinstance(anew, bool):
        raise QuestionError("anew needs true or false.")
    _require_known(warm, start)
    if isinstance(warm, WarmSeveralProblem):
        return encode(warm.what_if(change, start, anew=anew))
    return encode(warm.what_if(change))


def _repair(warm: AnyWarm, given: Mapping[str, Any]) -> Any:
    if isinstance(warm, WarmSeveralProblem):
        raise QuestionError("Repairs are asked for where everybody wants one mentor.")
    return encode(warm.repair(_change(warm, given, {"published"})))


_KNOWN: dict[str, Callable[[AnyWarm, Mapping[str, Any]], Any]] = {
    "plan": _plan,
    "what_if": _what_if,
    "repair": _repair,
    "why_not": _why_not,
}


def _change(warm: AnyWarm, given: Mapping[str, Any], reserved: set[str]) -> Change:
    known = {item.name for item in fields(Change)} - reserved
    if set(given) - known:
        raise QuestionError(f"Unknown: {', '.join(sorted(set(given) - known))}.")
    values: dict[str, Any] = {
        name: _entries(value, name) for name, value in given.items() if name != "stability"
    }
    if "stability" in given:
        values["stability"] = _whole(given["stability"], "stability")
    change = Change(**values)
    _require_known(warm, (*change.pin, *change.forbid))
    _require_known(warm, [(0, mentor) for mentor in change.gone_mentors])
    _require_known(warm, [(0, mentor) for mentor, _ in change.places])
    _require_known(warm, [(mentee, 0) for mentee in change.gone_mentees])
    return change


def _require_known(warm: AnyWarm, pairs: Iterable[Any]) -> None:
    for mentee, mentor in pairs:
        if not 0 <= mentee < warm.problem.mentees:
            raise QuestionError("There is no such mentee.")
        if not 0 <= mentor < warm.problem.mentors:
            raise QuestionError("There is no such mentor.")


def _entries(value: Any, name: str) -> tuple[Any, ...]:
    """Whole numbers, or rows of two of them."""
    if not isinstance(value, list):
        raise QuestionError(f"{name} needs a list.")
    if name.startswith("gone"):
        return tuple(_whole(entry, name) for entry in value)
    if any(not isinstance(row, list) or len(row) != 2 for row in value):
        raise QuestionError(f"{name} needs rows of two.")
    return tuple((_whole(row[0], name), _whole(row[1], name)) for row in value)


def _whole(value: Any, name: str) -> int:
    if type(value) is not int:
        raise QuestionError(f"{name} needs whole numbers.")
    return value
