"""Several runs in one go: the same answers under different versions of the policy, each with a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, Problem
from matcher.domain.sentences import say
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.store.tables import PolicyVersion, SolveRun

MOST_AT_ONCE = 6
LONGEST_LABEL = 60


@dataclass(frozen=True, kw_only=True)
class RunChoice:
    """A version of the policy to run, and what the draft is to be called; may be empty."""

    policy_id: UUID
    label: str = ""


def queue_each(
    session: Session, *, cycle_id: UUID, choices: Sequence[RunChoice], by: UUID | None, now: datetime
) -> tuple[UUID, ...]:
    """A run for each, in their order; their ids. Then ring. Raises Invalid, NotFound, and what queue does."""
    if not 1 <= len(choices) <= MOST_AT_ONCE:
        said = say("Choose one to {most} versions of the policy.", most=MOST_AT_ONCE)
        raise Invalid((Problem(pointer="/policy", sentence=said),))
    programme_id = cycles.of(session, cycle_id).programme_id
    queued = []
    for choice in choices:
        version = session.get(PolicyVersion, choice.policy_id)
        if version is None or version.programme_id != programme_id:
            raise NotFound(say("There is no such policy."))
        run_id = runs.queue(session, cycle_id=cycle_id, by=by, now=now)
        run = session.get_one(SolveRun, run_id)
        run.policy_version_id, run.seed = version.id, version.data["seed"]
        run.label = choice.label.strip()[:LONGEST_LABEL]
        queued.append(run_id)
    session.flush()
    return tuple(queued)


def again(session: Session, run_id: UUID, *, by: UUID | None, now: datetime) -> UUID:
    """The same policy and name once more; the new run's id. Raises NotFound, and what queue does."""
    run = session.get(SolveRun, run_id)
    if run is None:
        raise NotFound(say("There is no such run."))
    choice = RunChoice(policy_id=run.policy_version_id, label=run.label)
    return queue_each(session, cycle_id=run.cycle_id, choices=[choice], by=by, now=now)[0]
