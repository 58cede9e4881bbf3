"""What time alone brings about, however often it is asked."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.services import checkins, upkeep
from matcher.store.care_tables import CheckIn
from tests.services.care import LINKS, a_village_under_way

FIRST = datetime(2026, 5, 14, 6, 0, tzinfo=UTC)


def sweep(session: Session, now: datetime) -> bool:
    return upkeep.sweep(session, now=now, links=LINKS, seed=1)


def test_a_round_opens_once_closes_once_and_the_next_one_follows(session: Session) -> None:
    village = a_village_under_way(session)

    mailed = [sweep(session, FIRST + timedelta(days=day)) for day in range(-1, 82)]

    assert [day - 1 for day, mails in enumerate(mailed) if mails] == [0, 71]
    told = checkins.results(session, cycle_id=village.cycle, by=None)
    assert [(one.number, one.result is not None) for one in told] == [(1, True), (2, True)]


def test_nothing_due_changes_nothing(session: Session) -> None:
    a_village_under_way(session)

    assert not sweep(session, FIRST - timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 0
