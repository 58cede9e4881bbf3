"""The rota of one group as a model for CP-SAT: for groups too large to list every sequence of holders."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from solver.rota.cost import NOBODY, rota_cost
from solver.rota.problem import Duties, RotaProblem

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

Terms = Sequence["cp_model.LinearExprT"]
Holders = dict[tuple[int, int, int], "cp_model.IntVar"]
"""holds[session, duty, member], only where the member comes and is willing."""


def modelled_rota(
    problem: RotaProblem, start: Duties, *, effort: float, seconds: float
) -> tuple[Duties, bool]:
    """The best rota found within `effort` (CP-SAT's deterministic seconds) and `seconds`, never worse than
    `start`; True when proved."""
    # Loading CP-SAT takes half a second and pulls in pandas; most runs never need it.
    from ortools.sat.python import cp_model  # noqa: PLC0415

    model = cp_model.CpModel()
    holds = _holders(model, problem)
    objective = [*_open(problem, holds), *_running(model, problem, holds)]
    objective += [*_spreads(model, problem, holds), *_loads(model, problem, holds)]
    model.minimize(sum(objective))
    for (session, duty, member), variable in holds.items():
        model.add_hint(variable, start[session][duty] == member)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return start, False
    duties = np.full((problem.sessions, problem.duties), NOBODY)
    for (session, duty, member), variable in holds.items():
        if solver.value(variable):
            duties[session, duty] = member
    found = tuple(tuple(int(member) for member in row) for row in duties)
    best = min(found, start, key=lambda duties: rota_cost(problem, duties))
    return best, status == cp_model.OPTIMAL


def _holders(model: "cp_model.CpModel", problem: RotaProblem) -> Holders:
    """Each duty of a session is held by at most one; nobody holds two in one session, or more than they
    may."""
    holds = {
        (session, duty, member): model.new_bool_var("")
        for session in range(problem.sessions)
        for duty in range(problem.duties)
        for member in range(problem.members)
        if problem.present[member, session] and problem.willing[member, duty]
    }
    for session in range(problem.sessions):
        for duty in range(problem.duties):
            model.add_at_most_one(v for (s, r, _), v in holds.items() if s == session and r == duty)
        for member in range(problem.members):
            model.add_at_most_one(v for (s, _, i), v in holds.items() if s == session and i == member)
    for member, most in enumerate(() if problem.most is None else problem.most.tolist()):
        own = [variable for (_, _, i), variable in holds.items() if i == member]
        if most < len(own):
            model.add(sum(own) <= max(0, most))
    return holds


def _open(problem: RotaProblem, holds: Holders) -> "Terms":
    """An open duty; a first facilitator without experience; a standing duty that changes hands."""
    weights = problem.weights
    turns = problem.sessions * problem.duties
    terms = [weights.open * (turns - sum(holds.values()))]
    terms += [
        weights.first * variable
        for (session, duty, member), variable in holds.items()
        if session == 0 and duty == 0 and not problem.begun and not problem.experienced[member]
    ]
    for session, row in enumerate(problem.standing or ()):
        for duty, member in enumerate(row):
            if member != NOBODY:
                terms.append(weights.change * (1 - holds.get((session, duty, member), 0)))
    return terms


def _running(model: "cp_model.CpModel", problem: RotaProblem, holds: Holders) -> "Terms":
    """The same duty twice running."""
    terms = []
    for (session, duty, member), variable in holds.items():
        after = holds.get((session + 1, duty, member))
        if after is not None:
            both = model.new_bool_var("")
            model.add(both >= variable + after - 1)
            terms.append(problem.weights.running * both)
    return terms


def _spreads(model: "cp_model.CpModel", problem: RotaProblem, holds: Holders) -> "Terms":
    """Per duty, the counts of those willing apart by more than one."""
    terms = []
    for duty in range(problem.duties):
        low, high, beyond = (model.new_int_var(0, problem.sessions, "") for _ in range(3))
        for member in map(int, np.flatnonzero(problem.willing[:, duty])):
            count = sum(v for (_, r, i), v in holds.items() if r == duty and i == member)
            model.add(low <= count)
            model.add(high >= count)
        model.add(beyond >= high - low - 1)
        terms.append(problem.weights.spread * beyond)
    return terms


def _loads(model: "cp_model.CpModel", problem: RotaProblem, holds: Holders) -> "Terms":
    """The highest load less the lowest, balance included."""
    least, most = int(problem.balance.min()), int(problem.balance.max())
    low, high = (model.new_int_var(least, most + problem.sessions * problem.duties, "") for _ in range(2))
    for member in range(problem.members):
        load = sum(v for (_, _, i), v in holds.items() if i == member) + int(problem.balance[member])
        model.add(low <= load)
        model.add(high >= load)
    return [problem.weights.load * (high - low)]
