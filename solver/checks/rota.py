"""The rota recounted group by group, in plain arithmetic: docs/model.md, section 3."""

from collections.abc import Iterator, Sequence

from solver.checks.verdict import Breach
from solver.rota.problem import GroupRota, RotaPlan, RotaTerms

Members = tuple[int, ...]


def rota_breaches(terms: RotaTerms, groups: Sequence[Members], plan: RotaPlan) -> Iterator[Breach]:
    """Everything that breaks the terms; groups: the members of each group that must have a rota."""
    if [rota.members for rota in plan.groups] != [tuple(members) for members in groups]:
        yield Breach("rota_groups", 0, len(plan.groups), len(groups))
        return
    absent = {(int(person), int(session)) for person, session in terms.absent}
    sound = True
    for at, rota in enumerate(plan.groups):
        for breach in (*shape(terms, at, rota), *holders(terms, at, rota, absent)):
            sound = False
            yield breach
    if sound and recount(terms, plan) != plan.cost:
        yield Breach("rota_cost", 0, plan.cost, recount(terms, plan))


def shape(terms: RotaTerms, at: int, rota: GroupRota) -> Iterator[Breach]:
    """(3.1) A holder or nobody for each duty of each session."""
    if len(rota.duties) != terms.sessions:
        yield Breach("rota_sessions", at, len(rota.duties), terms.sessions)
    duties = 1 if len(rota.members) <= 2 else min(terms.duties, len(rota.members))
    for row in rota.duties:
        if len(row) != duties:
            yield Breach("rota_duties", at, len(row), duties)


def holders(terms: RotaTerms, at: int, rota: GroupRota, absent: set[tuple[int, int]]) -> Iterator[Breach]:
    """(3.2) Only members hold duties, one each per session; nobody absent, nobody who has opted out."""
    for session, row in enumerate(rota.duties):
        held = [person for person in row if person != -1]
        if len(set(held)) < len(held):
            yield Breach("rota_two_duties", at, len(held), len(set(held)))
        for duty, person in enumerate(row):
            if person == -1:
                continue
            if person not in rota.members:
                yield Breach("rota_stranger", person, at, -1)
            elif (person, session) in absent:
                yield Breach("rota_absent", person, session, -1)
            elif not terms.willing[person, duty]:
                yield Breach("rota_opted_out", person, duty, -1)


def recount(terms: RotaTerms, plan: RotaPlan) -> int:
    """(3.3) The cost, added up one by one; a person's load counts what they hold in every group."""
    load = [int(balance) for balance in terms.balance]
    for rota in plan.groups:
        for row in rota.duties:
            for person in row:
                if person != -1:
                    load[person] += 1
    return sum(_group_cost(terms, rota, load) for rota in plan.groups)


def _group_cost(terms: RotaTerms, rota: GroupRota, load: list[int]) -> int:
    weights = terms.weights
    cost = weights.open * sum(row.count(-1) for row in rota.duties)
    first = rota.duties[0][0]
    cost += weights.first if first != -1 and not terms.experienced[first] else 0
    for before, after in zip(rota.duties, rota.duties[1:], strict=False):
        again = sum(one == other != -1 for one, other in zip(before, after, strict=True))
        cost += weights.running * again
    for duty in range(len(rota.duties[0])):
        column = [row[duty] for row in rota.duties]
        counts = [column.count(person) for person in rota.members if terms.willing[person, duty]]
        cost += weights.spread * max(0, max(counts) - min(counts) - 1) if counts else 0
    loads = [load[person] for person in rota.members]
    return cost + weights.load * (max(loads) - min(loads))
