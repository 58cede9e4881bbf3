"""The dates of a cycle: proposed by a rule, changed while that makes sense."""

from datetime import UTC, date, datetime

import pytest

from matcher.domain.dates import FIELDS, Dates, by_now, changeable, proposed
from matcher.domain.lifecycle import CycleState
from matcher.domain.policy.policy import Policy

UNDER_WAY = (CycleState.PUBLISHED, CycleState.RUNNING)
SPRING = Dates(
    opens_on=date(2026, 3, 2),
    closes_on=date(2026, 3, 20),
    starts_on=date(2026, 4, 6),
    ends_on=date(2026, 6, 26),
)


def test_the_first_cycle_opens_today_and_is_as_long_as_its_sessions_take():
    assert proposed(None, policy=Policy(sessions=6, every_weeks=2), today=date(2026, 3, 4)) == Dates(
        opens_on=date(2026, 3, 4),
        closes_on=date(2026, 3, 25),
        starts_on=date(2026, 4, 6),
        ends_on=date(2026, 7, 3),
    )


def test_the_next_cycle_keeps_weekdays_and_begins_when_the_last_is_over():
    assert proposed(SPRING, policy=Policy(), today=date(2026, 5, 1)) == Dates(
        opens_on=date(2026, 5, 25),
        closes_on=date(2026, 6, 12),
        starts_on=date(2026, 6, 29),
        ends_on=date(2026, 9, 18),
    )


@pytest.mark.parametrize("today", [date(2026, 5, 1), date(2026, 12, 24), date(2030, 1, 1)])
def test_no_proposed_day_lies_behind_us(today):
    found = proposed(SPRING, policy=Policy(), today=today)

    assert today <= found.opens_on <= found.closes_on <= found.starts_on <= found.ends_on
    assert [getattr(found, name).weekday() for name in FIELDS] == [0, 4, 0, 4]
    assert found.starts_on > SPRING.ends_on


def test_dates_are_settled_once_the_sign_up_is_closed():
    assert changeable(CycleState.DRAFT) == set(FIELDS)
    assert changeable(CycleState.OPEN) == {"closes_on", "starts_on", "ends_on"}
    assert changeable(CycleState.PUBLISHED) == changeable(CycleState.RUNNING) == {"ends_on"}
    free = (CycleState.DRAFT, CycleState.OPEN, CycleState.PUBLISHED, CycleState.RUNNING)
    assert all(not changeable(state) for state in CycleState if state not in free)


RUNNING, COMPLETED = CycleState.RUNNING, CycleState.COMPLETED


@pytest.mark.parametrize(
    ("state", "moment", "becomes"),
    [
        (CycleState.PUBLISHED, datetime(2026, 4, 5, 23, 59, tzinfo=UTC), ()),
        (CycleState.PUBLISHED, datetime(2026, 4, 6, 0, 0, tzinfo=UTC), (RUNNING,)),
        (RUNNING, datetime(2026, 6, 27, 11, 59, tzinfo=UTC), ()),
        (RUNNING, datetime(2026, 6, 27, 12, 0, tzinfo=UTC), (COMPLETED,)),
        (CycleState.PUBLISHED, datetime(2026, 7, 1, tzinfo=UTC), (RUNNING, COMPLETED)),
        *((state, datetime(2030, 1, 1, tzinfo=UTC), ()) for state in CycleState if state not in UNDER_WAY),
    ],
)
def test_only_a_published_cycle_moves_by_its_days(state, moment, becomes):
    assert by_now(state, SPRING, moment) == becomes
