"""A run as it is queued: under which policy, and with which changes by hand. One way for the first and any
other."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.policy.policy import Policy
from matcher.problem.changes import changes_in, settle_in_policy, standing_rows, stored_change
from matcher.services import audit
from matcher.services.programme.programmes import set_policy
from matcher.store.organiser_tables import ManualChange
from matcher.store.rows import present_policy
from matcher.store.tables import Cycle, SolveRun


def queue_run(
    session: Session,
    cycle: Cycle,
    snapshot_id: UUID,
    *,
    by: UUID | None,
    now: datetime,
    policy: Policy | None = None,
) -> SolveRun:
    """A queued run of the snapshot with every change made by hand that is not undone.

    policy: a new one; None: the present one. Then a weight or rule changed by hand becomes a version of it,
    once; from then on the policy says it.
    """
    standing = standing_rows(session, cycle.id)
    by_hand = policy is None
    if by_hand:
        policy = _changed_by_hand(session, cycle.programme_id, standing)
    if policy is not None:
        set_policy(session, programme_id=cycle.programme_id, policy=policy, by=by, now=now)
    used = present_policy(session, cycle.programme_id)
    run = SolveRun(
        cycle_id=cycle.id,
        snapshot_id=snapshot_id,
        policy_version_id=used.id,
        seed=used.data["seed"],
        changes={"changes": [stored_change(one) for one in standing]} if standing else {},
        queued_at=now,
        queued_by=by,
    )
    session.add(run)
    session.flush()
    if by_hand:
        settle_in_policy(standing, used.number)
    told = {"policy": used.number, "changes": [one.number for one in standing]}
    audit.append(session, act="run queued", about=run.id, by=by, now=now, payload=told)
    return run


def _changed_by_hand(session: Session, programme_id: UUID, standing: list[ManualChange]) -> Policy | None:
    """The present policy with the weights and rules changed by hand since it was made; None if none is."""
    present = Policy.from_data(present_policy(session, programme_id).data)
    changed = changes_in(standing, policy=None).policy(present)
    return None if changed == present else changed
