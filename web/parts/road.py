"""The road of a cycle: its stops, and which of them is now."""

from dataclasses import dataclass
from typing import Literal

from matcher.domain.lifecycle import CycleState
from matcher.services.cycle.lists import CycleLine
from web.language import _, ngettext
from web.parts.words import number, short_day, upper_first

Place = Literal["past", "now", "ahead"]

REACHED = {
    CycleState.DRAFT: -1,
    CycleState.OPEN: 0,
    CycleState.CLOSED: 1,
    CycleState.REVIEW: 1,
    CycleState.PUBLISHED: 2,
    CycleState.RUNNING: 3,
    CycleState.COMPLETED: 4,
    CycleState.ARCHIVED: 5,
    CycleState.CANCELLED: -1,
}
"""The stop a cycle of this state has come to."""


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop of the road: its name, when, and whether it lies behind, here or ahead."""

    name: str
    when: str
    place: Place


def road(cycle: CycleLine, sessions: int = 6) -> tuple[Stop, ...]:
    """Sign-up, matching, introductions, the sessions, thanks and feedback."""
    meetings = ngettext("%(count)s session", "%(count)s sessions", sessions, count=number(sessions))
    stops = (
        (_("Sign-up"), _("until %(day)s", day=short_day(cycle.closes_on))),
        (_("Matching"), _("after %(day)s", day=short_day(cycle.closes_on))),
        (_("Introductions"), _("by %(day)s", day=short_day(cycle.starts_on))),
        (upper_first(meetings), _("until %(day)s", day=short_day(cycle.ends_on))),
        (_("Thanks and feedback"), _("after %(day)s", day=short_day(cycle.ends_on))),
    )
    reached = REACHED[cycle.state]
    return tuple(stop(name, when, at, reached) for at, (name, when) in enumerate(stops))


def stop(name: str, when: str, at: int, reached: int) -> Stop:
    """A stop by its place before, at or after the one reached."""
    if at < reached:
        return Stop(name=name, when=_("done"), place="past")
    if at == reached:
        return Stop(name=name, when=_("now"), place="now")
    return Stop(name=name, when=when, place="ahead")
