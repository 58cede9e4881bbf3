"""What if, where mentees may have several mentors or pairs should cross functions: the best of all plans."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.matching.changes import Change, Changes, Forbid, Pin, Places, Weight
from matcher.domain.people import Role
from matcher.domain.policy.policy import CriterionUse
from matcher.jobs.warm_solver import WarmSolver
from matcher.problem.changes import with_changes
from matcher.services.cycle import cycles
from matcher.services.review.what_if import WhatIf
from solver.files import load_problem
from tests.builders import NOON, a_cycle, a_policy, enrolled, solved
from tests.oracle import every_plan, every_plan_of_several, merit, merit_of_several

POLICY = a_policy(
    criteria=(CriterionUse(name="topics", weight=5), CriterionUse(name="cross_functional", weight=2)),
    line=900,
)


@pytest.fixture(scope="module")
def desk() -> Iterator[WhatIf]:
    warm = WarmSolver()
    yield WhatIf(warm, patience=60)
    warm.close()


def sign_up(session: Session, cycle: UUID, wanted: int) -> dict[str, UUID]:
    """Three mentors with two places each; of three mentees two ask for `wanted` of them."""
    offers = {"Ben": (("data",), "Sales"), "Dora": (("leadership",), "Legal"), "Eva": ((), "Sales")}
    seek = {"Ada": ("data", 1), "Bo": ("leadership", wanted), "Cleo": ("data", wanted)}
    ids = {
        name: enrolled(
            session,
            cycle,
            Role.MENTOR,
            name=name,
            capacity=2,
            topics_offered=topics,
            person={"function": function},
        )
        for name, (topics, function) in offers.items()
    }
    for name, (topic, mentors) in seek.items():
        ids[name] = enrolled(
            session,
            cycle,
            Role.MENTEE,
            name=name,
            topics_sought=(topic,),
            mentors_wanted=mentors,
            person={"function": "Sales"},
        )
    return ids


@pytest.mark.parametrize(
    ("wanted", "share", "kind"),
    [
        (2, 0, "pin"),
        (2, 0, "forbid"),
        (2, 0, "places"),
        (2, 0, "weight"),
        (2, 500, "forbid"),
        (1, 600, "pin"),
    ],
)
def test_the_price_is_that_of_the_best_of_all_plans(
    open_session: sessionmaker[Session], desk: WhatIf, wanted: int, share: int, kind: str
) -> None:
    policy = POLICY.replace(cross_share=share)
    with open_session.begin() as session:
        cycle = a_cycle(session, policy=policy)
        ids = sign_up(session, cycle, wanted)
        run = cycles.close(session, cycle_id=cycle, by=None, now=NOON)
    draft = solved(open_session, run)
    changes: dict[str, Change] = {
        "pin": Pin(couples=((ids["Bo"], ids["Eva"]),)),
        "forbid": Forbid(couple=(ids["Cleo"], ids["Dora"])),
        "places": Places(mentor=ids["Dora"], places=0),
        "weight": Weight(criterion="cross_functional", weight=9),
    }

    with open_session() as session:
        price = desk.what_if(session, draft, changes[kind])
        base, _ = desk.standing(session, draft)

    made = Changes(all=(changes[kind],))
    written, index = base.problem(made.policy(base.policy))
    problem = with_changes(load_problem(written), index, made).pairing
    assert problem is not None
    if wanted > 1:
        best = min(merit_of_several(problem, plan) for plan in every_plan_of_several(problem))
        placed, total = len(index.mentees) - best[0][0], -best[-1]
    else:
        one = min(merit(problem, plan) for plan in every_plan(problem))
        placed, total = len(index.mentees) - one[0], -one[-2]
    assert price is not None
    assert price.placed[1] == placed
    assert price.most >= total
    # On a machine that is very busy there may be no time for the proof; what is exact holds all the same.
    if price.proved:
        assert (price.total[1], price.most) == (total, total)
