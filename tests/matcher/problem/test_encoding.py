"""Both forms of every rule and criterion agree; the problem file holds numbers only; plans find home."""

import json
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from matcher.domain.matching.explain import why
from matcher.domain.matching.snapshot import Snapshot
from matcher.domain.people import Role
from matcher.domain.policy.criteria import CRITERIA
from matcher.domain.policy.policy import CriterionUse, Policy, RuleUse
from matcher.domain.policy.rules import RULES, broken
from matcher.problem import compiling
from matcher.problem.encoding import Index, compile_pairs, decode, encode
from matcher.services.matching.drafts import waiting_rows
from solver.check import check
from solver.files import MatchingPlan, dump_plan, dump_problem, load_problem
from solver.pairing.problem import PairingPlan, PairingProblem
from solver.pairing.scoring import ColumnUtilities, terms
from solver.run import solve
from solver.settings import SolveSettings, silent, unhurried
from tests.builders import a_policy
from tests.crowd import a_crowd

PARAMS: dict[str, dict[str, object]] = {
    "shared_hours": {"least": 45},
    "shared_session": {"minutes": 90},
    "grade_gap": {"lowest": -1, "highest": 2},
    "no_repeat": {"cycles": 2},
}
CRITERION_PARAMS: dict[str, dict[str, object]] = {
    "grade_gap": {"table": {-1: 130, 1: 777, 3: 1000}},
    "shared_hours": {"most": 210},
    "languages": {"most": 3},
}


def all_pairs(snapshot: Snapshot, policy: Policy) -> tuple[PairingProblem, Index]:
    problem, index = encode(snapshot, policy)
    assert problem.pairing is not None
    return problem.pairing, index


def allowed(problem: PairingProblem) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """(E, M): what the compiled rules allow."""
    block = ColumnUtilities(problem).block(0, problem.mentees) >= 0
    block[problem.excluded[:, 0], problem.excluded[:, 1]] = False
    return np.asarray(block)


def test_every_rule_and_criterion_has_both_forms() -> None:
    assert set(compiling.RULES) == set(RULES)
    assert set(compiling.CRITERIA) == set(CRITERIA)


@pytest.mark.parametrize("name", sorted(RULES))
def test_rule_agrees_with_its_compiled_form(name: str) -> None:
    policy = a_policy(
        rules=[RuleUse(name=one, params=PARAMS.get(one, {})) for one in dict.fromkeys((name, "same_person"))]
    )
    kept = forbidden = 0

    for seed in range(12):
        snapshot = a_crowd(seed)
        facts, profiles = snapshot.facts(), {one.id: one.profile for one in snapshot.members}
        problem, index = all_pairs(snapshot, policy)
        compiled = allowed(problem)
        for mentee in range(problem.mentees):
            for mentor in range(problem.mentors):
                pair = profiles[index.mentor(mentor)], profiles[index.mentee(mentee)]
                assert bool(compiled[mentee, mentor]) == (not broken(policy.rules, *pair, facts)), (
                    seed,
                    pair,
                )
        kept, forbidden = kept + int(compiled.sum()), forbidden + int((~compiled).sum())

    assert kept > 20
    assert forbidden > 20


@pytest.mark.parametrize("name", sorted(CRITERIA))
def test_criterion_agrees_with_its_compiled_form(name: str) -> None:
    use = CriterionUse(name=name, weight=3, params=CRITERION_PARAMS.get(name, {}))
    policy = a_policy(
        criteria=[use, CriterionUse(name="same_site", weight=4)] if name != "same_site" else [use]
    )
    seen = set()

    for seed in range(12):
        snapshot = a_crowd(seed)
        facts, profiles = snapshot.facts(), {one.id: one.profile for one in snapshot.members}
        problem, index = all_pairs(snapshot, policy)
        for mentee in range(problem.mentees):
            for mentor in range(problem.mentors):
                pair = profiles[index.mentor(mentor)], profiles[index.mentee(mentee)]
                said = tuple(reason.points for reason in why(policy, *pair, facts))
                assert said == terms(problem, mentee, mentor), (seed, pair)
                seen.add(said[0])

    assert len(seen) > 1


def test_points_people_read_are_the_utility_the_solver_used() -> None:
    policy = a_policy(
        criteria=[
            CriterionUse(name=name, weight=weight, params=CRITERION_PARAMS.get(name, {}))
            for weight, name in enumerate(sorted(CRITERIA), start=1)
        ]
    )
    snapshot = a_crowd(7, people=60)
    profiles = {one.id: one.profile for one in snapshot.members}
    problem, index = encode(snapshot, policy)

    found = decode(solve(problem, remaining=unhurried, report=silent), index)

    assert len(found.pairs) > 10
    facts = snapshot.facts()
    for pair in found.pairs:
        reasons = why(policy, profiles[pair.mentor], profiles[pair.mentee], facts)
        assert sum(reason.points for reason in reasons) == pair.points


def test_problem_file_holds_numbers_only() -> None:
    snapshot = a_crowd(3, people=60)
    problem, _ = encode(snapshot, Policy())
    written = dump_problem(problem).decode()

    personal = {
        word.casefold()
        for one in snapshot.members
        for said in (
            one.profile.person.name,
            one.profile.person.email,
            one.profile.person.function,
            one.profile.person.site,
            one.profile.answers.goals,
            str(one.profile.id),
            *one.profile.person.languages,
            *one.profile.answers.topics_sought,
            *one.profile.answers.topics_offered,
            *one.profile.answers.characteristics,
        )
        for word in re.findall(r"[^\s.@]{4,}", said)
    }

    assert len(personal) > 100
    assert [word for word in sorted(personal) if word in written.casefold()] == []
    assert set(words_in(json.loads(written))) <= {
        "evenhand-problem",
        "evenhand-plan",
        "circle",
        "pair",
        *KINDS,
    }


KINDS = {
    "same", "differ", "overlap", "gap", "coverage", "any", "wish", "fair", "",
    "function", "language", "topic", "hour", "start", "grade", "grade_wish", "site",
}  # fmt: skip


def words_in(value: object) -> list[str]:
    """Every text in a JSON value that is not a key."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [word for inner in value.values() for word in words_in(inner)]
    return [word for inner in value for word in words_in(inner)] if isinstance(value, list) else []


def test_stored_problem_replays_to_the_same_plan() -> None:
    problem, _ = encode(a_crowd(5, people=60), Policy(), SolveSettings(seed=11))
    written = dump_problem(problem)

    plans = [dump_plan(solve(load_problem(written), remaining=unhurried, report=silent)) for _ in range(2)]

    assert plans[0] == plans[1]
    assert check(load_problem(written), solve(problem, remaining=unhurried, report=silent)).breaches == ()


def test_people_in_another_order_give_the_same_problem() -> None:
    snapshot = a_crowd(5)
    turned = Snapshot(
        cycle=snapshot.cycle,
        members=snapshot.members[::-1],
        met=dict(reversed(list(snapshot.met.items()))),
        sat=snapshot.sat,
        managers=snapshot.managers,
    )

    assert dump_problem(encode(snapshot, Policy())[0]) == dump_problem(encode(turned, Policy())[0])
    assert snapshot.to_data() == turned.to_data()
    assert Snapshot.from_data(snapshot.to_data()) == snapshot


def test_mentors_without_a_place_are_not_asked() -> None:
    snapshot = a_crowd(2)
    _, index = encode(snapshot, a_policy())

    idle = {one.id for one in snapshot.members if one.has(Role.MENTOR) and not one.profile.answers.capacity}
    assert idle
    assert not idle & {index.mentor(place) for place in range(len(index.mentors))}


def test_credits_count_only_if_the_policy_says_so() -> None:
    snapshot = a_crowd(2)
    with_credits, _ = all_pairs(snapshot, a_policy(credits=True))
    without, _ = all_pairs(snapshot, a_policy(credits=False))

    assert with_credits.credits.max() == 2
    assert without.credits.max() == 0


def test_nobody_sits_with_whom_they_sat_lately_or_may_not_meet() -> None:
    snapshot = a_crowd(4, people=60)
    problem, index = encode(snapshot, Policy())
    assert problem.circles is not None
    peers = [index.peer(place) for place in range(len(index.peers))]
    hard = {frozenset((peers[first], peers[second])) for first, second in problem.circles.hard.tolist()}
    facts = snapshot.facts()

    lately = {frozenset(both) for both, ago in snapshot.sat.items() if ago <= 4 and set(both) <= set(peers)}
    blocked = {frozenset(both) for both in facts.blocked if set(both) <= set(peers)}
    assert lately
    assert blocked
    assert lately | blocked <= hard


def test_rules_keep_their_names_in_the_problem() -> None:
    policy = Policy()
    snapshot = a_crowd(1)
    compiled = compile_pairs(snapshot.members, policy, snapshot.facts())

    assert compiled.rule_names == ["shared_language", "shared_session"]
    assert len(compiled.rules) == 2


def test_plan_without_pairs_is_decoded() -> None:
    snapshot = a_crowd(2)
    problem, index = encode(snapshot, a_policy())
    assert problem.pairing is not None
    nobody = PairingPlan(
        pairs=np.zeros((0, 2), np.int64),
        utility=np.zeros(0, np.int64),
        levels=(problem.pairing.mentees,),
        total=0,
        bound=0,
        proved=False,
    )

    found = decode(MatchingPlan(pairing=nobody), index)

    assert found.pairs == ()
    assert [person for person, _ in found.waiting] == [index.mentee(e) for e in range(len(index.mentees))]


def test_settings_of_the_solve_are_in_the_file() -> None:
    settings = SolveSettings(seed=9, effort=70, seconds=7.0, workers=1)

    problem, _ = encode(a_crowd(2), a_policy(), settings)

    assert load_problem(dump_problem(problem)).settings == settings


def limited(snapshot: Snapshot, most_load: int) -> Snapshot:
    """The same people, each with this limit on all they take on."""
    members = tuple(
        replace(one, profile=replace(one.profile, answers=replace(one.profile.answers, most_load=most_load)))
        for one in snapshot.members
    )
    return replace(snapshot, members=members)


def test_limits_are_in_the_problem_only_when_somebody_has_one() -> None:
    snapshot = a_crowd(2)
    first, *others = snapshot.members
    said = replace(first, profile=replace(first.profile, answers=replace(first.profile.answers, most_load=4)))

    free, _ = encode(snapshot, Policy())
    problem, index = encode(replace(snapshot, members=(said, *others)), Policy())

    assert free.caps is None
    assert problem.caps is not None
    assert {index.members[place].id for place in np.flatnonzero(problem.caps != -1)} == {first.id}
    assert problem.caps.max() == 4


@pytest.mark.parametrize("most", [1, 2, 4])
def test_nobody_gets_more_than_they_said_they_could_take_on(most: int) -> None:
    snapshot = limited(a_crowd(6, people=60), most)
    problem, index = encode(snapshot, Policy(), SolveSettings(seed=2, workers=1))

    plan = solve(problem, remaining=unhurried, report=silent)
    found = decode(plan, index)

    assert check(problem, plan).breaches == ()
    load = Counter(person for pair in found.pairs for person in (pair.mentor, pair.mentee))
    load.update(person for circle in found.circles for person in circle.members)
    load.update(person for group in (*found.circles, *found.pairs) for _, _, person in group.duties)
    assert 0 < max(load.values()) <= most


def test_who_is_left_over_because_of_their_limit_reads_so() -> None:
    snapshot = limited(a_crowd(6, people=60), 1)
    policy = Policy()
    problem, index = encode(snapshot, policy, SolveSettings(seed=2, workers=1))
    found = decode(solve(problem, remaining=unhurried, report=silent), index)

    rows = waiting_rows(found, snapshot, policy)

    told = [(row["role"], row["person_id"]) for row in rows if FULL in row["sentences"]]
    peers = [person for person, why in found.unplaced if why == "full"]
    idle = [one.id for one in snapshot.members if one.has(Role.MENTOR) and one.profile.answers.capacity]
    both = {one.id for one in snapshot.members if one.has(Role.PEER) or one.has(Role.MENTEE)}
    assert peers
    assert sorted(told) == sorted(
        [("peer", person) for person in peers] + [("mentor", person) for person in idle if person in both]
    )


FULL = "You have taken on all you said you could."
