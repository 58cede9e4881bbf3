"""The week as a grid of checkboxes: one cell for each hour, in the person's own time."""

from collections.abc import Iterable
from dataclasses import dataclass

from matcher.domain.people import Cell
from web.language import N_, _

DAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
LONG_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
USUAL = range(7, 20)
EARLY = range(7)
LATE = range(20, 24)


@dataclass(frozen=True, kw_only=True)
class HourBox:
    """One checkbox: `value` is what the form sends, `half` that only half of the hour is meant."""

    day: int
    hour: int
    value: str
    label: str
    chosen: bool
    half: bool
    weekend: bool


@dataclass(frozen=True, kw_only=True)
class HourRow:
    """One hour on all seven days."""

    hour: str
    boxes: tuple[HourBox, ...]


def days() -> tuple[str, ...]:
    """The days of the week from Monday, in the reader's language."""
    return tuple(_(day) for day in LONG_DAYS)


def spans(cells: Iterable[Cell]) -> list[str]:
    """Half-hours as the form's values: whole hours where both halves are free, else the half alone."""
    free = set(cells)
    hours = sorted({(day, start[:2]) for day, start in free})
    return [span(day, hour, free) for day, hour in hours]


def span(day: int, hour: str, free: set[Cell]) -> str:
    """The value of one hour, of which at least one half is free."""
    first, second = (day, f"{hour}:00") in free, (day, f"{hour}:30") in free
    if first and second:
        return f"{day}-{hour}00-60"
    return f"{day}-{hour}{'00' if first else '30'}-30"


def rows(chosen: Iterable[str], hours: Iterable[int]) -> tuple[HourRow, ...]:
    """The grid's rows for these hours. An hour of which half was chosen stays half."""
    known = {value.rsplit("-", 1)[0][:4]: value for value in chosen}
    return tuple(
        HourRow(hour=f"{hour}:00", boxes=tuple(box(day, hour, known) for day in range(7))) for hour in hours
    )


def box(day: int, hour: int, known: dict[str, str]) -> HourBox:
    """One cell; `known` are the chosen values by `weekday-HH`."""
    value = known.get(f"{day}-{hour:02}")
    return HourBox(
        day=day,
        hour=hour,
        value=value or f"{day}-{hour:02}00-60",
        label=_("%(day)s %(first)s:00 to %(last)s:00", day=_(LONG_DAYS[day]), first=hour, last=hour + 1),
        chosen=value is not None,
        half=value is not None and value.endswith("-30"),
        weekend=day > 4,
    )
