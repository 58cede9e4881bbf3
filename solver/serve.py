"""A solver that stays and answers: one JSON question a line in, one JSON answer a line out (docs/model.md,
1.11).

Questions: {"ask": "what_if", "pin": [[e, m]], "forbid": [[e, m]], "places": [[m, n]], "gone_mentees": [e],
"gone_mentors": [m], "points": [[criterion, n]]}; {"ask": "repair", …, "stability": 0..1000}; {"ask":
"why_not", "mentee": e, "mentor": m}; {"ask": "plan"}. A question that cannot be answered gets {"refused":
sentence}, and the next is read.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any

from solver.caps import most_places, pairing_within
from solver.codec import encode
from solver.files import Problem
from solver.pairing.desk import Change, Desk

LONGEST_QUESTION = 1_000_000


class QuestionError(ValueError):
    """A line that is not a question; the message says why."""


def answers(problem: Problem, lines: Iterable[str]) -> Iterator[str]:
    """One answer per line, as it is asked. Raises ValueError if the problem has no pairing to ask about."""
    pairing = pairing_within(problem)
    if pairing is None:
        raise ValueError("/pairing: missing; only a pairing can be asked about.")
    if (pairing.asked > 1).any():
        raise ValueError("/pairing/wanted: only problems in which everybody asks for one mentor.")
    desk = Desk(pairing, problem.settings, problem.people, most_places(problem))
    for line in lines:
        try:
            answer = _answer(desk, _question(line))
        except (QuestionError, ValueError, IndexError) as refused:
            answer = {"refused": str(refused)}
        yield json.dumps(answer, sort_keys=True)


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


def _answer(desk: Desk, question: Mapping[str, Any]) -> Any:
    return _KNOWN[question["ask"]](desk, {key: value for key, value in question.items() if key != "ask"})


def _plan(desk: Desk, _given: Mapping[str, Any]) -> Any:
    return {"pairs": desk.pairs.tolist(), "total": desk.total, "proved": desk.solved.proved}


def _why_not(desk: Desk, given: Mapping[str, Any]) -> Any:
    if set(given) != {"mentee", "mentor"}:
        raise QuestionError("why_not needs mentee and mentor.")
    mentee, mentor = (_whole(given[key], key) for key in ("mentee", "mentor"))
    if not (0 <= mentee < desk.problem.mentees and 0 <= mentor < desk.problem.mentors):
        raise QuestionError("why_not needs a mentee and a mentor of the problem.")
    return encode(desk.why_not(mentee, mentor))


def _what_if(desk: Desk, given: Mapping[str, Any]) -> Any:
    return encode(desk.what_if(_change(desk, given, {"published", "stability"})))


def _repair(desk: Desk, given: Mapping[str, Any]) -> Any:
    return encode(desk.repair(_change(desk, given, {"published"})))


_KNOWN: dict[str, Callable[[Desk, Mapping[str, Any]], Any]] = {
    "plan": _plan,
    "what_if": _what_if,
    "repair": _repair,
    "why_not": _why_not,
}


def _change(desk: Desk, given: Mapping[str, Any], reserved: set[str]) -> Change:
    known = {item.name for item in fields(Change)} - reserved
    if set(given) - known:
        raise QuestionError(f"Unknown: {', '.join(sorted(set(given) - known))}.")
    values: dict[str, Any] = {
        name: _entries(value, name) for name, value in given.items() if name != "stability"
    }
    if "stability" in given:
        values["stability"] = _whole(given["stability"], "stability")
    change = Change(**values)
    mentees = [pair[0] for pair in (*change.pin, *change.forbid)] + list(change.gone_mentees)
    mentors = [pair[1] for pair in (*change.pin, *change.forbid)] + list(change.gone_mentors)
    mentors += [mentor for mentor, _ in change.places]
    if any(not 0 <= e < desk.problem.mentees for e in mentees):
        raise QuestionError("There is no such mentee.")
    if any(not 0 <= m < desk.problem.mentors for m in mentors):
        raise QuestionError("There is no such mentor.")
    return change


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
