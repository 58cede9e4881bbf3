"""Check-ins: asked when due, answered once, told once, and never leading from an answer to a person."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.check_in import Met, Result, RoundAnswer
from matcher.domain.errors import Gone, NotFound, WrongState
from matcher.domain.mailing import MailKind
from matcher.services.during import check_ins
from matcher.services.programme import programmes
from matcher.services.repair import partings
from matcher.services.sign_up import enrolment
from matcher.store import tables
from matcher.store.participant_tables import CheckIn, CheckInAnswer, CheckInInvitation
from tests.builders import NOON, stored
from tests.matcher.services.during.care import BEFORE, LINKS, a_village_under_way, mails, tokens

FIRST = datetime(2026, 5, 14, 6, 0, tzinfo=UTC)
"""A third of the way."""
LATER = datetime(2026, 5, 24, 0, 1, tzinfo=UTC)
FINE = RoundAnswer(met=Met.YES, helpful=4, comment="MARKER: the hour was too short")


def opened(session: Session) -> check_ins.Opened:
    [found] = check_ins.open_due(session, now=FIRST, links=LINKS)
    return found


def say(session: Session, *helpful: int) -> None:
    """As many answer as there are numbers."""
    for token, number in zip(tokens(session).values(), helpful, strict=False):
        check_ins.answer(session, token=token, said=RoundAnswer(met=Met.YES, helpful=number), now=FIRST)


def test_everybody_who_meets_is_asked_when_a_round_is_due(session: Session) -> None:
    village = a_village_under_way(session)
    day_before = FIRST - timedelta(days=1)

    assert check_ins.open_due(session, now=day_before, links=LINKS) == ()
    assert opened(session) == check_ins.Opened(number=1, asked=5, last_day=date(2026, 5, 23))
    assert check_ins.open_due(session, now=FIRST + timedelta(hours=1), links=LINKS) == ()
    assert set(tokens(session)) == {village.mentor, village.mentee, *village.peers}


def test_a_programme_that_does_not_ask_is_left_alone(session: Session) -> None:
    village = a_village_under_way(session)
    cycle = session.get_one(tables.Cycle, village.cycle)
    session.get_one(tables.Programme, cycle.programme_id).settings = {"check_in_after": []}
    session.flush()

    assert check_ins.open_due(session, now=FIRST, links=LINKS) == ()


def test_a_round_nobody_was_there_to_open_in_time_is_left_out(session: Session) -> None:
    a_village_under_way(session)

    assert check_ins.open_due(session, now=LATER, links=LINKS) == ()


def test_whoever_paused_or_parted_is_not_asked(session: Session) -> None:
    village = a_village_under_way(session)
    enrolment.pause(session, cycle_id=village.cycle, person_id=village.mentor, by=village.mentor, now=NOON)

    with pytest.raises(WrongState, match="Fewer than five people meet"):
        check_ins.open_round(session, cycle_id=village.cycle, by=None, now=FIRST, links=LINKS)
    assert check_ins.open_due(session, now=FIRST, links=LINKS) == ()


def test_only_one_round_is_open_at_a_time(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)

    with pytest.raises(WrongState, match="is open already"):
        check_ins.open_round(session, cycle_id=village.cycle, by=None, now=FIRST, links=LINKS)


def test_nobody_is_asked_before_the_cycle_is_under_way(session: Session) -> None:
    village = a_village_under_way(session)
    session.get_one(tables.Cycle, village.cycle).state = "closed"

    with pytest.raises(WrongState, match="A check-in needs a cycle under way"):
        check_ins.open_round(session, cycle_id=village.cycle, by=None, now=BEFORE, links=LINKS)


def test_an_answer_counts_once(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    token = tokens(session)[village.mentee]

    assert check_ins.look(session, token=token, now=FIRST).last_day == date(2026, 5, 23)
    check_ins.answer(session, token=token, said=FINE, now=FIRST)

    with pytest.raises(Gone, match="You have answered already"):
        check_ins.answer(session, token=token, said=FINE, now=FIRST)
    with pytest.raises(Gone, match="You have answered already"):
        check_ins.look(session, token=token, now=FIRST)
    assert session.scalar(select(func.count()).select_from(CheckInAnswer)) == 1


def test_only_a_hash_of_the_link_is_kept(session: Session) -> None:
    a_village_under_way(session)
    opened(session)

    kept = set(session.scalars(select(CheckInInvitation.token_hash)))

    assert kept.isdisjoint(tokens(session).values())
    with pytest.raises(Gone, match="does not lead to a check-in any more"):
        check_ins.look(session, token="guessed", now=FIRST)


def test_an_answer_knows_neither_person_nor_time() -> None:
    assert {column.key for column in inspect(CheckInAnswer).columns} == {
        "id",
        "check_in_id",
        "met",
        "helpful",
        "comment",
    }


def test_an_answer_leaves_no_trace_elsewhere(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    before = session.scalar(select(func.count()).select_from(tables.AuditEntry))

    check_ins.answer(session, token=tokens(session)[village.mentee], said=FINE, now=FIRST)

    assert session.scalar(select(func.count()).select_from(tables.AuditEntry)) == before


def test_a_late_answer_is_told_kindly_and_changes_nothing(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    say(session, 3, 4, 4, 5)
    late = [*tokens(session).values()][-1]

    for told in range(2):
        with pytest.raises(Gone, match="This check-in ended on 23 May 2026"):
            check_ins.answer(session, token=late, said=FINE, now=LATER)
        assert check_ins.close_due(session, now=LATER, seed=1) == 1 - told

    [told_once] = check_ins.results(session, cycle_id=village.cycle, by=None)
    assert told_once.result == Result()


def test_closing_tells_the_aggregate_once_and_forgets_the_order(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    say(session, 3, 4, 4, 5, 5)
    before = set(session.scalars(select(CheckInAnswer.id)))
    [still] = check_ins.results(session, cycle_id=village.cycle, by=None)

    check_ins.close_due(session, now=LATER, seed=1)
    check_ins.close_due(session, now=LATER, seed=2)

    [told] = check_ins.results(session, cycle_id=village.cycle, by=None)
    assert (still.result, still.asked) == (None, 5)
    assert told.result == Result(answered=5, helpful=42)
    after = session.execute(select(CheckInAnswer.id, CheckInAnswer.helpful)).all()
    assert before.isdisjoint(row.id for row in after)
    assert sorted(row.helpful for row in after) == [3, 4, 4, 5, 5]


def test_a_leaver_does_not_change_what_was_told(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    say(session, 3, 4, 4, 5, 5)
    check_ins.close_due(session, now=LATER, seed=1)
    before = check_ins.results(session, cycle_id=village.cycle, by=None)

    partings.leave(
        session,
        cycle_id=village.cycle,
        person_id=village.peers[0],
        by=village.peers[0],
        now=LATER,
        links=LINKS,
    )

    assert check_ins.results(session, cycle_id=village.cycle, by=None) == before


def test_single_answers_are_forgotten_after_ninety_days(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    say(session, 3, 4, 4, 5, 5)
    check_ins.close_due(session, now=LATER, seed=1)

    check_ins.forget_old(session, now=LATER + timedelta(days=89))
    assert session.scalar(select(func.count()).select_from(CheckInAnswer)) == 5
    check_ins.forget_old(session, now=LATER + timedelta(days=90))

    assert session.scalar(select(func.count()).select_from(CheckInAnswer)) == 0
    [told] = check_ins.results(session, cycle_id=village.cycle, by=None)
    assert told.result == Result(answered=5, helpful=42)


def test_results_are_for_organisers_only(session: Session) -> None:
    village = a_village_under_way(session)
    opened(session)
    organiser, outsider = stored(session, "Ola Organiser"), stored(session, "Otto Outside")
    cycle = session.get_one(tables.Cycle, village.cycle)
    programmes.add_organiser(session, programme_id=cycle.programme_id, person_id=organiser, by=None, now=NOON)

    assert len(check_ins.results(session, cycle_id=village.cycle, by=organiser)) == 1
    for somebody in (outsider, village.mentor):
        with pytest.raises(NotFound):
            check_ins.results(session, cycle_id=village.cycle, by=somebody)


def test_the_second_round_comes_at_the_end(session: Session) -> None:
    a_village_under_way(session)
    opened(session)
    check_ins.close_due(session, now=LATER, seed=1)

    [second] = check_ins.open_due(session, now=datetime(2026, 7, 24, 6, tzinfo=UTC), links=LINKS)

    assert second == check_ins.Opened(number=2, asked=5, last_day=date(2026, 8, 2))
    assert {mail.occurrence for mail in mails(session, MailKind.CHECK_IN)} == {"1", "2"}
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 2


def test_of_many_answers_by_one_link_at_once_one_counts(open_session: sessionmaker[Session]) -> None:
    with open_session.begin() as session:
        village = a_village_under_way(session)
        opened(session)
        token = tokens(session)[village.mentee]

    def answer(number: int) -> bool:
        try:
            with open_session.begin() as session:
                said = RoundAnswer(met=Met.YES, helpful=1 + number % 5)
                check_ins.answer(session, token=token, said=said, now=FIRST)
        except Gone:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(answer, range(24)))

    assert counted.count(True) == 1
    with open_session() as session:
        assert session.scalar(select(func.count()).select_from(CheckInAnswer)) == 1
