"""Shared goals: both partners add, tick, take away and put back; nobody else."""

import pytest
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.services import audit
from matcher.services.groups import goals
from matcher.services.groups import lists as groups_lists
from matcher.services.groups.lists import GoalLine
from matcher.store import tables
from tests.matcher.services.publishing.publications import Village, a_village, add


def the_goals(session: Session, village: Village) -> tuple[GoalLine, ...]:
    return groups_lists.goals(session, [village.pair]).get(village.pair, ())


def steps_of(session: Session, village: Village) -> list[tuple[str, bool]]:
    (goal,) = the_goals(session, village)
    return [(step.text, step.done_at is not None) for step in goal.steps]


@pytest.fixture
def village(session):
    return a_village(session)


@pytest.fixture
def goal(session, village, now):
    return goals.add(session, group_id=village.pair, text="Lead a workshop", by=village.mentee, now=now)


def test_partner_ticks_what_the_other_wrote(session, village, goal, now):
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Find a date", by=village.mentee, now=now
    )
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Invite ten people", by=village.mentor, now=now
    )
    (line,) = the_goals(session, village)

    goals.tick(
        session, group_id=village.pair, step_id=line.steps[0].id, done=True, by=village.mentor, now=now
    )

    assert steps_of(session, village) == [("Find a date", True), ("Invite ten people", False)]


def test_tick_said_twice_counts_once_and_can_be_taken_back(session, village, goal, now):
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Find a date", by=village.mentee, now=now
    )
    step = the_goals(session, village)[0].steps[0].id
    goals.tick(session, group_id=village.pair, step_id=step, done=True, by=village.mentor, now=now)
    before = audit.verify(session).entries

    goals.tick(session, group_id=village.pair, step_id=step, done=True, by=village.mentee, now=now)
    assert audit.verify(session).entries == before
    assert the_goals(session, village)[0].steps[0].done_by == village.mentor

    goals.tick(session, group_id=village.pair, step_id=step, done=False, by=village.mentee, now=now)
    assert steps_of(session, village) == [("Find a date", False)]


def test_step_taken_away_comes_back_to_its_place(session, village, goal, now):
    for text in ("First", "Second", "Third"):
        goals.add_step(session, group_id=village.pair, goal_id=goal, text=text, by=village.mentee, now=now)
    second = the_goals(session, village)[0].steps[1].id

    goals.keep_step(session, group_id=village.pair, step_id=second, kept=False, by=village.mentor, now=now)
    goals.add_step(session, group_id=village.pair, goal_id=goal, text="Fourth", by=village.mentee, now=now)
    assert [text for text, _ in steps_of(session, village)] == ["First", "Third", "Fourth"]

    goals.keep_step(session, group_id=village.pair, step_id=second, kept=True, by=village.mentee, now=now)
    assert [text for text, _ in steps_of(session, village)] == ["First", "Second", "Third", "Fourth"]


def test_goal_taken_away_is_put_back_with_its_steps(session, village, goal, now):
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Find a date", by=village.mentee, now=now
    )

    goals.remove(session, group_id=village.pair, goal_id=goal, by=village.mentor, now=now)
    assert the_goals(session, village)[0].removed_at == now

    goals.put_back(session, group_id=village.pair, goal_id=goal, by=village.mentee, now=now)
    assert the_goals(session, village)[0].removed_at is None
    assert steps_of(session, village) == [("Find a date", False)]


def test_goal_is_reached_and_open_again(session, village, goal, now):
    goals.reach(session, group_id=village.pair, goal_id=goal, reached=True, by=village.mentor, now=now)
    assert the_goals(session, village)[0].reached_at == now

    goals.reach(session, group_id=village.pair, goal_id=goal, reached=False, by=village.mentor, now=now)
    assert the_goals(session, village)[0].reached_at is None


def test_nobody_outside_the_pair_touches_its_goals(session, village, goal, now):
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Find a date", by=village.mentee, now=now
    )
    step = the_goals(session, village)[0].steps[0].id
    by = {"by": village.peers[0], "now": now}

    for act in (
        lambda: goals.add(session, group_id=village.pair, text="Mine", **by),
        lambda: goals.add_step(session, group_id=village.pair, goal_id=goal, text="Mine", **by),
        lambda: goals.reach(session, group_id=village.pair, goal_id=goal, reached=True, **by),
        lambda: goals.remove(session, group_id=village.pair, goal_id=goal, **by),
        lambda: goals.put_back(session, group_id=village.pair, goal_id=goal, **by),
        lambda: goals.tick(session, group_id=village.pair, step_id=step, done=True, **by),
        lambda: goals.keep_step(session, group_id=village.pair, step_id=step, kept=False, **by),
    ):
        with pytest.raises(NotFound):
            act()
    assert steps_of(session, village) == [("Find a date", False)]


def test_a_goal_is_found_in_its_own_pair_or_circle_only(session, village, goal, now):
    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Find a date", by=village.mentee, now=now
    )
    step = the_goals(session, village)[0].steps[0].id
    add(session, tables.CircleMember(circle_id=village.circle, person_id=village.mentee))
    elsewhere = {"group_id": village.circle, "by": village.mentee, "now": now}

    for act in (
        lambda: goals.add_step(session, goal_id=goal, text="Mine", **elsewhere),
        lambda: goals.reach(session, goal_id=goal, reached=True, **elsewhere),
        lambda: goals.remove(session, goal_id=goal, **elsewhere),
        lambda: goals.tick(session, step_id=step, done=True, **elsewhere),
        lambda: goals.keep_step(session, step_id=step, kept=False, **elsewhere),
    ):
        with pytest.raises(NotFound):
            act()
    assert steps_of(session, village) == [("Find a date", False)]


def test_goals_stay_few(session, village, now):
    for number in range(goals.MOST_GOALS):
        goals.add(session, group_id=village.pair, text=f"Goal {number}", by=village.mentee, now=now)

    with pytest.raises(WrongState, match="Remove one first"):
        goals.add(session, group_id=village.pair, text="One more", by=village.mentee, now=now)


def test_audit_says_nothing_of_what_was_written(session, village, goal, now):
    from matcher.store.tables import AuditPayload

    goals.add_step(
        session, group_id=village.pair, goal_id=goal, text="Tell nobody", by=village.mentee, now=now
    )

    assert "Tell nobody" not in str([row.payload for row in session.query(AuditPayload)])
