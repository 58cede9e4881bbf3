"""What time alone brings about, however often it is asked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, WrongState
from matcher.jobs import upkeep
from matcher.services import audit
from matcher.services.cycle import cycles
from matcher.services.cycle import dates as cycle_dates
from matcher.services.during import check_ins
from matcher.store.participant_tables import CheckIn
from matcher.store.tables import AuditEntry, Cycle, MailRow, Pair
from tests.builders import NOON
from tests.matcher.services.during.care import LINKS, a_village_under_way
from tests.matcher.services.publishing.publications import Village, a_village

FIRST = datetime(2026, 5, 14, 6, 0, tzinfo=UTC)


def sweep(session: Session, now: datetime) -> bool:
    return upkeep.sweep(session, now=now, links=LINKS, seed=1)


def test_a_round_opens_once_closes_once_and_the_next_one_follows(session: Session) -> None:
    village = a_village_under_way(session)

    mailed = [sweep(session, FIRST + timedelta(days=day)) for day in range(-1, 82)]

    assert [day - 1 for day, mails in enumerate(mailed) if mails] == [0, 71]
    told = check_ins.results(session, cycle_id=village.cycle, by=None)
    assert [(one.number, one.result is not None) for one in told] == [(1, True), (2, True)]


def test_nothing_due_changes_nothing(session: Session) -> None:
    a_village_under_way(session)

    assert not sweep(session, FIRST - timedelta(days=1))
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 0


FIRST_DAY, LAST_DAY_OVER = datetime(2026, 4, 6, tzinfo=UTC), datetime(2026, 8, 1, 12, tzinfo=UTC)


def a_published_village(session: Session) -> Village:
    village = a_village(session)
    cycles.of(session, village.cycle).state = "published"
    session.flush()
    return village


def test_a_published_cycle_starts_and_ends_by_itself_and_writes_to_nobody(session: Session) -> None:
    village = a_published_village(session)
    states = []

    for moment in (FIRST_DAY, LAST_DAY_OVER):
        for when in (moment - timedelta(minutes=1), moment, moment + timedelta(minutes=1)):
            cycle_dates.keep_to_days(session, now=when)
            states.append(cycles.of(session, village.cycle).state)

    assert states == ["published", "running", "running", "running", "completed", "completed"]
    assert session.get_one(Pair, village.pair).state == "completed"
    told = select(AuditEntry.act, AuditEntry.by_id).where(AuditEntry.act.like("%by itself"))
    assert session.execute(told.order_by(AuditEntry.number)).all() == [
        ("cycle running by itself", None),
        ("cycle completed by itself", None),
    ]
    assert session.scalars(select(MailRow)).all() == []
    assert audit.verify(session).broken_at is None


def test_a_worker_that_was_away_for_months_makes_both_moves(session: Session) -> None:
    village = a_published_village(session)

    upkeep.sweep(session, now=LAST_DAY_OVER, links=LINKS, seed=1)

    assert cycles.of(session, village.cycle).state == "completed"
    assert cycle_dates.keep_to_days(session, now=LAST_DAY_OVER) == 0


def test_a_completion_is_taken_back_with_a_later_last_day(session: Session) -> None:
    village = a_published_village(session)
    cycle_dates.keep_to_days(session, now=LAST_DAY_OVER)
    later = (LAST_DAY_OVER + timedelta(days=20)).date()

    with pytest.raises(Invalid):
        cycles.go_on(session, cycle_id=village.cycle, ends_on=NOON.date(), by=None, now=LAST_DAY_OVER)
    cycles.go_on(session, cycle_id=village.cycle, ends_on=later, by=None, now=LAST_DAY_OVER)

    row = cycles.of(session, village.cycle)
    assert (row.state, row.ends_on, session.get_one(Pair, village.pair).state) == ("running", later, "active")
    assert cycle_dates.keep_to_days(session, now=LAST_DAY_OVER + timedelta(days=20)) == 0
    with pytest.raises(WrongState):
        cycles.go_on(session, cycle_id=village.cycle, ends_on=later, by=None, now=LAST_DAY_OVER)


def test_the_last_day_of_a_cycle_under_way_moves_on_and_never_back(session: Session) -> None:
    village = a_village_under_way(session)

    def ending(days: int) -> None:
        row: Cycle = cycles.of(session, village.cycle)
        before = cycle_dates.dates_of(row)
        dates = replace(before, ends_on=before.ends_on + timedelta(days=days))
        asked = {"name": row.name, "dates": dates, "seen": row.version, "by": None, "now": FIRST}
        cycle_dates.change(session, cycle_id=row.id, **asked)  # type: ignore[arg-type]

    ending(7)
    with pytest.raises(Invalid, match="can only move on"):
        ending(-1)

    assert cycles.of(session, village.cycle).ends_on.isoformat() == "2026-08-07"
