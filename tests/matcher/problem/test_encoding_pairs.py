"""Who leads the sessions of pairs, how peers come into pairs and trios, and who decides between equals."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from uuid import UUID

import numpy as np
import pytest

from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Answers, Role, Week
from matcher.domain.policy.policy import CircleFormat, Policy, RuleUse
from matcher.problem.encoding import DecodedPlan, PairFound, decode, encode
from solver.check import check, rota_groups
from solver.circles.fixes import Fix
from solver.lots import places
from solver.rota.assign import assign_rota
from solver.run import solve
from solver.settings import SolveSettings, silent, unhurried
from tests.crowd import a_crowd

IN_PAIRS = CircleFormat(smallest=2, target=2, largest=3)


def found_in(snapshot: Snapshot, policy: Policy) -> DecodedPlan:
    """What a checked plan for these people comes to."""
    problem, index = encode(snapshot, policy, SolveSettings(seed=2, workers=1))
    plan = solve(problem, remaining=unhurried, report=silent)
    assert check(problem, plan).breaches == ()
    return decode(plan, index, problem)


def leads(pair: PairFound) -> list[UUID]:
    """Who leads each session of a pair, in order."""
    return [person for _, _, person in sorted(pair.duties)]


def test_mentor_and_mentee_lead_their_sessions_in_turn() -> None:
    policy = Policy(rules=(RuleUse(name="same_person"),))
    first, second = two_people()

    (pair,) = found_in(first_and_second(first, second), policy).pairs

    assert Counter(leads(pair)) == {first.id: 3, second.id: 3}
    assert all(one != other for one, other in pairwise(leads(pair)))
    assert {duty for _, duty, _ in pair.duties} == {0}


def test_who_led_more_before_does_not_lead_first() -> None:
    policy = Policy(rules=(RuleUse(name="same_person"),), sessions=5)

    for tired in (0, 1):
        people = [replace(one, balance=4 if place == tired else 0) for place, one in enumerate(two_people())]
        (pair,) = found_in(first_and_second(*people), policy).pairs

        assert leads(pair)[0] == people[1 - tired].id
        assert Counter(leads(pair))[people[tired].id] == 2


def test_who_will_not_lead_never_leads_a_pair() -> None:
    policy = Policy(rules=(RuleUse(name="same_person"),))
    first, second = two_people()
    shy = replace(second, profile=replace(second.profile, answers=declining(second, "Facilitator")))

    (pair,) = found_in(first_and_second(first, shy), policy).pairs

    assert leads(pair) == [first.id] * 6


def test_pairs_have_no_duties_where_the_policy_wants_none() -> None:
    found = found_in(a_crowd(6, people=60), Policy(pair_duties=False, circles=IN_PAIRS))

    assert found.pairs
    assert {pair.duties for pair in found.pairs} == {()}
    assert any(circle.duties for circle in found.circles)


def test_two_who_are_peers_and_mentor_and_mentee_have_two_rotas() -> None:
    policy = Policy(
        rules=(RuleUse(name="same_person"),),
        circles=CircleFormat(smallest=2, target=2, largest=3),
        sessions=3,
    )
    people = [
        replace(one, profile=replace(one.profile, answers=joining(one, Role.PEER))) for one in two_people()
    ]

    found = found_in(first_and_second(*people), policy)

    (pair,), (circle,) = found.pairs, found.circles
    assert set(circle.members) == {pair.mentor, pair.mentee}
    assert len(pair.duties) == len(circle.duties) == 3
    held = Counter(person for _, _, person in (*pair.duties, *circle.duties))
    assert sorted(held.values()) == [3, 3]


@pytest.mark.parametrize("people", [40, 41])
def test_peers_meet_in_pairs_and_one_trio_when_they_are_odd(people: int) -> None:
    snapshot = a_crowd(8, people=people)
    members = tuple(
        replace(one, profile=replace(one.profile, answers=joining(one, Role.PEER, only=True)))
        for one in snapshot.members
    )
    policy = Policy(circles=IN_PAIRS, rules=(RuleUse(name="same_person"),))

    found = found_in(replace(snapshot, members=members, sat={}), policy)

    trios = [circle for circle in found.circles if len(circle.members) == 3]
    assert found.unplaced == ()
    assert len(trios) == people % 2
    assert all(len(circle.duties) == (18 if circle in trios else 6) for circle in found.circles)


def test_who_is_one_too_many_is_told_what_would_place_them() -> None:
    snapshot = a_crowd(8, people=24)
    members = tuple(
        replace(one, profile=replace(one.profile, answers=joining(one, Role.PEER, only=True)))
        for one in snapshot.members[:5]
    )
    only_pairs = CircleFormat(smallest=2, target=2, largest=2)
    policy = Policy(circles=only_pairs, rules=(RuleUse(name="same_person"),))

    found = found_in(replace(snapshot, members=members, sat={}), policy)

    ((left, reason),) = found.unplaced
    assert (reason, found.fixes) == ("remainder", ((left, Fix(kind="size", circle=0, value=3)),))


def test_nobody_is_favoured_by_where_they_stand_in_the_file() -> None:
    """The same draw, whoever signed up first and whatever they are called."""
    problem, index = encode(a_crowd(5, people=60), Policy(), SolveSettings(seed=11, workers=1))
    found = decode(solve(problem, remaining=unhurried, report=silent), index)
    shuffled = np.random.default_rng(3).permutation(len(problem.people))
    assert problem.rota is not None
    rota = problem.rota
    groups = rota_groups(problem, solve(problem, remaining=unhurried, report=silent))
    place = np.argsort(shuffled)
    turned = replace(
        rota,
        willing=rota.willing[shuffled],
        experienced=rota.experienced[shuffled],
        balance=rota.balance[shuffled],
    )

    plan = assign_rota(
        turned,
        [tuple(sorted(place[list(members)].tolist())) for members in groups],
        problem.settings,
        unhurried,
        silent,
        lots=places(problem.people[shuffled], problem.settings.seed),
    )

    names = [index.members[at].id for at in shuffled]
    again = [
        [
            (session, duty, names[who])
            for session, row in enumerate(group.duties)
            for duty, who in enumerate(row)
            if who >= 0
        ]
        for group in plan.groups
    ]
    assert again == [list(group.duties) for group in (*found.circles, *found.pairs)]


def two_people() -> list[Member]:
    """A mentor and a mentee who are free at the same hours, experienced and willing."""
    crowd = a_crowd(3)
    week = Week(bits=(1 << 40) - 1)
    return [
        replace(
            one,
            balance=0,
            profile=replace(
                one.profile,
                answers=Answers(
                    roles=(role,),
                    capacity=1,
                    week=week,
                    topics_offered=("Data",),
                    topics_sought=("Data",),
                    experienced=True,
                ),
            ),
        )
        for one, role in zip(crowd.members[:2], (Role.MENTOR, Role.MENTEE), strict=True)
    ]


def first_and_second(*people: Member) -> Snapshot:
    return replace(a_crowd(3), members=tuple(people), met={}, sat={}, managers={})


def declining(one: Member, *duties: str) -> Answers:
    return replace(one.profile.answers, duties_declined=duties)


def joining(one: Member, role: Role, *, only: bool = False) -> Answers:
    answers = one.profile.answers
    week = Week(bits=(1 << 40) - 1)
    return replace(
        answers,
        roles=(role,) if only else (*answers.roles, role),
        week=week,
        duties_declined=(),
        most_load=None,
    )
