"""The sessions of a mail as its reader sees them: the first in their own time, and how it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from matcher.domain.people import Person
from matcher.domain.sentences import TranslatableText, long_day, say, small, weekday
from matcher.mail.ics import Series


@dataclass(frozen=True, kw_only=True)
class SessionWords:
    """The first session: its day and hours for the reader, the hours elsewhere; and the rhythm of all."""

    day: str
    hours: str
    elsewhere: tuple[str, ...]
    rhythm: str


def session_words(series: Series | None, reader: Person, others: Sequence[Person]) -> SessionWords | None:
    """The first session in the reader's zone, and in each other zone where the clock shows another hour."""
    if series is None:
        return None
    own = series.start.astimezone(ZoneInfo(reader.zone))
    elsewhere = {
        _there(own, there, zone): None
        for zone in (other.zone for other in others)
        if (there := own.astimezone(ZoneInfo(zone))).utcoffset() != own.utcoffset()
    }
    end = own + timedelta(minutes=series.minutes)
    return SessionWords(
        day=long_day(own.date()),
        hours=say(
            "{start} to {end} ({place} time)",
            start=_clock(own),
            end=_clock(end),
            place=_place(reader.zone),
        ),
        elsewhere=tuple(elsewhere),
        rhythm=_rhythm(series),
    )


def _rhythm(series: Series) -> TranslatableText:
    if series.sessions == 1:
        return say("This is the only session.")
    sessions, last = small(series.sessions), long_day(series.starts()[-1].date())
    if series.every_weeks == 1:
        return say(
            "Then every week at the same hour, {sessions} sessions in all. The last is on {day}.",
            sessions=sessions,
            day=last,
        )
    return say(
        "Then every {weeks} weeks at the same hour, {sessions} sessions in all. The last is on {day}.",
        weeks=small(series.every_weeks),
        sessions=sessions,
        day=last,
    )


def _there(own: datetime, there: datetime, zone: str) -> TranslatableText:
    time, place = _clock(there), _place(zone)
    if own.date() == there.date():
        return say("That is {time} in {place}.", time=time, place=place)
    day_there = weekday(there.weekday())
    return say("That is {time} on {weekday} in {place}.", time=time, weekday=day_there, place=place)


def _clock(moment: datetime) -> str:
    return f"{moment:%H:%M}"


def _place(zone: str) -> str:
    """`Europe/Berlin` is Berlin to a reader."""
    return zone.rpartition("/")[2].replace("_", " ")
