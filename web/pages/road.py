"""The road of a cycle: its stops, and which of them is now."""

from dataclasses import dataclass
from typing import Literal

from matcher.domain.lifecycle import CycleState
from matcher.store.page_queries import CycleLine
from web.pages.words import number, short_day

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
    meetings = f"{number(sessions).capitalize()} {'session' if sessions == 1 else 'sessions'}"
    stops = (
        ("Sign-up", f"until {short_day(cycle.closes_on)}"),
        ("Matching", f"after {short_day(cycle.closes_on)}"),
        ("Introductions", f"by {short_day(cycle.starts_on)}"),
        (meetings, f"until {short_day(cycle.ends_on)}"),
        ("Thanks and feedback", f"after {short_day(cycle.ends_on)}"),
    )
    reached = REACHED[cycle.state]
    return tuple(stop(name, when, at, reached) for at, (name, when) in enumerate(stops))


def stop(name: str, when: str, at: int, reached: int) -> Stop:
    """A stop by its place before, at or after the one reached."""
    if at < reached:
        return Stop(name=name, when="done", place="past")
    if at == reached:
        return Stop(name=name, when="now", place="now")
    return Stop(name=name, when=when, place="ahead")
