"""What organisers read about a cycle at a glance."""

import pytest
from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat
from matcher.services.cycle import lists as cycle_lists
from tests.builders import a_cycle, a_policy, enrolled


@pytest.mark.parametrize(("circles", "places"), [(True, 3 + 1 + 0), (False, 3 + 2 + 1)])
def test_places_are_what_the_limits_of_the_mentors_leave(
    session: Session, *, circles: bool, places: int
) -> None:
    cycle = a_cycle(session, policy=a_policy(circles=CircleFormat(on=circles)))
    enrolled(session, cycle, Role.MENTOR, name="Free", capacity=3)
    enrolled(session, cycle, Role.MENTOR, Role.PEER, name="Busy", capacity=3, most_load=2)
    enrolled(session, cycle, Role.MENTOR, Role.MENTEE, Role.PEER, name="Full", capacity=3, most_load=2)
    enrolled(session, cycle, Role.MENTEE, name="Learner", capacity=3)

    counts = cycle_lists.counts(session, cycle)

    assert (counts.mentors, counts.mentees, counts.places) == (3, 2, places)
