"""The session guide: which questions fit a pair or circle, and why. Equal input gives equal questions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from matcher.domain.during import question_bank
from matcher.domain.during.question_bank import THEMES, Theme
from matcher.domain.sentences import TranslatableText, say

MOST_THEMES = 3
MOST_QUOTED = 60
WORD = re.compile(r"\w+")


class SessionPhase(StrEnum):
    """A session is the first, the last, or one between."""

    FIRST = "first"
    MIDDLE = "middle"
    LAST = "last"


@dataclass(frozen=True, kw_only=True)
class GuideQuestion:
    """One question; `because` says why it was chosen for these people, empty for those everybody gets."""

    text: TranslatableText
    because: TranslatableText | None = None


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The questions of one phase, those for everybody first."""

    phase: SessionPhase
    questions: tuple[GuideQuestion, ...]


EVERYBODY = {
    (False, SessionPhase.FIRST): question_bank.PAIR_FIRST,
    (False, SessionPhase.MIDDLE): question_bank.PAIR_MIDDLE,
    (False, SessionPhase.LAST): question_bank.PAIR_LAST,
    (True, SessionPhase.FIRST): question_bank.CIRCLE_FIRST,
    (True, SessionPhase.MIDDLE): question_bank.CIRCLE_MIDDLE,
    (True, SessionPhase.LAST): question_bank.CIRCLE_LAST,
}


def guide(*, circle: bool, topics: Sequence[str] = (), goals: Sequence[str] = ()) -> tuple[Chapter, ...]:
    """The questions for the first, the middle and the last sessions.

    To those everybody gets come those of up to three themes. A theme counts each topic and each goal with a
    word that begins like one of its stems; the most counted comes first, of equals the one listed first.
    topics: what the people have in common; goals: what they wrote as goals. Both are quoted to them.
    """
    themes = tuple(_chosen(topics, goals))
    return tuple(
        Chapter(
            phase=phase,
            questions=(
                *(GuideQuestion(text=text) for text in EVERYBODY[circle, phase]),
                *(GuideQuestion(text=_of(theme, phase), because=because) for theme, because in themes),
            ),
        )
        for phase in SessionPhase
    )


def phase_of(session: int, sessions: int) -> SessionPhase:
    """The phase of a session, from 1; the only session is the first."""
    if session <= 1:
        return SessionPhase.FIRST
    return SessionPhase.LAST if session >= sessions else SessionPhase.MIDDLE


def _chosen(topics: Sequence[str], goals: Sequence[str]) -> Iterator[tuple[Theme, TranslatableText]]:
    """The themes that fit, the best first, each with the word or goal that led to it."""
    found = []
    for place, theme in enumerate(THEMES):
        named = [topic for topic in topics if _fits(theme, topic)]
        written = [goal for goal in goals if _fits(theme, goal)]
        if named or written:
            found.append((-len(named) - len(written), place, theme, named, written))
    for _, _, theme, named, written in sorted(found, key=lambda one: one[:2])[:MOST_THEMES]:
        if named:
            yield theme, say("You came together over “{topic}”.", topic=named[0])
        else:
            yield theme, say("You wrote: “{goal}”.", goal=_short(written[0]))


def _fits(theme: Theme, text: str) -> bool:
    """Short stems stand for whole words: "ai" is not the beginning of "aim"."""
    return any(
        word == stem if len(stem) < 4 else word.startswith(stem)
        for word in WORD.findall(text.casefold())
        for stem in theme.stems
    )


def _of(theme: Theme, phase: SessionPhase) -> TranslatableText:
    return {
        SessionPhase.FIRST: theme.first,
        SessionPhase.MIDDLE: theme.middle,
        SessionPhase.LAST: theme.last,
    }[phase]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MOST_QUOTED else f"{line[: MOST_QUOTED - 1].rstrip()}…"
