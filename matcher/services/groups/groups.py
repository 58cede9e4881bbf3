"""Pairs and circles as they stand: who takes part in which session, when each begins, which are held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import PairState
from matcher.services.groups.published import Published
from matcher.store import tables
from matcher.store.rows import portions


@dataclass(frozen=True, kw_only=True)
class Membership:
    """The sessions somebody takes part in, from 0: from `first` on, up to but not including `until`."""

    first: int = 0
    until: int | None = None

    def there(self, session: int) -> bool:
        return self.first <= session and (self.until is None or session < self.until)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A pair (`number` 0) or a circle. `starts`: when each session begins, in UTC, ascending; a session
    without an hour counts as begun when its week is over."""

    id: UUID
    number: int
    seats: Mapping[UUID, Membership]
    starts: tuple[datetime, ...]
    turns: tuple[tables.Duty, ...] = field(default=(), repr=False)

    @property
    def is_circle(self) -> bool:
        return self.number > 0

    def present(self, session: int) -> tuple[UUID, ...]:
        """Who takes part in that session."""
        return tuple(sorted(person for person, seat in self.seats.items() if seat.there(session)))

    def sits(self, person: UUID) -> bool:
        """Whether somebody takes part to the end, as far as is known."""
        seat = self.seats.get(person)
        return seat is not None and seat.until is None

    def held(self, now: datetime) -> int:
        """How many sessions have begun: nothing about them changes any more."""
        return sum(start <= now for start in self.starts)

    def sessions_of(self, person: UUID) -> int:
        """In how many sessions somebody takes part."""
        return sum(self.seats[person].there(session) for session in range(len(self.starts)))


def groups(session: Session, found: Published) -> tuple[Group, ...]:
    """The circles and then the pairs of what was published, those that ended left out, with their duties."""
    pairs = [pair for pair in found.pairs if PairState(pair.state) is not PairState.ENDED]
    turns = _turns(session, [one.id for one in found.circles], [one.id for one in pairs])
    seats = _seats(session, [one.id for one in found.circles])
    circles = [
        Group(
            id=circle.id,
            number=circle.number,
            seats=seats[circle.id],
            starts=tuple(_starts(found, found.circle_start(circle), found.policy.sessions)),
            turns=tuple(turns.get(circle.id, ())),
        )
        for circle in found.circles
    ]
    return (
        *circles,
        *(
            Group(
                id=pair.id,
                number=0,
                seats={pair.mentee_id: Membership(), pair.mentor_id: Membership()},
                starts=tuple(_starts(found, found.starts[pair.id], found.sessions_of(pair))),
                turns=tuple(turns.get(pair.id, ())),
            )
            for pair in pairs
        ),
    )


def ended_groups(session: Session, found: Published) -> tuple[Group, ...]:
    """Pairs that ended and circles that everybody left, with the sessions they held: what was done counts."""
    pairs = [pair for pair in found.pairs if PairState(pair.state) is PairState.ENDED]
    going_on = [one.id for one in found.circles]
    asked = select(tables.Circle).where(
        tables.Circle.cycle_id == found.cycle.id, tables.Circle.id.not_in(going_on)
    )
    circles = session.scalars(asked.order_by(tables.Circle.number)).all()
    turns = _turns(session, [one.id for one in circles], [one.id for one in pairs])
    seats = _seats(session, [one.id for one in circles])
    blank = (found.at,) * found.policy.sessions
    left = [
        Group(
            id=one.id,
            number=one.number,
            seats=seats[one.id],
            starts=blank,
            turns=tuple(turns.get(one.id, ())),
        )
        for one in circles
    ]
    for pair in pairs:
        starts = tuple(_starts(found, found.starts[pair.id], found.sessions_of(pair)))
        held = sum(start <= pair.ended_at for start in starts) if pair.ended_at else 0
        both = {person: Membership(until=held) for person in (pair.mentee_id, pair.mentor_id)}
        of = tuple(turns.get(pair.id, ()))
        left.append(Group(id=pair.id, number=0, seats=both, starts=starts, turns=of))
    return tuple(left)


def _starts(found: Published, first: datetime | None, sessions: int) -> Iterator[datetime]:
    step = timedelta(weeks=found.policy.every_weeks)
    if first is None:
        weeks_end = datetime.combine(found.cycle.starts_on + timedelta(days=7), time(0), UTC)
        return (weeks_end + session * step for session in range(sessions))
    return ((first + session * step).astimezone(UTC) for session in range(sessions))


def _seats(session: Session, circles: list[UUID]) -> dict[UUID, dict[UUID, Membership]]:
    found: dict[UUID, dict[UUID, Membership]] = {circle: {} for circle in circles}
    for some in portions(circles):
        asked = select(tables.CircleMember).where(tables.CircleMember.circle_id.in_(some))
        for row in session.scalars(asked.order_by(tables.CircleMember.person_id)):
            found[row.circle_id][row.person_id] = Membership(first=row.from_session, until=row.until_session)
    return found


def _turns(session: Session, circles: list[UUID], pairs: list[UUID]) -> dict[UUID, list[tables.Duty]]:
    """The duties of each, in the order of the sessions."""
    duty, found = tables.Duty, dict[UUID, list[tables.Duty]]()
    for column, ids in ((duty.circle_id, circles), (duty.pair_id, pairs)):
        for some in portions(ids):
            asked = select(duty).where(column.in_(some)).order_by(duty.session, duty.duty)
            for row in session.scalars(asked.execution_options(populate_existing=True)):
                found.setdefault(row.circle_id or row.pair_id or row.id, []).append(row)
    return found
