"""The check-in: when its rounds are due, and what of the answers may be told without telling anybody's.

The rules of an aggregate. A cell is told only if it and everything outside it hold five answers or more. A
mean is told only if no answer but one's own follows from it: at least two must differ from the most frequent
one, for whoever knows their own answer would else know all the others. Means are rounded to tenths, shares to
5 %. Comments are told from ten answers on, in an order drawn by lot and apart from everything else.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from random import Random
from typing import Any, Self

FEWEST = 5
COMMENTS_FROM = 10
HELPFUL = (1, 2, 3, 4, 5)

AFTER = (33, 100)
DAYS_OPEN = 10
BEFORE_THE_END = 7
"""Days before the end of the cycle at which the last round opens at the latest: people are still there."""

SETTING = "check_in_after"


class Met(StrEnum):
    """Have the two, or all of the circle, met?"""

    YES = "yes"
    PLANNED = "planned"
    NO = "no"


@dataclass(frozen=True, kw_only=True)
class CheckInRound:
    """One round of a cycle, 1, 2, …: the first day it is open, and the first on which it no longer is."""

    number: int
    opens_on: date
    closes_on: date


@dataclass(frozen=True, kw_only=True)
class RoundAnswer:
    """What somebody said: `helpful` 1 to 5."""

    met: Met
    helpful: int
    comment: str = ""

    def __post_init__(self) -> None:
        if self.helpful not in HELPFUL:
            raise ValueError(f"A check-in with {self.helpful} of 5; expected 1 to 5.")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What is told of one round, decided once.

    answered: None for fewer than five. helpful: the mean in tenths, None where it would tell too much.
    met: shares in per cent of the words that may be told; `met_others` the share of all the others together.
    comments: in an order that means nothing.
    """

    answered: int | None = None
    helpful: int | None = None
    met: Mapping[Met, int] | None = None
    met_others: int | None = None
    comments: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "answered": self.answered,
            "helpful": self.helpful,
            "met": None if self.met is None else {word.value: share for word, share in self.met.items()},
            "met_others": self.met_others,
            "comments": list(self.comments),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `to_data`."""
        met = data["met"]
        return cls(
            answered=data["answered"],
            helpful=data["helpful"],
            met=None if met is None else {Met(word): share for word, share in met.items()},
            met_others=data["met_others"],
            comments=tuple(data["comments"]),
        )


def rounds(starts_on: date, ends_on: date, settings: Mapping[str, Any]) -> tuple[CheckInRound, ...]:
    """The rounds of a cycle with these days of sessions, in order.

    `settings["check_in_after"]`: after how many per cent of the cycle each one opens, 0 to 100; none for [].
    A round that would open before the one before it has closed is left out.
    """
    days = (ends_on - starts_on).days
    found: list[CheckInRound] = []
    for percent in sorted(_percents(settings)):
        opens = min(starts_on + timedelta(days=days * percent // 100), ends_on - timedelta(BEFORE_THE_END))
        if opens < starts_on or (found and opens < found[-1].closes_on):
            continue
        closes = opens + timedelta(days=DAYS_OPEN)
        found.append(CheckInRound(number=len(found) + 1, opens_on=opens, closes_on=closes))
    return tuple(found)


def _percents(settings: Mapping[str, Any]) -> Iterator[int]:
    said = settings.get(SETTING, AFTER)
    for percent in said if isinstance(said, list | tuple) else AFTER:
        if isinstance(percent, int) and not isinstance(percent, bool) and 0 <= percent <= 100:
            yield percent


def result_of(answers: Sequence[RoundAnswer], *, seed: int) -> Result:
    """What may be told of these answers. `seed` draws the order of the comments."""
    if len(answers) < FEWEST:
        return Result()
    met = shares(answer.met for answer in answers)
    return Result(
        answered=len(answers),
        helpful=mean([answer.helpful for answer in answers]),
        met=met and met[0],
        met_others=met and met[1],
        comments=drawn(answers, seed),
    )


def mean(values: Sequence[int]) -> int | None:
    """The mean in tenths, halves rounded up; None where the values are not varied enough to be told."""
    most = max(Counter(values).values())
    if len(values) < FEWEST or most > len(values) - 2:
        return None
    return (20 * sum(values) + len(values)) // (2 * len(values))


def shares(words: Iterable[Met]) -> tuple[dict[Met, int], int | None] | None:
    """The share of each word that may be told, and that of all the others together if there are any.

    All three, if each has five answers; else only the most frequent, if it and the rest have five each; else
    nothing. Taking the rest together hides the smallest cell behind the next one.
    """
    count = Counter(words)
    total = count.total()
    if all(count[word] >= FEWEST for word in Met):
        return {word: _share(count[word], total) for word in Met}, None
    largest = max(Met, key=lambda word: count[word])
    rest = total - count[largest]
    if count[largest] < FEWEST or rest < FEWEST:
        return None
    return {largest: _share(count[largest], total)}, 100 - _share(count[largest], total)


def _share(part: int, of: int) -> int:
    """Per cent to the nearest 5."""
    return (40 * part + of) // (2 * of) * 5


def drawn(answers: Sequence[RoundAnswer], seed: int) -> tuple[str, ...]:
    """The comments in an order drawn by lot; none of fewer than ten answers."""
    if len(answers) < COMMENTS_FROM:
        return ()
    # Sorted first: the lot, not the order in which they came, decides.
    said = sorted(answer.comment for answer in answers if answer.comment)
    Random(seed).shuffle(said)  # noqa: S311 (an order that means nothing, not a secret)
    return tuple(said)
