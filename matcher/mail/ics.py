"""The invitation: a series of sessions in both people's calendars (RFC 5545, RFC 5546)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from matcher.domain.people import HALF_HOURS, Person, Week
from matcher.mail.links import Links
from matcher.mail.value import address, single_line


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """Somebody invited, as they appear in a calendar."""

    name: str
    address: str

    def __post_init__(self) -> None:
        single_line(self.name, "name")
        address(self.address)


@dataclass(frozen=True, kw_only=True)
class Series:
    """All sessions of one pair or circle.

    `start` carries a ZoneInfo: each session keeps that zone's local hour, also over a change of the clocks.
    `id` is the pair's or circle's and makes the UID; a later version of the series has a higher `sequence`.
    """

    id: UUID
    title: str
    description: str
    start: datetime
    minutes: int
    every_weeks: int
    sessions: int
    organiser: str
    attendees: tuple[Attendee, ...]
    stamped: datetime
    sequence: int = 0

    def __post_init__(self) -> None:
        single_line(self.title, "title of the session")
        address(self.organiser)
        if not isinstance(self.start.tzinfo, ZoneInfo):
            raise ValueError(f"Series {self.id}: its start {self.start} has no time zone with a name.")
        for what, number in (
            ("minutes", self.minutes),
            ("weeks between", self.every_weeks),
            ("sessions", self.sessions),
        ):
            if number < 1:
                raise ValueError(f"Series {self.id}: {number} {what}; expected 1 or more.")

    @property
    def zone(self) -> str:
        return str(self.start.tzinfo)

    def starts(self) -> tuple[datetime, ...]:
        """The start of each session, in the zone of the first."""
        step = timedelta(weeks=self.every_weeks)
        return tuple(self.start + number * step for number in range(self.sessions))

    @property
    def uid(self) -> str:
        return f"{self.id}@{self.organiser.rpartition('@')[2]}"


def series_from(
    *,
    id: UUID,  # noqa: A002 - the pair's or circle's
    title: str,
    description: str,
    start: datetime,
    people: Sequence[Person],
    minutes: int,
    every_weeks: int,
    sessions: int,
    links: Links,
    now: datetime,
) -> Series:
    """The sessions of these people from `start` on, at the local hour of its zone."""
    return Series(
        id=id,
        title=title,
        description=description,
        start=start,
        minutes=minutes,
        every_weeks=every_weeks,
        sessions=sessions,
        organiser=links.sender_address,
        attendees=tuple(Attendee(name=person.name, address=person.email) for person in people),
        stamped=now,
    )


def first_shared_start(weeks: Sequence[Week], zone: str, *, on: date, minutes: int) -> datetime | None:
    """The first start in that zone, on or after the day `on` there, from which all weeks are free.

    `weeks` are as the clocks stand in the week of `on`. None if there is no such hour.
    """
    shared = Week((1 << HALF_HOURS) - 1)
    for week in weeks:
        shared = Week(shared.bits & week.bits)
    monday = datetime.combine(on - timedelta(days=on.weekday()), time(0), UTC)
    # A week that begins on Monday UTC may begin on Sunday there: the week before can hold the first one too.
    starts = (
        (monday + timedelta(weeks=week, minutes=30 * slot)).astimezone(ZoneInfo(zone))
        for week in (-1, 0, 1)
        for slot in shared.starts(minutes)
    )
    return min((start for start in starts if start.date() >= on), default=None)


# Both of a pair, or all of a circle, get the same file.
@lru_cache(maxsize=32)
def invitation(series: Series, *, cancel: bool = False) -> bytes:
    """The calendar file; `cancel` takes the whole series back."""
    calendar = Calendar()
    calendar.add("prodid", "-//Evenhand//Sessions//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if cancel else "REQUEST")
    calendar.add_component(_event(series, cancel))
    # Without dates the zone's clock changes of 1970 to 2038 are all listed.
    first, last = series.start.date(), series.starts()[-1].date()
    calendar.add_missing_timezones(first_date=first - timedelta(days=1), last_date=last + timedelta(days=366))
    data: bytes = calendar.to_ical()
    return data


def _event(series: Series, cancel: bool) -> Event:
    event = Event()
    event.add("uid", series.uid)
    event.add("sequence", series.sequence)
    event.add("dtstamp", series.stamped)
    event.add("dtstart", series.start)
    event.add("duration", timedelta(minutes=series.minutes))
    if series.sessions > 1:
        event.add("rrule", {"freq": "weekly", "interval": series.every_weeks, "count": series.sessions})
    event.add("summary", series.title)
    event.add("description", series.description)
    event.add("status", "CANCELLED" if cancel else "CONFIRMED")
    event.add("organizer", _participant("Evenhand", series.organiser))
    for attendee in series.attendees:
        who = _participant(attendee.name, attendee.address)
        who.params["ROLE"] = vText("REQ-PARTICIPANT")
        who.params["PARTSTAT"] = vText("NEEDS-ACTION")
        who.params["RSVP"] = vText("TRUE")
        event.add("attendee", who, encode=False)
    return event


def _participant(name: str, mail: str) -> vCalAddress:
    who = vCalAddress(f"mailto:{mail}")
    who.params["CN"] = vText(name)
    return who
