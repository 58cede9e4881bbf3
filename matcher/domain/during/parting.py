"""When it does not work: what somebody wants afterwards, and how long it can be taken back."""

from datetime import datetime, timedelta
from enum import StrEnum

TAKE_BACK = timedelta(hours=48)


class Afterwards(StrEnum):
    """What somebody wants when a pair or their seat in a circle has ended. A reason is never asked."""

    REMATCH = "rematch"
    PAUSE = "pause"
    LEAVE = "leave"


def until(said_at: datetime) -> datetime:
    """Until when it can be taken back."""
    return said_at + TAKE_BACK


def may_take_back(
    *, said_at: datetime, undone_at: datetime | None, settled_at: datetime | None, now: datetime
) -> bool:
    """Whether it can still be taken back: in time, once, and before anybody was placed anew because of it."""
    return undone_at is None and settled_at is None and now < until(said_at)
