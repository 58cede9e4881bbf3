"""What people carry into the next cycle: a credit for who came off badly, the balance of duties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say

UNPLACED, BELOW_LINE = 2, 1
MOST_BALANCE = 20


@dataclass(frozen=True, kw_only=True)
class Carried:
    """levels: 0..2, how much earlier somebody is placed next time. balance: duties held beyond the fair share
    of their circles and pairs, all cycles together, -20..20. sentence: why, for the person to read."""

    levels: int
    balance: int
    sentence: str = ""


def carried_on(
    policy: Policy,
    snapshot: Snapshot,
    *,
    pairs: Iterable[tuple[UUID, int]],
    groups: Iterable[tuple[Sequence[UUID], Iterable[UUID]]],
) -> dict[UUID, Carried]:
    """By person, for all who took part. `pairs`: mentee and points; `groups`: the members of each circle and
    each pair, and one entry a duty held."""
    best: dict[UUID, int] = {}
    for mentee, points in pairs:
        best[mentee] = max(points, best.get(mentee, 0))
    mentees = {one.id for one in snapshot.taking(Role.MENTEE, policy)} if policy.credits else set()
    change = beyond_share((dict.fromkeys(members, 1), duties) for members, duties in groups)
    return {
        one.id: Carried(
            levels=levels,
            balance=max(-MOST_BALANCE, min(MOST_BALANCE, one.balance + change.get(one.id, 0))),
            sentence=sentence,
        )
        for one in snapshot.members
        for levels, sentence in (_credit(policy, best.get(one.id)) if one.id in mentees else (0, ""),)
    }


def _credit(policy: Policy, points: int | None) -> tuple[int, str]:
    if points is None:
        return UNPLACED, say("There was no mentor for you, so you go first in the next cycle.")
    if points < policy.adequate:
        return BELOW_LINE, say("Your match was below the line, so you are placed earlier in the next cycle.")
    return 0, ""


def beyond_share(groups: Iterable[tuple[Mapping[UUID, int], Iterable[UUID]]]) -> dict[UUID, int]:
    """Duties each holds beyond the fair share, added up over their groups.

    Of each group: in how many sessions each person takes part, and one entry a duty held. Who takes part in
    half of the sessions has half a share, rounded down to whole duties.
    """
    change: dict[UUID, int] = {}
    for sessions, duties in groups:
        held: dict[UUID, int] = {}
        for person in duties:
            held[person] = held.get(person, 0) + 1
        duties_in_all, sessions_in_all = sum(held.values()), sum(sessions.values())
        for person, count in sessions.items():
            share = duties_in_all * count // sessions_in_all if sessions_in_all else 0
            change[person] = change.get(person, 0) + held.get(person, 0) - share
    return change
