"""Simple rotas without a proof of their own: a cyclic shift, and taking turns session by session."""

import numpy as np

from solver.rota.cost import NOBODY
from solver.rota.problem import Duties, Flags, Ints, RotaProblem


def clean(problem: RotaProblem) -> bool:
    """Everybody comes, nobody has opted out, and there are as many members as duties."""
    return bool(problem.present.all() and problem.willing.all() and problem.members >= problem.duties)


def cyclic_rota(problem: RotaProblem) -> Duties:
    """The shift of a clean group: in session s, duty r falls to position s + r of the round.

    Whoever carries the highest balance takes the position with the fewest duties; an experienced member
    takes position 0 and so facilitates first.
    """
    members, sessions = problem.members, problem.sessions
    shift = (np.arange(sessions)[:, None] + np.arange(problem.duties)) % members
    held = np.bincount(shift.ravel(), minlength=members)
    order = np.argsort(problem.balance, kind="stable")
    at_position = np.zeros(members, np.int64)
    at_position[np.argsort(-held, kind="stable")] = order
    if problem.experienced.any():
        _put_first(problem, held, at_position)
    return tuple(tuple(int(person) for person in row) for row in at_position[shift])


def _put_first(problem: RotaProblem, held: Ints, at_position: Ints) -> None:
    experienced = np.flatnonzero(problem.experienced[at_position])
    nearest = experienced[np.argmin(np.abs(held[experienced] - held[0]))]
    at_position[[0, nearest]] = at_position[[nearest, 0]]


def taking_turns(problem: RotaProblem) -> Duties:
    """Session by session, the duties with the fewest candidates first; each goes to whoever held it least,
    did not hold it last time and has the lowest load, among those who may still hold one."""
    counts = np.zeros((problem.members, problem.duties), np.int64)
    table = np.full((problem.sessions, problem.duties), NOBODY, np.int64)
    for session in range(problem.sessions):
        free = problem.present[:, session] & may_hold(problem, counts.sum(1))
        for duty in np.argsort((problem.willing & free[:, None]).sum(0), kind="stable"):
            candidates = np.flatnonzero(free & problem.willing[:, duty])
            if len(candidates):
                new = ~problem.experienced & (session == 0 and duty == 0)
                again = np.arange(problem.members) == (table[session - 1, duty] if session else NOBODY)
                load = counts.sum(1) + problem.balance
                ranks = np.stack((load, counts[:, duty], again, new))[:, candidates]
                person = candidates[np.lexsort(ranks)[0]]
                table[session, duty] = person
                counts[person, duty] += 1
                free[person] = False
    return tuple(tuple(int(person) for person in row) for row in table)


def may_hold(problem: RotaProblem, held: Ints) -> Flags:
    """(m,): holds fewer duties than they may. held (m,)."""
    if problem.most is None:
        return np.ones(problem.members, bool)
    return np.asarray(held < problem.most)
