"""The dates of a cycle: proposed, changed while that makes sense, and what they bring about. No rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from matcher.domain.lifecycle import CycleState
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say

FIELDS = ("opens_on", "closes_on", "starts_on", "ends_on")
ORDER = (
    ("opens_on", "closes_on", say("Sign-up closes before it opens. Choose a later day.")),
    ("closes_on", "starts_on", say("The cycle starts before sign-up closes. Choose a later day.")),
    ("starts_on", "ends_on", say("The cycle ends before it starts. Choose a later day.")),
)
"""What follows what, and what to say of the later day where it does not."""

WEEK = timedelta(days=7)
SIGN_UP, RESERVE = timedelta(weeks=3), timedelta(weeks=2)

CHANGEABLE: Mapping[CycleState, frozenset[str]] = {
    CycleState.DRAFT: frozenset(FIELDS),
    CycleState.OPEN: frozenset(FIELDS) - {"opens_on"},
    CycleState.PUBLISHED: frozenset({"ends_on"}),
    CycleState.RUNNING: frozenset({"ends_on"}),
}
"""Dates that can still be changed. A run is made for its dates, and a publication has told them; only the
last day may move on."""

LAST_PLACE = timedelta(hours=12)
"""How long after UTC the last place on earth ends its day."""


@dataclass(frozen=True, kw_only=True)
class Dates:
    """First and last day of the sign-up, first and last day of the sessions."""

    opens_on: date
    closes_on: date
    starts_on: date
    ends_on: date

    def later(self, by: timedelta) -> "Dates":
        """All four days moved."""
        return replace(self, **{name: getattr(self, name) + by for name in FIELDS})


def proposed(last: Dates | None, *, policy: Policy, today: date) -> Dates:
    """Dates for the next cycle.

    As the last one, moved by whole weeks until nothing lies behind us and its sessions are over when these
    begin. Without a last one: three weeks of sign-up from today, then a week to match, and as long as the
    sessions take with two weeks to spare.
    """
    if last is not None:
        wait = max(last.ends_on - last.starts_on + timedelta(days=1), today - last.opens_on, WEEK)
        return last.later(-(-wait // WEEK) * WEEK)
    closes = today + SIGN_UP
    starts = closes + timedelta(days=14 - closes.weekday())
    weeks = timedelta(weeks=(policy.sessions - 1) * policy.every_weeks)
    return Dates(
        opens_on=today,
        closes_on=closes,
        starts_on=starts,
        ends_on=starts + weeks + RESERVE + timedelta(days=4),
    )


def changeable(state: CycleState) -> frozenset[str]:
    """The dates that can be changed now."""
    return CHANGEABLE.get(state, frozenset())


def by_now(state: CycleState, dates: Dates, now: datetime) -> tuple[CycleState, ...]:
    """What a published cycle becomes by its days alone, in turn: running on its first day (UTC), completed
    when its last day is over for everybody on earth. Nothing for any other state, and before that."""
    becomes = []
    if state is CycleState.PUBLISHED and now.date() >= dates.starts_on:
        becomes.append(CycleState.RUNNING)
    under_way = state is CycleState.RUNNING or bool(becomes)
    if under_way and (now - LAST_PLACE).date() > dates.ends_on:
        becomes.append(CycleState.COMPLETED)
    return tuple(becomes)
