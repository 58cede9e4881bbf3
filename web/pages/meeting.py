"""When people meet, in somebody's own time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from web.pages.words import DAYS, day, number, short_day


def session_at(first: datetime, zone: str, session: int, every_weeks: int) -> datetime:
    """The start of the n-th session (from 1): the same time of day in `zone`, also when the clocks change."""
    local = first.astimezone(ZoneInfo(zone)) + timedelta(weeks=every_weeks * (session - 1))
    return local.astimezone(UTC)


def said(when: datetime, zone: str) -> str:
    """As in "Thursday, 8 April 2027 at 15:00"."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()]}, {day(local.date())} at {local:%H:%M}"


def briefly(when: datetime, zone: str) -> str:
    """As in "Thu 8 April, 15:00"."""
    local = when.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()][:3]} {short_day(local.date())}, {local:%H:%M}"


def usual(slot: int, zone: str, monday: date) -> str:
    """A half-hour of the UTC week as in "Thursdays at 15:00", by the clocks of that week."""
    when = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(minutes=30 * slot)
    local = when.astimezone(ZoneInfo(zone))
    return f"{DAYS[local.weekday()]}s at {local:%H:%M}"


def apart(mine: str, other: str, when: datetime) -> str:
    """How far the other's clock is from mine, as in "two hours ahead of you"; empty when it is the same."""
    gap = offset(other, when) - offset(mine, when)
    minutes = abs(gap) // timedelta(minutes=1)
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    words = [f"{number(hours)} {'hour' if hours == 1 else 'hours'}"] if hours else []
    words += [f"{rest} minutes"] if rest else []
    return f"{' '.join(words)} {'ahead of' if gap > timedelta(0) else 'behind'} you"


def offset(zone: str, when: datetime) -> timedelta:
    """Local time minus UTC."""
    return when.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
