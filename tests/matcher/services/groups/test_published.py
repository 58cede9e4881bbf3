"""When pairs meet first: everybody is in one place at a time, and all pages and mails agree."""

from datetime import UTC, datetime
from itertools import combinations

from sqlalchemy.orm import Session

from matcher.domain.people import Role, Week
from matcher.services.cycle import cycles
from matcher.services.groups import my_match
from matcher.services.groups.published import published
from matcher.store import tables
from tests.builders import MONDAY, NOON, a_cycle, enrolled
from tests.matcher.services.publishing.publications import add, pair_words, publish_rows

MORNING = Week.from_local(
    [(0, f"{hour:02}:{minute:02}") for hour in (9, 10, 11) for minute in (0, 30)], "Etc/UTC", MONDAY
)
NINE_ON_MONDAY = 18


def test_mentor_of_several_meets_each_at_another_hour_and_none_during_the_circle(session: Session) -> None:
    cycle_id = a_cycle(session)
    mentor = enrolled(session, cycle_id, Role.MENTOR, Role.PEER, name="Mo Mentor", week=MORNING)
    names = ("Mia One", "Max Two")
    mentees = [enrolled(session, cycle_id, Role.MENTEE, name=name, week=MORNING) for name in names]
    run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    publish_rows(session, cycle_id, run_id)
    for mentee in mentees:
        add(session, tables.Pair(**pair_words(cycle_id, mentor, mentee)))
    circle = add(session, tables.Circle(cycle_id=cycle_id, number=1, slot=NINE_ON_MONDAY))
    add(session, tables.CircleMember(circle_id=circle, person_id=mentor))

    found = published(session, cycle_id)

    assert found is not None
    starts = sorted(start for start in found.starts.values() if start)
    assert [f"{start:%a %H:%M}" for start in starts] == ["Mon 12:00", "Mon 13:00"]
    for person in (mentor, *mentees):
        mine = my_match.my_match(session, cycle_id, person).pairs
        assert {pair.id: pair.first for pair in mine} == {pair.id: found.starts[pair.id] for pair in mine}


def test_where_hours_are_short_pairs_still_get_one(session: Session) -> None:
    cycle_id = a_cycle(session)
    hour = Week.from_local([(2, "09:00"), (2, "09:30")], "Etc/UTC", MONDAY)
    mentor = enrolled(session, cycle_id, Role.MENTOR, name="Mo Mentor", week=hour)
    mentees = [
        enrolled(session, cycle_id, Role.MENTEE, name=f"Mia {number}", week=hour) for number in range(3)
    ]
    never = enrolled(session, cycle_id, Role.MENTEE, name="Nia Never", week=Week())
    run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    publish_rows(session, cycle_id, run_id)
    pairs = {
        mentee: add(session, tables.Pair(**pair_words(cycle_id, mentor, mentee)))
        for mentee in (*mentees, never)
    }

    found = published(session, cycle_id)

    assert found is not None
    assert all(found.starts[pairs[one]] == found.starts[pairs[two]] for one, two in combinations(mentees, 2))
    assert found.starts[pairs[mentees[0]]] is not None
    assert found.starts[pairs[never]] is None


def test_hours_that_were_told_stay_when_a_repair_makes_more_pairs(session: Session) -> None:
    cycle_id = a_cycle(session)
    mentor = enrolled(session, cycle_id, Role.MENTOR, name="Mo Mentor", week=MORNING)
    names = ("Mia One", "Max Two", "Moe Three")
    mentees = [enrolled(session, cycle_id, Role.MENTEE, name=name, week=MORNING) for name in names]
    run_id = cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    publish_rows(session, cycle_id, run_id)
    told = [add(session, tables.Pair(**pair_words(cycle_id, mentor, mentee))) for mentee in mentees[:2]]
    before = published(session, cycle_id)
    later = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)

    session.get_one(tables.Pair, told[0]).state = "ended"
    words = pair_words(cycle_id, mentor, mentees[2])
    made = add(session, tables.Pair(**words, made_at=later))
    after = published(session, cycle_id)

    assert before is not None
    assert after is not None
    assert {pair: after.starts[pair] for pair in told} == dict(before.starts)
    start = after.starts[made]
    assert start is not None
    assert (f"{start:%a %d %B %H:%M}", after.sessions_of(session.get_one(tables.Pair, made))) == (
        "Mon 06 July 13:00",
        2,
    )
