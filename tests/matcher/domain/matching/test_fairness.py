"""The fairness report: true figures, small groups hidden, also by subtraction."""

from uuid import UUID

from matcher.domain.matching.credits import carried_on
from matcher.domain.matching.fairness import CLAIMS, LIFTED, fairness, fairness_from, groups
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Profile, Role
from matcher.domain.policy.policy import MODES
from tests.builders import a_policy, mentee


def mentees(**functions: int) -> list[Profile]:
    return [
        mentee(person={"id": UUID(int=hash_of(name, place)), "function": name})
        for name, number in functions.items()
        for place in range(number)
    ]


def hash_of(name: str, place: int) -> int:
    return sum(map(ord, name)) * 1000 + place


def test_report_in_one_line() -> None:
    asked = mentees(Engineering=4)
    mentor = UUID(int=1)
    pairs = [(mentor, asked[0].id, 9000), (mentor, asked[1].id, 5000), (UUID(int=2), asked[2].id, 100)]

    report = fairness(a_policy(), mentees=asked, pairs=pairs, levels=(1, 0, 3))

    assert report.line == "3 of 4 mentees placed: 1 very good, 1 adequate and 1 weak."
    assert (report.lowest, report.median, report.total, report.loads) == (100, 5000, 14100, ((1, 1), (2, 1)))
    assert "The busiest mentors have 2 mentees." in report.sentences
    assert fairness_from(report.to_data()) == report


def test_where_nobody_looked_for_a_mentor_it_says_so() -> None:
    assert fairness(a_policy(), mentees=(), pairs=()).line == "Nobody looked for a mentor."


def test_a_proof_claims_what_the_mode_aims_at() -> None:
    asked = mentees(Legal=1)
    pairs = [(UUID(int=1), asked[0].id, 9000)]

    told = {
        mode: fairness(a_policy(mode=mode), mentees=asked, pairs=pairs, proved=True).line for mode in MODES
    }

    placed = "1 of 1 mentees placed: 1 very good."
    assert told["fair"] == told["full"] == f"{placed} {LIFTED}"
    assert told["total"] == f"{placed} Proved: no plan that places as many has more points."
    assert set(told) == set(CLAIMS)


def test_nobody_placed_is_said() -> None:
    report = fairness(a_policy(), mentees=mentees(Legal=1), pairs=[])

    assert report.sentences == ("None of 1 mentee could be placed.",)


def test_group_that_is_behind_is_named() -> None:
    asked = mentees(Engineering=5, Legal=5)
    pairs = [(UUID(int=place), one.id, 9000) for place, one in enumerate(asked[:6])]

    assert fairness(a_policy(), mentees=asked, pairs=pairs).sentences[-1] == (
        "Legal has the fewest places: 1 of 5 found one."
    )


def test_small_groups_are_hidden() -> None:
    shown = groups(mentees(Engineering=9, Finance=6, Legal=2, Sales=3), set())

    assert [(group.name, group.mentees) for group in shown] == [("Engineering", 9), ("Finance", 6)]


def test_what_is_left_is_never_fewer_than_five() -> None:
    shown = groups(mentees(Engineering=9, Finance=6, Legal=2), set())

    assert [group.name for group in shown] == ["Engineering"]
    assert groups(mentees(Engineering=9, Legal=2), set()) == ()


def test_credits_go_to_who_came_off_badly() -> None:
    unplaced, low, well = mentees(Engineering=3)
    members = tuple(Member(ref=ref, profile=one) for ref, one in enumerate((unplaced, low, well)))
    snapshot = Snapshot(cycle=UUID(int=9), members=members)
    assert all(one.has(Role.MENTEE) for one in members)

    carried = carried_on(a_policy(), snapshot, pairs=[(low.id, 4499), (well.id, 4500)], groups=[])
    without = carried_on(a_policy(credits=False), snapshot, pairs=[], groups=[])

    assert [carried[one.id].levels for one in (unplaced, low, well)] == [2, 1, 0]
    assert {one.levels for one in without.values()} == {0}


def test_duties_beyond_the_fair_share_are_kept_in_mind() -> None:
    first, second = mentees(Engineering=2)
    members = (Member(ref=1, profile=first, balance=19), Member(ref=2, profile=second, balance=-3))
    snapshot = Snapshot(cycle=UUID(int=9), members=members)

    carried = carried_on(
        a_policy(), snapshot, pairs=[], groups=[((first.id, second.id), [first.id] * 5 + [second.id])]
    )

    assert (carried[first.id].balance, carried[second.id].balance) == (20, -5)


def test_the_balance_counts_every_circle_and_every_pair() -> None:
    first, second, third = mentees(Engineering=3)
    members = tuple(Member(ref=ref, profile=one) for ref, one in enumerate((first, second, third)))
    snapshot = Snapshot(cycle=UUID(int=9), members=members)
    circle = (first.id, second.id, third.id), [first.id, first.id, second.id]
    pair = (first.id, second.id), [first.id, first.id, first.id, second.id]

    carried = carried_on(a_policy(), snapshot, pairs=[], groups=[circle, pair])

    assert [carried[one.id].balance for one in (first, second, third)] == [2, -1, -1]
