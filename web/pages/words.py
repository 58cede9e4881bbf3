"""Numbers, dates and counts as people say them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

SIX = (
    "Everyone answers the same questions, and the same rules hold for everyone.",
    "Some things must fit: no one from your reporting line, a shared language, enough shared hours, "
    "nobody you asked not to meet.",
    "Then as many people as possible get a partner.",
    "Among all ways to do that we take the one in which the people with the fewest options come off best, "
    "and those who came off badly last time come first.",
    "Among those we take the one with the best fit overall.",
    "Every result can be checked by anybody who doubts it, and you can say no without a reason.",
)
"""How matching works; it must stay true."""


def number(count: int) -> str:
    """Small numbers as words, larger ones with a comma at the thousands."""
    return NUMBERS[count] if 0 <= count < len(NUMBERS) else f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """A number with its noun: "one pair", "12 pairs"."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def upper_first(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def day(when: date) -> str:
    """A date as in "12 March 2027"."""
    return f"{when.day} {when:%B %Y}"


def short_day(when: date) -> str:
    """A date within the cycle, as in "12 March"."""
    return f"{when.day} {when:%B}"


def moment(when: datetime, zone: str) -> str:
    """A time in somebody's zone, as in "12 March 2027, 14:05"."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{day(local.date())}, {local:%H:%M}"


def listed(words: tuple[str, ...] | list[str]) -> str:
    """Words as in "a, b and c"."""
    return ", ".join(words) if len(words) < 2 else f"{', '.join(words[:-1])} and {words[-1]}"
