"""When people meet, in somebody's own time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from web.language import _, current, ngettext


def said(when: datetime, zone: str) -> str:
    """As in "Thursday, 8 April 2027 at 15:00"."""
    local = when.astimezone(ZoneInfo(zone))
    return _("%(day)s at %(hour)s", day=current().long_day(local.date()), hour=f"{local:%H:%M}")


def briefly(when: datetime, zone: str) -> str:
    """As in "Thu 8 April, 15:00"."""
    local = when.astimezone(ZoneInfo(zone))
    return _(
        "%(weekday)s %(day)s, %(hour)s",
        weekday=format_date(local.date(), "EEE", locale=current().locale),
        day=current().short_day(local.date()),
        hour=f"{local:%H:%M}",
    )


def usual(slot: int, zone: str, monday: date) -> str:
    """A half-hour of the UTC week as in "Thursday at 15:00", by the clocks of that week."""
    when = datetime.combine(monday, datetime.min.time(), UTC) + timedelta(minutes=30 * slot)
    local = when.astimezone(ZoneInfo(zone))
    return _("%(weekday)s at %(hour)s", weekday=current().weekday(local.date()), hour=f"{local:%H:%M}")


def apart(mine: str, other: str, when: datetime) -> str:
    """How far the other's clock is from mine, as in "2 hours ahead of you"; empty when it is the same."""
    gap = offset(other, when) - offset(mine, when)
    hours = abs(gap) / timedelta(hours=1)
    if not hours:
        return ""
    if hours.is_integer():
        whole = int(hours)
        if gap > timedelta(0):
            return ngettext("%(num)s hour ahead of you", "%(num)s hours ahead of you", whole)
        return ngettext("%(num)s hour behind you", "%(num)s hours behind you", whole)
    number = current().number(hours)
    if gap > timedelta(0):
        return _("%(hours)s hours ahead of you", hours=number)
    return _("%(hours)s hours behind you", hours=number)


def offset(zone: str, when: datetime) -> timedelta:
    """Local time minus UTC."""
    return when.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
