"""The audit log in words: who did what, about what, when. Never what was said."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from matcher.services.audit_lists import UNNAMED, LogEntry, LogQuery, Thing
from matcher.services.cycle.cycles import BY_ITSELF
from web.language import _
from web.parts.code_words import code_word
from web.parts.words import figure, moment, upper_first

ON_A_PAGE = 50
SHOWN_OF_HASH = 12
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True, kw_only=True)
class LogRow:
    """One entry as a reader sees it; `mark` is the beginning of its hash."""

    when: str
    who: str
    act: str
    about: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What was typed into the form above the log, and whether it could be understood."""

    act: str = ""
    who: str = ""
    day: str = ""
    wrong: str = ""


@dataclass(frozen=True, kw_only=True)
class Log:
    """The page. head: the hash of the newest entry that may be read here."""

    rows: tuple[LogRow, ...]
    acts: tuple[tuple[str, str], ...]
    looked: Looked
    found: str
    page: int
    last: int
    head: str


def understood(act: str, who: str, day: str, zone: str) -> tuple[Looked, LogQuery]:
    """What was asked for; a day that is none is said to be so and left out."""
    typed = Looked(act=act[:60], who=who.strip()[:60], day=day.strip()[:20])
    asked = LogQuery(act=typed.act, who=typed.who)
    if not typed.day:
        return typed, asked
    try:
        day_then = day_of(typed.day)
    except ValueError:
        return replace(
            typed, wrong=_("“%(day)s” is not a day. Write it like 2026-05-31.", day=typed.day)
        ), asked
    until = start_of(day_then + timedelta(days=1), zone)
    return typed, replace(asked, first=start_of(day_then, zone), until=until)


def start_of(day: date, zone: str) -> datetime:
    """When the day begins in the zone."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def day_of(typed: str) -> date:
    """The day of `YYYY-MM-DD`, 2000 to 2100. Raises ValueError for anything else."""
    day = date.fromisoformat(typed if DAY.fullmatch(typed) else "")
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"The year {day.year}; expected {FIRST_YEAR} to {LAST_YEAR}.")
    return day


def view(
    lines: Sequence[LogEntry],
    things: Mapping[UUID, Thing],
    *,
    acts: Sequence[str],
    looked: Looked,
    count: int,
    page: int,
    head: str,
    cycle: tuple[UUID, str],
    programme: tuple[UUID, str],
    zone: str,
) -> Log:
    """`cycle` and `programme`: id and name; times in the reader's zone."""
    named = {cycle[0]: cycle[1], programme[0]: programme[1]}
    return Log(
        rows=tuple(row(one, things, named, zone) for one in lines),
        acts=tuple(sorted(((act, upper_first(code_word(act))) for act in acts), key=lambda pair: pair[1])),
        looked=looked,
        found=figure(count),
        page=page,
        last=max(1, -(-count // ON_A_PAGE)),
        head=head,
    )


def row(one: LogEntry, things: Mapping[UUID, Thing], named: Mapping[UUID, str], zone: str) -> LogRow:
    """One entry in words."""
    return LogRow(
        when=moment(one.at, zone),
        who=who(one),
        act=upper_first(code_word(one.act)),
        about=about(one.about, things, named),
        mark=one.hash[:SHOWN_OF_HASH],
    )


def who(one: LogEntry) -> str:
    """Who did it, as far as it is told."""
    if one.act in UNNAMED:
        return _("one of the two")
    if one.act.endswith(BY_ITSELF):
        return _("Evenhand, by itself")
    return one.who or _("Evenhand or its operator")


def about(thing_id: UUID | None, things: Mapping[UUID, Thing], named: Mapping[UUID, str]) -> str:
    """What the entry is about."""
    if thing_id is None or thing_id in named:
        return named[thing_id] if thing_id else ""
    thing = things.get(thing_id)
    if thing is None:
        return _("a run or a draft")
    return thing.names[0] if thing.kind == "sign-up" else _not_one_person(thing)


def _not_one_person(thing: Thing) -> str:
    if thing.kind == "pair":
        return _("%(first)s and %(other)s", first=thing.names[0], other=thing.names[1])
    if thing.kind == "circle":
        return _("circle %(number)s", number=thing.number)
    if thing.kind == "repair":
        return _("repair %(number)s", number=thing.number)
    return _("a duty of session %(number)s", number=thing.number)


def header() -> tuple[str, ...]:
    """Of the log to take away."""
    return _("When (UTC)"), _("Who"), _("What"), _("About"), _("Hash")


def cells(
    lines: Iterable[LogEntry], things: Mapping[UUID, Thing], named: Mapping[UUID, str]
) -> Iterator[tuple[str, ...]]:
    """The log to take away, row by row: times in UTC, the whole hash of each entry."""
    word = cache(code_word)
    for one in lines:
        yield (
            one.at.astimezone(UTC).isoformat(timespec="seconds"),
            who(one),
            word(one.act),
            about(one.about, things, named),
            one.hash,
        )
