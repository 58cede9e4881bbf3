"""The waitlist of a cycle: its order, and what waiting earns."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.services.groups.lists import InLine, credit_of, in_line


@dataclass(frozen=True, kw_only=True)
class WaitlistPlace:
    """A place on the waitlist of one role: `number` from 1, `of` so many."""

    role: Role
    number: int
    of: int


def places(session: Session, cycle_id: UUID, person_id: UUID) -> dict[Role, WaitlistPlace]:
    """This person's place in each role they wait in.

    The order is: who came off badly in earlier cycles first (the more credit the earlier), then who signed up
    earlier, then by a number drawn at sign-up. It says how many stand before somebody, not who is placed
    next: a repair places as many of all who wait as it can, of those the ones with credit first, and a place
    that fits only one person goes to that person whatever their number.
    """
    line = in_line(session, cycle_id)
    found: dict[Role, WaitlistPlace] = {}
    for role in Role:
        waiting = order(one for one in line if one.role == role)
        if person_id in waiting:
            found[role] = WaitlistPlace(role=role, number=waiting.index(person_id) + 1, of=len(waiting))
    return found


def order(line: Iterable[InLine]) -> tuple[UUID, ...]:
    """Who waits, the first in line first."""
    ranked = sorted(line, key=lambda one: (-one.levels, one.enrolled_at, one.ref))
    return tuple(one.person_id for one in ranked)


def goes_first(session: Session, cycle_id: UUID, person_id: UUID) -> bool:
    """Whether this person carries a credit out of this cycle, so that they are placed earlier in the next."""
    credit = credit_of(session, cycle_id, person_id)
    return credit is not None and credit.levels > 0
