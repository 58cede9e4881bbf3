"""Numbers, dates and lists as the reader's language says them."""

from collections.abc import Iterable
from datetime import date, datetime

from matcher.domain.sentences import NUMBERS
from web.language import N_, _, current, in_words

SIX = (
    N_("Everyone answers the same questions, and the same rules hold for everyone."),
    N_(
        "Some things must fit: no one from your reporting line, a shared language, enough shared hours, "
        "nobody you asked not to meet."
    ),
    N_("Then as many people as possible get a partner."),
    N_(
        "Among all ways to do that we take the one in which the people with the fewest options come off "
        "best, and those who came off badly last time come first."
    ),
    N_("Among those we take the one with the best fit overall."),
    N_("Every result can be checked by anybody who doubts it, and you can say no without a reason."),
)
"""How matching works; it must stay true."""


def six() -> tuple[str, ...]:
    """How matching works, in the reader's language."""
    return tuple(_(sentence) for sentence in SIX)


def number(count: int) -> str:
    """Small numbers as words, larger ones with a mark at the thousands."""
    return in_words(NUMBERS[count]) if 0 <= count < len(NUMBERS) else current().number(count)


def figure(count: float) -> str:
    """A number in figures, as in "12,149"."""
    return current().number(count)


def upper_first(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def day(when: date) -> str:
    """A date as in "12 March 2027"."""
    return current().day(when)


def short_day(when: date) -> str:
    """A date within the cycle, as in "12 March"."""
    return current().short_day(when)


def moment(when: datetime, zone: str) -> str:
    """A time in somebody's zone, as in "12 March 2027, 14:05"."""
    return current().moment(when, zone)


def listed(words: Iterable[str]) -> str:
    """Words as in "a, b and c"."""
    return current().listed(words)
