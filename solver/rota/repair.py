"""The rota after somebody left or joined: sessions already held stay as they were, the rest changes least."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from solver.rota.assign import solve_group
from solver.rota.problem import Duties, GroupRota, Ints, RotaProblem, RotaTerms, group_problem, presence

CHANGE = 1_000
OPEN = 100_000
"""In a repair a change of hands outweighs evenness, and an open duty outweighs every change."""


@dataclass(frozen=True, kw_only=True)
class RotaRepair:
    """The rota as it is now. duties: all sessions; past ones may name people who have left.
    changed: (session, duty) of every standing duty that changed hands; proved: no fewer could."""

    rota: GroupRota
    changed: tuple[tuple[int, int], ...]
    proved: bool


def repair_rota(
    terms: RotaTerms,
    before: GroupRota,
    members: tuple[int, ...],
    held: int,
    remaining: Callable[[], float],
    *,
    most: Ints | None = None,
) -> RotaRepair:
    """Duties for `members` from session `held` on; sessions 0..held-1 have taken place. most (members,): the
    most duties each may hold in those, None for no limit.

    What each did so far counts into their load; who joins starts with the load of the others, rounded down,
    so that nobody has to catch up on sessions before their time.
    """
    rest = replace(_rest(terms, before, members, held), most=most)
    if rest.sessions == 0:
        return RotaRepair(rota=GroupRota(members=members, duties=before.duties), changed=(), proved=True)
    answer = solve_group(rest, remaining)
    people = (*members, -1)
    later = tuple(tuple(people[i] for i in row) for row in answer.duties)
    changed = tuple(
        (held + at, duty)
        for at, (olds, news) in enumerate(zip(before.duties[held:], later, strict=True))
        for duty, (old, new) in enumerate(zip(olds, news, strict=True))
        if old != new
    )
    duties = (*before.duties[:held], *later)
    return RotaRepair(rota=GroupRota(members=members, duties=duties), changed=changed, proved=answer.proved)


def _rest(terms: RotaTerms, before: GroupRota, members: tuple[int, ...], held: int) -> RotaProblem:
    whole = group_problem(terms, presence(terms), members)
    duties = len(before.duties[0])
    place = {person: at for at, person in enumerate(members)}
    standing = tuple(tuple(place.get(person, -1) for person in row) for row in before.duties[held:])
    return replace(
        whole,
        present=whole.present[:, held:],
        willing=whole.willing[:, :duties],
        balance=_balance(whole.balance, before, members, held),
        weights=replace(terms.weights, change=CHANGE, open=OPEN),
        standing=_possible(whole, standing, held),
        begun=held > 0,
    )


def _balance(carried: Ints, before: GroupRota, members: tuple[int, ...], held: int) -> Ints:
    done = [person for row in before.duties[:held] for person in row]
    load = carried + np.array([done.count(person) for person in members], np.int64)
    old = np.isin(members, before.members)
    if old.any() and not old.all():
        load[~old] = int(load[old].sum()) // int(old.sum())
    return load


def _possible(whole: RotaProblem, standing: Duties, held: int) -> Duties:
    """Standing duties whose holder is still there, comes and is willing; the others stand no more."""
    return tuple(
        tuple(
            member if member >= 0 and whole.present[member, held + at] and whole.willing[member, duty] else -1
            for duty, member in enumerate(row)
        )
        for at, row in enumerate(standing)
    )
