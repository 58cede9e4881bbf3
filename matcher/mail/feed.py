"""A calendar to subscribe to: the sessions of one person, without anybody's address (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

REFRESH = timedelta(hours=6)
"""How often calendars may ask again."""


@dataclass(frozen=True, kw_only=True)
class SessionSeries:
    """A series of sessions. `start` carries a ZoneInfo, whose local hour every session keeps; `stamped` does
    not change while the rest stays the same."""

    uid: str
    title: str
    description: str
    start: datetime
    minutes: int
    every_weeks: int
    sessions: int
    stamped: datetime
    url: str

    def __post_init__(self) -> None:
        if not isinstance(self.start.tzinfo, ZoneInfo):
            raise ValueError(f"{self.uid}: its start {self.start} has no time zone with a name.")
        if self.sessions < 1:
            raise ValueError(f"{self.uid}: {self.sessions} sessions; expected 1 or more.")


def calendar_of(name: str, entries: Sequence[SessionSeries]) -> bytes:
    """The calendar file of these series; equal input gives equal bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Evenhand//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(_event(entry))
    if entries:
        first = min(entry.start for entry in entries).date()
        last = max(entry.start + timedelta(weeks=entry.every_weeks * entry.sessions) for entry in entries)
        calendar.add_missing_timezones(
            first_date=first - timedelta(days=1), last_date=last.date() + timedelta(days=366)
        )
    data: bytes = calendar.to_ical()
    return data


def _event(entry: SessionSeries) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamped)
    event.add("dtstart", entry.start)
    event.add("duration", timedelta(minutes=entry.minutes))
    if entry.sessions > 1:
        event.add("rrule", {"freq": "weekly", "interval": entry.every_weeks, "count": entry.sessions})
    event.add("summary", entry.title)
    event.add("description", entry.description)
    event.add("url", entry.url)
    event.add("status", "CONFIRMED")
    return event
