"""Keeping two peers apart: what it takes in the circles of a draft, known without a solver."""

from matcher.domain.matching.changes import Apart, Changes
from matcher.domain.people import Person
from matcher.problem.changes import kept_apart
from matcher.services.review.prices import DraftBasis, SeatExchange
from solver.circles.exchange import cheapest_exchange


def seats_of(base: DraftBasis, together: Changes, change: Apart) -> SeatExchange:
    """The cheapest exchange of seats that parts the two and keeps every rule, those by hand included."""
    number = next((at for at, some in base.groups.items() if set(change.couple) <= set(some)), None)
    if number is None:
        return SeatExchange()
    problem, index = base.circles(together.policy(base.policy))
    if problem is None:
        return SeatExchange()
    place = {index.peer(at): at for at in range(len(index.peers))}
    numbers = sorted(base.groups)
    groups = [tuple(place[one] for one in base.groups[at] if one in place) for at in numbers]
    first, second = (place[one] for one in change.couple)
    found = cheapest_exchange(kept_apart(problem, index, together.apart), groups, first, second)
    if found is None:
        return SeatExchange(together=number)

    def person(at: int) -> Person:
        return base.profiles[index.peer(at)].person

    return SeatExchange(
        together=number,
        mover=person(found.mover),
        target=numbers[found.target],
        other=person(found.other) if found.other >= 0 else None,
        touched=len(groups[found.source]) + len(groups[found.target]),
    )
