"""My cycle on one line: from sign-up to thanks, with every session of mine, and where today is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from matcher.services.cycle.lists import CycleLine
from web.language import _, current, ngettext
from web.parts import meeting

Kind = Literal["stop", "pair", "circle"]
Place = Literal["past", "next", "ahead"]
COMING = 4
"""Entries shown at once; the rest unfolds."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something of the cycle, when it begins and when it is over; a stop is a whole day of nobody's zone.

    `duties`: mine in this session.
    """

    kind: Kind
    what: str
    begins: datetime
    ends: datetime
    group_id: UUID | None = None
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TimelineRow:
    """An event in words."""

    kind: Kind
    when: str
    what: str
    duties: tuple[str, ...]
    place: Place
    group_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class Mark:
    """An event on the line; `x` in per cent of its length."""

    x: str
    kind: Kind
    place: Place


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The picture, and the same as a list: what comes next first, and all of it."""

    label: str
    marks: tuple[Mark, ...]
    months: tuple[tuple[str, str], ...]
    today: str
    coming: tuple[TimelineRow, ...]
    rows: tuple[TimelineRow, ...]
    kinds: frozenset[Kind]


def stop(what: str, on: date, over: datetime | None = None) -> Event:
    """A day of the cycle without an hour; what is known to be over ended at that moment at the latest."""
    begins = datetime.combine(on, time(0), UTC)
    ends = begins + timedelta(days=1)
    return Event(kind="stop", what=what, begins=begins, ends=min(ends, over) if over else ends)


def of(cycle: CycleLine, sessions: Iterable[Event], *, zone: str, now: datetime) -> Timeline:
    """The published cycle of somebody in that zone; `sessions` in any order."""
    stops = (
        stop(_("Sign-up opened"), cycle.opens_on, now),
        stop(_("Sign-up closed, and the matching began"), cycle.closes_on, now),
        stop(_("The cycle begins"), cycle.starts_on),
        stop(_("The cycle ends: thanks and feedback"), cycle.ends_on),
    )
    mine = tuple(sessions)
    events = sorted((*stops, *mine), key=lambda event: (event.begins, event.kind == "stop"))
    first, last = events[0].begins, max(event.ends for event in events)
    places = tuple(placed(events, now))
    rows = tuple(row(event, place, zone) for event, place in zip(events, places, strict=True))
    label = ngettext(
        "Your cycle from %(first)s to %(last)s with %(num)s session. Today is %(today)s.",
        "Your cycle from %(first)s to %(last)s with %(num)s sessions. Today is %(today)s.",
        len(mine),
        first=first.date(),
        last=last.date(),
        today=now.astimezone(ZoneInfo(zone)).date(),
    )
    return Timeline(
        label=label,
        marks=tuple(
            Mark(x=along(event.begins, first, last), kind=event.kind, place=place)
            for event, place in zip(events, places, strict=True)
        ),
        months=tuple(months(first, last)),
        today=along(now, first, last) if first <= now <= last else "",
        coming=tuple(one for one in rows if one.place != "past")[:COMING],
        rows=rows,
        kinds=frozenset(event.kind for event in mine),
    )


def placed(events: Sequence[Event], now: datetime) -> Iterable[Place]:
    """What is over, the first that is not, and the rest."""
    found = False
    for event in events:
        if event.ends <= now:
            yield "past"
        elif not found:
            found = True
            yield "next"
        else:
            yield "ahead"


def row(event: Event, place: Place, zone: str) -> TimelineRow:
    """A session with its hour, a stop with its day alone."""
    when = (
        current().short_day(event.begins.date())
        if event.kind == "stop"
        else meeting.briefly(event.begins, zone)
    )
    return TimelineRow(
        kind=event.kind,
        when=when,
        what=event.what,
        duties=event.duties,
        place=place,
        group_id=event.group_id,
    )


def along(when: datetime, first: datetime, last: datetime) -> str:
    """Where a moment lies between the two, in per cent, with a margin at both ends."""
    share = (when - first) / (last - first) if last > first else 0.0
    return f"{2 + 96 * min(1.0, max(0.0, share)):.2f}%"


def months(first: datetime, last: datetime) -> Iterable[tuple[str, str]]:
    """The first day of each month between, with its short name; every other one where there are many."""
    found = []
    year, month = first.year, first.month
    while (start := datetime(year, month, 1, tzinfo=UTC)) <= last:
        if start >= first:
            found.append((along(start, first, last), format_date(start.date(), "LLL", current().locale)))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found if len(found) <= 7 else found[::2]
