"""Mentees by fit, as bars with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from matcher.domain.matching.explain import FIT_WORDS, Reason
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import TranslatableText, say, term
from web.language import _, in_words

LEFT, RIGHT, BASE, TALLEST = 10, 390, 164, 128
BELOW = {"not placed", "weak", "fair"}


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One bar: its box, its number, its word; `below` the line from which a pair is adequate."""

    x: int
    y: int
    width: int
    height: int
    middle: int
    count: int
    word: str
    below: bool


@dataclass(frozen=True, kw_only=True)
class LevelPicture:
    """All bars, and the whole as a sentence."""

    label: str
    bars: tuple[Bar, ...]


def draw(words: Sequence[tuple[str, int]]) -> LevelPicture:
    """Bars for these words and counts, in that order."""
    most = max((count for _, count in words), default=0) or 1
    step = (RIGHT - LEFT) // max(len(words), 1)
    bars = tuple(
        bar(word, count, LEFT + place * step, step, most) for place, (word, count) in enumerate(words)
    )
    said = tuple(say("{count} {word}", count=count, word=level(word)) for word, count in words if count)
    if not said:
        return LevelPicture(label=_("Fit of the pairs: no pairs."), bars=bars)
    return LevelPicture(label=_("Fit of the pairs: %(levels)s.", levels=said), bars=bars)


def level(word: str) -> TranslatableText:
    """A level's name as people read it."""
    return FIT_WORDS.get(word) or (say("not placed") if word == "not placed" else term(word))


def bar(word: str, count: int, left: int, step: int, most: int) -> Bar:
    """One bar, its height in proportion."""
    width, height = round(step * 0.62), max(round(TALLEST * count / most), 2)
    x = left + (step - width) // 2
    return Bar(
        x=x,
        y=BASE - height,
        width=width,
        height=height,
        middle=x + width // 2,
        count=count,
        word=in_words(level(word)),
        below=word in BELOW,
    )


def in_hundredths(reason: Reason, policy: Policy) -> Reason:
    """The reason with its points as parts of a hundred, where the policy counts in thousands."""
    if policy.points <= 100:
        return reason
    points, most = (round(100 * value / policy.points) for value in (reason.points, reason.most))
    return replace(reason, points=min(points, most), most=most)
