"""Shared goals of a pair or circle and the small steps towards them: everybody in it may change them all."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.services.groups.lists import GroupId, group_of
from matcher.store.participant_tables import GoalRow, GoalStep
from matcher.store.rows import one_at_a_time

MOST_GOALS = 12
MOST_STEPS = 30
NONE = say("There is no such goal.")


def add(session: Session, *, group_id: UUID, text: str, by: UUID, now: datetime) -> UUID:
    """A new goal of the pair or circle; its id. Raises NotFound, and WrongState beyond 12 goals."""
    group = _group(session, group_id, by)
    one_at_a_time(session, f"goals {group_id}")
    kept = select(func.count()).select_from(GoalRow).where(group.of(GoalRow), GoalRow.removed_at.is_(None))
    if (session.scalar(kept) or 0) >= MOST_GOALS:
        raise WrongState(
            say(
                "There are {most} goals already, and nothing was added. Remove one first: few goals are "
                "easier to keep.",
                most=MOST_GOALS,
            )
        )
    goal = GoalRow(text=text, made_by=by, made_at=now, **group.columns)
    session.add(goal)
    session.flush()
    audit.append(session, act="goal added", about=goal.id, by=by, now=now)
    return goal.id


def reach(session: Session, *, group_id: UUID, goal_id: UUID, reached: bool, by: UUID, now: datetime) -> None:
    """Say that a goal is reached, or that it is open again. Raises NotFound."""
    goal = _goal(session, group_id, goal_id, by)
    if (goal.reached_at is not None) != reached:
        goal.reached_at = now if reached else None
        _changed(session, goal, "goal reached" if reached else "goal open again", by, now)


def remove(session: Session, *, group_id: UUID, goal_id: UUID, by: UUID, now: datetime) -> None:
    """Take a goal away; it can be put back. Raises NotFound."""
    goal = _goal(session, group_id, goal_id, by)
    if goal.removed_at is None:
        goal.removed_at = now
        _changed(session, goal, "goal removed", by, now)


def put_back(session: Session, *, group_id: UUID, goal_id: UUID, by: UUID, now: datetime) -> None:
    """Undo `remove`. Raises NotFound."""
    goal = _goal(session, group_id, goal_id, by)
    if goal.removed_at is not None:
        goal.removed_at = None
        _changed(session, goal, "goal put back", by, now)


def add_step(session: Session, *, group_id: UUID, goal_id: UUID, text: str, by: UUID, now: datetime) -> None:
    """A new last step. Raises NotFound, and WrongState beyond 30 steps."""
    goal = _goal(session, group_id, goal_id, by)
    one_at_a_time(session, f"steps {goal_id}")
    places = list(session.scalars(select(GoalStep.place).where(GoalStep.goal_id == goal_id)))
    if sum(place > 0 for place in places) >= MOST_STEPS:
        raise WrongState(
            say(
                "This goal has {most} steps already, and nothing was added. Remove one first.",
                most=MOST_STEPS,
            )
        )
    last = max((abs(place) for place in places), default=0)
    session.add(GoalStep(goal_id=goal_id, place=last + 1, text=text))
    _changed(session, goal, "step added", by, now)


def tick(session: Session, *, group_id: UUID, step_id: UUID, done: bool, by: UUID, now: datetime) -> None:
    """A step is done, or open again; saying so twice changes nothing. Raises NotFound."""
    step, goal = _step(session, group_id, step_id, by)
    if (step.done_at is not None) != done:
        step.done_at, step.done_by = (now, by) if done else (None, None)
        _changed(session, goal, "step done" if done else "step open again", by, now)


def keep_step(
    session: Session, *, group_id: UUID, step_id: UUID, kept: bool, by: UUID, now: datetime
) -> None:
    """Take a step away, or put it back to its place. Raises NotFound.

    A step taken away keeps its place as a negative number, so that nobody else takes it.
    """
    step, goal = _step(session, group_id, step_id, by)
    if (step.place > 0) != kept:
        step.place = -step.place
        _changed(session, goal, "step put back" if kept else "step removed", by, now)


def _group(session: Session, group_id: UUID, person_id: UUID) -> GroupId:
    group = group_of(session, group_id, person_id)
    if group is None:
        raise NotFound(say("There is no such pair or circle."))
    return group


def _goal(session: Session, group_id: UUID, goal_id: UUID, by: UUID) -> GoalRow:
    goal = session.get(GoalRow, goal_id, with_for_update=True, populate_existing=True)
    if (
        goal is None
        or group_id not in (goal.pair_id, goal.circle_id)
        or group_of(session, group_id, by) is None
    ):
        raise NotFound(NONE)
    return goal


def _step(session: Session, group_id: UUID, step_id: UUID, by: UUID) -> tuple[GoalStep, GoalRow]:
    step = session.get(GoalStep, step_id, with_for_update=True, populate_existing=True)
    if step is None:
        raise NotFound(NONE)
    return step, _goal(session, group_id, step.goal_id, by)


def _changed(session: Session, goal: GoalRow, act: str, by: UUID, now: datetime) -> None:
    goal.version += 1
    session.flush()
    audit.append(session, act=act, about=goal.id, by=by, now=now)
