"""A repair recounted in plain arithmetic: what may not change did not, and the rules hold for the rest.

Nothing here, and nothing it uses, can solve anything: docs/model.md, section 4.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from solver.caps import pairing_within
from solver.checks.circles import circles_breaches, recount
from solver.checks.pairing import pairing_breaches
from solver.checks.rota import holders
from solver.checks.verdict import Breach
from solver.circles.problem import CirclesPlan
from solver.repair.problem import CircleNow, RepairPlan, RepairProblem, fitted
from solver.rota.problem import GroupRota, RotaTerms


def repair_breaches(given: RepairProblem, plan: RepairPlan) -> Iterator[Breach]:
    """Everything about the repair that is not as the question asks."""
    pairing = pairing_within(given.problem)
    if (pairing is None) != (plan.pairing is None):
        yield Breach("part", 0, int(plan.pairing is not None), int(pairing is not None))
        return
    if pairing is not None and plan.pairing is not None:
        yield from pairing_breaches(pairing, plan.pairing)
    yield from _circles(given, plan)
    yield from _continued(given, plan)
    if given.problem.rota is not None:
        yield from _duties(given, plan, given.problem.rota)
    yield from _loads(given, plan)


def _circles(given: RepairProblem, plan: RepairPlan) -> Iterator[Breach]:
    """(4.1) The circles keep every rule of circles; only their least size may be smaller, as asked."""
    problem = given.problem.circles
    if problem is None:
        if plan.circles:
            yield Breach("part", 1, len(plan.circles), 0)
        return
    if plan.smallest not in (problem.smallest, min(problem.smallest, given.shrunk)):
        yield Breach("repair_smallest", 0, plan.smallest, problem.smallest)
        return
    place = {person: at for at, person in enumerate(problem.people.tolist())}
    strangers = [person for now in plan.circles for person in now.members if person not in place]
    for person in strangers:
        yield Breach("repair_stranger", person, 1, 0)
    if strangers:
        return
    sized = replace(problem, smallest=plan.smallest)
    seats = CirclesPlan(
        groups=tuple(tuple(sorted(place[person] for person in now.members)) for now in plan.circles),
        slot=tuple(now.slot for now in plan.circles),
        unplaced=plan.unplaced,
        objective=0,
        bound=0,
        proved=True,
    )
    cost = recount(sized, seats)
    yield from circles_breaches(sized, replace(seats, objective=cost, bound=cost))


def _continued(given: RepairProblem, plan: RepairPlan) -> Iterator[Breach]:
    """(4.2) Each standing circle goes on once at most, and its sessions held are as they stood."""
    count = Counter(now.stands for now in plan.circles if now.stands != -1)
    for stands, times in count.items():
        if times > 1 or not 0 <= stands < len(given.circles):
            yield Breach("repair_continues", stands, times, 1)
            return
    for at, now in enumerate(plan.circles):
        if now.stands == -1:
            continue
        before = given.circles[now.stands]
        columns = len(now.duties[0]) if now.duties else 0
        stood = fitted(before.duties, len(now.duties), columns)[: before.held]
        if now.duties[: before.held] != stood:
            yield Breach("repair_held", at, before.held, 0)
        if set(now.members) == set(before.members) and now.slot != before.slot:
            yield Breach("repair_slot", at, now.slot, before.slot)


def _duties(given: RepairProblem, plan: RepairPlan, terms: RotaTerms) -> Iterator[Breach]:
    """(4.3) In sessions to come only members hold duties, who come, are willing, and hold one a session."""
    absent = {(int(person), int(session)) for person, session in terms.absent}
    for at, now in enumerate(plan.circles):
        held = held_of(given, now)
        ahead = tuple(row if session >= held else (-1,) * len(row) for session, row in enumerate(now.duties))
        yield from holders(terms, at, GroupRota(members=now.members, duties=ahead), absent)
    for at, turns in enumerate(plan.turns):
        yield from holders(terms, len(plan.circles) + at, turns, absent)


def _loads(given: RepairProblem, plan: RepairPlan) -> Iterator[Breach]:
    """(4.4) Nobody takes on more beyond what they have left; who has too much takes on nothing more."""
    gained: Counter[int] = Counter()
    pairing = given.problem.pairing
    if pairing is not None and plan.pairing is not None:
        for mentee, mentor in plan.pairing.pairs.tolist():
            gained.update((int(pairing.mentee_people[mentee]), int(pairing.mentor_people[mentor])))
    for now in plan.circles:
        gained.update(now.members)
        gained.update(person for row in now.duties[held_of(given, now) :] for person in row)
    for turns in plan.turns:
        gained.update(person for row in turns.duties for person in row)
    for before in given.circles:
        gained.subtract(before.members)
        gained.subtract(person for row in before.duties[before.held :] for person in row)
    for person, more in gained.items():
        if person >= 0 and more > max(0, int(given.left[person])):
            yield Breach("load_cap", person, more, int(given.left[person]))


def held_of(given: RepairProblem, now: CircleNow) -> int:
    """How many sessions of this circle are past: those of the circle it continues, or all that have begun."""
    return given.begun if now.stands == -1 else given.circles[now.stands].held
