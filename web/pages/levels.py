"""Mentees by fit, as bars with their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass

from web.pages.words import counted, listed

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
    said = listed([f"{counted(count, 'pair')} {word}" for word, count in words if count])
    return LevelPicture(label=f"Fit of the pairs: {said or 'no pairs'}.", bars=bars)


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
        word=word,
        below=word in BELOW,
    )
