"""What is left to place becomes a repair file of integers; the answer becomes people again.

As in encoding.py: nobody's name, address or words go through.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np

from matcher.domain.during.current_plan import CurrentPlan, StandingCircle, Turn, left_to_place
from matcher.domain.facts import couple
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.policy.policy import Policy
from matcher.problem.encoding import DecodedPlan, Index, decode, encode
from solver.circles.problem import CirclesProblem
from solver.files import MatchingPlan, MatchingProblem
from solver.pairing.problem import PairingProblem
from solver.repair.problem import GONE, CircleNow, CurrentCircle, RepairPlan, RepairProblem
from solver.rota.problem import PAIR, Duties
from solver.settings import SolveSettings

UNLIMITED = 1 << 40


@dataclass(frozen=True, kw_only=True)
class CircleChange:
    """A circle after the repair. `id` None for a new one. turns: of the sessions to come, and only where the
    members or their duties changed; None: as they were."""

    id: UUID | None
    slot: int
    members: tuple[UUID, ...]
    turns: tuple[Turn, ...] | None


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """The repair in the words of the service. found: the new pairs, and who is left over and why.

    pair_turns: per new pair (mentor, mentee) who leads which session. ended: circles that go on no more.
    """

    found: DecodedPlan
    circles: tuple[CircleChange, ...]
    ended: tuple[UUID, ...]
    pair_turns: Mapping[tuple[UUID, UUID], tuple[Turn, ...]]


def encode_repair(
    snapshot: Snapshot, policy: Policy, standing: CurrentPlan, settings: SolveSettings
) -> tuple[RepairProblem, Index, Snapshot]:
    """The question, who stands where in it, and the people it is about with what they still have open."""
    left = left_to_place(snapshot, policy, standing)
    problem, index = encode(left, policy, settings)
    place = {member.id: at for at, member in enumerate(index.members)}
    problem = replace(problem, pairing=_without_parted(problem, index, standing))
    if problem.circles is not None:
        problem = replace(problem, circles=_as_told(problem.circles, place, standing))
    spare = _spare(snapshot, standing)
    return (
        RepairProblem(
            problem=problem,
            circles=tuple(_places(circle, place, policy) for circle in standing.circles),
            begun=min(standing.begun, policy.sessions),
            left=np.array([spare.get(member.id, UNLIMITED) for member in index.members], np.int64),
        ),
        index,
        left,
    )


def decode_repair(
    plan: RepairPlan, given: RepairProblem, index: Index, policy: Policy, standing: CurrentPlan
) -> Repaired:
    """The answer with people in place of places."""
    found = decode(MatchingPlan(pairing=plan.pairing), index)
    unplaced = tuple((index.peer(place), reason) for place, reason in plan.unplaced)
    continued = {now.stands for now in plan.circles}
    return Repaired(
        found=replace(found, unplaced=unplaced),
        circles=tuple(
            CircleChange(
                id=standing.circles[now.stands].id if now.stands >= 0 else None,
                slot=now.slot,
                members=tuple(sorted(index.members[person].id for person in now.members)),
                turns=_changed_turns(now, given, index, policy),
            )
            for now in plan.circles
        ),
        ended=tuple(one.id for at, one in enumerate(standing.circles) if at not in continued),
        pair_turns={
            (index.members[mentor].id, index.members[mentee].id): _turns(turns.duties, 0, index, policy)
            for turns in plan.turns
            for mentee, mentor in [turns.members]
        },
    )


def _without_parted(problem: MatchingProblem, index: Index, standing: CurrentPlan) -> PairingProblem | None:
    """Nobody who was a pair in this cycle becomes one again."""
    pairing = problem.pairing
    if pairing is None:
        return None
    mentees = {index.mentee(place): place for place in range(len(index.mentees))}
    mentors = {index.mentor(place): place for place in range(len(index.mentors))}
    before = {*standing.parted, *((pair.mentor, pair.mentee) for pair in standing.pairs)}
    rows = sorted(
        (mentees[mentee], mentors[mentor])
        for mentor, mentee in before
        if mentee in mentees and mentor in mentors
    )
    more = np.array(rows, np.int64).reshape(len(rows), 2)
    return pairing.replace(excluded=np.unique(np.concatenate([pairing.excluded, more]), axis=0))


def _as_told(problem: CirclesProblem, place: Mapping[UUID, int], standing: CurrentPlan) -> CirclesProblem:
    """Members of a circle can make its hour, whatever they said later; who left a circle meets none of it."""
    at = {int(person): peer for peer, person in enumerate(problem.people)}
    available = problem.available.copy()
    for circle in standing.circles:
        for member in circle.members:
            available[at[place[member]], circle.slot] = True
    rows = sorted(
        (at[place[one]], at[place[other]])
        for one, other in (couple(*both) for both in standing.apart)
        if place.get(one) in at and place.get(other) in at
    )
    apart = np.array(rows, np.int64).reshape(len(rows), 2)
    return replace(problem, available=available, hard=np.concatenate([problem.hard, apart]))


def _spare(snapshot: Snapshot, standing: CurrentPlan) -> dict[UUID, int]:
    """How much more each may take on beside what they hold."""
    loads = standing.loads()
    limits = ((member.id, member.profile.answers.most_load) for member in snapshot.members)
    spare = {person: most - loads[person] for person, most in limits if most is not None}
    # Somebody who takes a pause keeps what they have, and no duty goes to them.
    return spare | {person: min(0, spare.get(person, 0)) for person in standing.fixed}


def _places(circle: StandingCircle, place: Mapping[UUID, int], policy: Policy) -> CurrentCircle:
    members = tuple(sorted(place[member] for member in circle.members))
    number = {duty: at for at, duty in enumerate(policy.duties)}
    columns = 1 if len(members) <= PAIR else len(policy.duties)
    table = [[-1] * columns for _ in range(policy.sessions)]
    for session, duty, person in circle.turns:
        if number.get(duty, columns) < columns and session < policy.sessions:
            inside = person in circle.members
            table[session][number[duty]] = place[person] if inside else GONE
    duties: Duties = tuple(tuple(row) for row in table)
    return CurrentCircle(
        members=members, slot=circle.slot, held=min(circle.held, policy.sessions), duties=duties
    )


def _changed_turns(
    now: CircleNow, given: RepairProblem, index: Index, policy: Policy
) -> tuple[Turn, ...] | None:
    if now.stands == -1:
        return _turns(now.duties, given.begun, index, policy)
    before = given.circles[now.stands]
    same = now.duties == before.duties and set(now.members) == set(before.members)
    return None if same else _turns(now.duties, before.held, index, policy)


def _turns(duties: Duties, held: int, index: Index, policy: Policy) -> tuple[Turn, ...]:
    return tuple(
        (session, policy.duties[duty], index.members[person].id)
        for session, row in enumerate(duties)
        if session >= held
        for duty, person in enumerate(row)
        if person >= 0
    )
