"""A cycle's name and dates, changed for as long as that makes sense, and what the dates bring about."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.dates import FIELDS, Dates, by_now, changeable
from matcher.domain.errors import Changed, Invalid, Problem, WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.people import EnrolmentState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.programme.programmes import require_organiser
from matcher.store.rows import to_change
from matcher.store.tables import Cycle, EnrolmentRow, PersonRow

UNDER_WAY = (CycleState.PUBLISHED, CycleState.RUNNING)
ACTS = {CycleState.RUNNING: cycles.start, CycleState.COMPLETED: cycles.complete}


def dates_of(cycle: Cycle) -> Dates:
    """The four days of a row."""
    return Dates(**{name: getattr(cycle, name) for name in FIELDS})


def change(
    session: Session,
    *,
    cycle_id: UUID,
    name: str,
    dates: Dates,
    seen: int,
    by: UUID | None,
    now: datetime,
) -> None:
    """Another name, other dates. `seen`: the version of the cycle that was on the page.

    Raises Invalid (order, clocks that change), WrongState for a day that is settled, Changed, NotFound.
    """
    cycle = to_change(session, Cycle, cycle_id, "cycle")
    require_organiser(session, cycle.programme_id, by)
    if cycle.version != seen:
        said = say("“{name}” was changed by somebody else meanwhile. Look at it anew.", name=cycle.name)
        raise Changed(said)
    before = dates_of(cycle)
    moved = {field for field in FIELDS if getattr(before, field) != getattr(dates, field)}
    state = CycleState(cycle.state)
    if moved - changeable(state):
        said = say("This cycle is {state}: these dates are settled.", state=words(state))
        raise WrongState(said)
    problems = (
        *cycles.faults(name, (dates.opens_on, dates.closes_on, dates.starts_on, dates.ends_on)),
        *_clock_faults(session, cycle, dates.starts_on),
        *_end_faults(state, before, dates),
    )
    if problems:
        raise Invalid(problems)
    cycle.name = name.strip()
    for field in moved:
        setattr(cycle, field, getattr(dates, field))
    cycle.version += 1
    session.flush()
    told = {field: getattr(dates, field).isoformat() for field in sorted(moved)}
    audit.append(session, act="cycle planned", about=cycle_id, by=by, now=now, payload=told)


def keep_to_days(session: Session, *, now: datetime) -> int:
    """Start every published cycle whose first day has come, complete every one whose last day is over; how
    many moves that took. Nobody is written to."""
    waiting = (
        select(Cycle)
        .where(Cycle.state.in_(UNDER_WAY), Cycle.starts_on <= now.date())
        .order_by(Cycle.id)
        # Whom an organiser moves at this moment is looked at again within a minute.
        .with_for_update(skip_locked=True)
    )
    count = 0
    for cycle in session.scalars(waiting).all():
        for to in by_now(CycleState(cycle.state), dates_of(cycle), now):
            ACTS[to](session, cycle_id=cycle.id, by=None, now=now, by_itself=True)
            count += 1
    return count


def _end_faults(state: CycleState, before: Dates, dates: Dates) -> Iterable[Problem]:
    """Sessions are in people's calendars until the day they were told."""
    if state in UNDER_WAY and dates.ends_on < before.ends_on:
        sentence = say(
            "The sessions are planned until {day}. The last day can only move on; to end earlier, complete "
            "the cycle when it is time.",
            day=before.ends_on,
        )
        yield Problem(pointer="/ends_on", sentence=sentence)


def _clock_faults(session: Session, cycle: Cycle, starts_on: date) -> Iterable[Problem]:
    """Hours are kept as they are on the clock of the first week: they must stay the same hours."""
    if _monday(starts_on) == _monday(cycle.starts_on):
        return ()
    zones = session.scalars(
        select(PersonRow.zone)
        .join(EnrolmentRow, EnrolmentRow.person_id == PersonRow.id)
        .where(EnrolmentRow.cycle_id == cycle.id, EnrolmentRow.state != EnrolmentState.LEFT.value)
        .distinct()
    ).all()
    turned = tuple(
        sorted(zone for zone in zones if _offset(cycle.starts_on, zone) != _offset(starts_on, zone))
    )
    if not turned:
        return ()
    sentence = say(
        "The clocks change in {zones} between this day and {day}, and people gave their hours for then. "
        "Choose a day before the change.",
        zones=turned,
        day=cycle.starts_on,
    )
    return (Problem(pointer="/starts_on", sentence=sentence),)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _offset(day: date, zone: str) -> timedelta | None:
    return datetime.combine(_monday(day), datetime.min.time(), ZoneInfo(zone)).utcoffset()
