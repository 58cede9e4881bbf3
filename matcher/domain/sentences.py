"""Sentences that can be said again in another language: an English pattern and the values in it."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, SupportsIndex

PLACE = re.compile(r"\{([a-z_]+)\}")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

Value = str | int | date | tuple["Value", ...]
"""What may stand in a sentence: a name, a sentence, a count, a day, or several of them in a row."""


WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Either(tuple[Value, ...]):
    """Several values of which one counts: "a, b or c"."""

    __slots__ = ()


class TranslatableText(str):
    """A sentence in English that remembers its pattern and values.

    Two are equal when they read the same. Cutting, joining or formatting one gives a plain string, which
    stays English for good: keep a tuple of sentences, or put one into another as a value.
    """

    __slots__ = ("pattern", "plural", "values")

    pattern: str
    plural: str | None
    values: Mapping[str, Value]

    def __new__(
        cls, pattern: str, values: Mapping[str, Value], plural: str | None = None
    ) -> "TranslatableText":
        several = plural is not None and values["count"] != 1
        said = super().__new__(cls, put(plural if several and plural else pattern, values, in_english))
        said.pattern, said.values, said.plural = pattern, dict(values), plural
        return said

    def __reduce_ex__(self, _: SupportsIndex) -> tuple[Any, ...]:
        return TranslatableText, (self.pattern, self.values, self.plural)

    def to_data(self) -> dict[str, Any]:
        """JSON values; `from_data` gives an equal one back."""
        data = {"say": self.pattern, "values": {name: _data(value) for name, value in self.values.items()}}
        return data if self.plural is None else {**data, "say_many": self.plural}


def say(pattern: str, **values: Value) -> TranslatableText:
    """A sentence with `{name}` wherever a value goes. Without values the pattern is taken as it stands.

    Raises ValueError for a place without a value, and TypeError for a value that could not be stored.
    """
    return TranslatableText(pattern, {name: _checked(value) for name, value in values.items()})


def say_many(one: str, several: str, count: int, **values: Value) -> TranslatableText:
    """A sentence about a number of things; both patterns may use `{count}`."""
    return TranslatableText(
        one, {"count": count, **{name: _checked(value) for name, value in values.items()}}, several
    )


def term(name: str) -> TranslatableText:
    """A word of a list that has its own translations (a topic, a language), or somebody's own word."""
    return TranslatableText(name, {})


def long_day(day: date) -> TranslatableText:
    """A date with its day of the week, as in "Tuesday, 6 October 2026"."""
    return say("{weekday}, {day}", weekday=weekday(day.weekday()), day=day)


def weekday(number: int) -> TranslatableText:
    """The day of the week; 0 is Monday."""
    return term(WEEKDAYS[number])


def small(count: int) -> TranslatableText:
    """Small numbers as words, as in "six sessions"."""
    return NUMBERS[count] if count < len(NUMBERS) else term(str(count))


def N_(pattern: str) -> str:  # noqa: N802 (the name every catalogue tool knows)
    """Mark a pattern that gets its values later: `say(pattern, **values)`."""
    return pattern


def is_data(found: Mapping[str, Any]) -> bool:
    """Whether this JSON object is a stored sentence."""
    return "say" in found and "values" in found


def from_data(data: Mapping[str, Any]) -> TranslatableText:
    """The sentence that `to_data` wrote down."""
    return TranslatableText(
        data["say"], {name: _value(value) for name, value in data["values"].items()}, data.get("say_many")
    )


def put(pattern: str, values: Mapping[str, Value], in_words: Any) -> str:
    """The pattern with `in_words(value)` in the place of each value."""
    if not values:
        return pattern
    missing = sorted(set(PLACE.findall(pattern)) - set(values))
    if missing:
        raise ValueError(f"{pattern!r} has places without a value: {', '.join(missing)}.")
    return PLACE.sub(lambda place: str(in_words(values[place[1]])), pattern)


def in_english(value: Value) -> str:
    """One value as an English sentence shows it: "2 March 2027", "1,000", "a, b and c"."""
    if isinstance(value, date):
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple):
        return listed([in_english(each) for each in value], "or" if isinstance(value, Either) else "and")
    return str(value)


def listed(words: list[str], last: str = "and") -> str:
    """Words as in "a, b and c"."""
    return ", ".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _checked(value: Any) -> Value:
    if isinstance(value, tuple):
        return type(value)(_checked(each) for each in value)
    # A moment means another day in another zone: whoever says it decides which.
    if not isinstance(value, str | int | date) or isinstance(value, datetime | bool):
        raise TypeError(f"{value!r} cannot stand in a sentence; expected words, a whole number or a day.")
    return value


def _data(value: Value) -> Any:
    if isinstance(value, TranslatableText):
        return value.to_data()
    if isinstance(value, tuple):
        words = [_data(each) for each in value]
        return {"either": words} if isinstance(value, Either) else words
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(data: Any) -> Value:
    if isinstance(data, list):
        return tuple(_value(each) for each in data)
    if isinstance(data, dict):
        if "either" in data:
            return Either(_value(each) for each in data["either"])
        return from_data(data) if is_data(data) else date.fromisoformat(data["day"])
    found: Value = data
    return found


NUMBERS = (
    say("no"),
    say("one"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
)
