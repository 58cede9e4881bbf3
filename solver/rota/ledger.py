"""Duties changing hands during a cycle, and what everybody has done: the balance follows at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.rota.problem import GroupRota, Ints, RotaTerms

Turn = tuple[int, int]
"""(session, duty)."""


@dataclass(frozen=True, kw_only=True)
class LedgerEntry:
    """One person's line: the balance carried into the cycle, duties held in it, the balance carried on."""

    person: int
    carried: int
    held: int
    balance: int


def ledger(terms: RotaTerms, rotas: Sequence[GroupRota]) -> tuple[LedgerEntry, ...]:
    """A line for everybody who sits in a group, ascending.

    The balance carried on is what the person did, balance included, beyond the average of their groups,
    rounded towards zero; people in several groups are compared with all their companions.
    """
    held = np.zeros(len(terms.willing), np.int64)
    companions: dict[int, set[int]] = {}
    for rota in rotas:
        held += np.bincount([i for row in rota.duties for i in row if i >= 0], minlength=len(held))
        for person in rota.members:
            companions.setdefault(person, set()).update(rota.members)
    load: Ints = terms.balance + held
    return tuple(
        LedgerEntry(
            person=person,
            carried=int(terms.balance[person]),
            held=int(held[person]),
            balance=int(load[person] - load[sorted(circle)].mean()),
        )
        for person, circle in sorted(companions.items())
    )


def substitutes(terms: RotaTerms, rota: GroupRota, turn: Turn) -> tuple[int, ...]:
    """Who may take over this duty of a session: present, willing and free in it; lowest load first."""
    session, duty = turn
    away = {int(person) for person, when in terms.absent if when == session}
    busy = set(rota.duties[session])
    free = [
        person
        for person in rota.members
        if person not in away and person not in busy and terms.willing[person, duty]
    ]
    held = [person for row in rota.duties for person in row]
    return tuple(sorted(free, key=lambda person: (held.count(person) + int(terms.balance[person]), person)))
