"""What a draft says: who leads which session, what would place a peer, and a hash that new columns keep."""

from datetime import date
from uuid import UUID

import pytest

from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.problem.encoding import CircleFound, DecodedPlan, PairFound, encode
from matcher.services.matching.drafts import draft_hash, duty_rows, waiting_rows
from matcher.store.tables import DraftDuty
from solver.circles.fixes import Fix
from tests.builders import a_profile

WINTER, SUMMER = date(2026, 12, 9), date(2026, 7, 1)
"""Both are Wednesdays: the week they lie in counts."""
TUESDAY_NINE = 48 + 18


def told(fix: Fix, starts_on: date, zone: str = "Europe/Berlin") -> list[str]:
    """What a peer who is left over reads beyond the reason."""
    peer = a_profile(Role.PEER, person={"zone": zone})
    snapshot = Snapshot(cycle=UUID(int=1), members=(Member(ref=1, profile=peer),))
    found = DecodedPlan(
        circles=(CircleFound(members=(), slot=TUESDAY_NINE),),
        unplaced=((peer.id, "remainder"),),
        fixes=((peer.id, fix),),
    )
    (plain,) = waiting_rows(found, snapshot, Policy())
    (row,) = waiting_rows(found, snapshot, Policy(), starts_on)
    assert row["sentences"][: len(plain["sentences"])] == plain["sentences"]
    return [str(sentence) for sentence in row["sentences"][len(plain["sentences"]) :]]


@pytest.mark.parametrize(
    ("starts_on", "zone", "hour"),
    [
        (WINTER, "Europe/Berlin", "Tuesday at 10:00"),
        (SUMMER, "Europe/Berlin", "Tuesday at 11:00"),
        (WINTER, "Pacific/Kiritimati", "Tuesday at 23:00"),
        (SUMMER, "Pacific/Honolulu", "Monday at 23:00"),
    ],
)
def test_the_hour_that_would_place_a_peer_is_told_on_their_own_clock(
    starts_on: date, zone: str, hour: str
) -> None:
    assert told(Fix(kind="slot", circle=0, value=TUESDAY_NINE), starts_on, zone) == [
        f"One circle has a seat left. It meets on {hour}, your time: "
        "if you were free then, it would be yours."
    ]


def test_a_circle_one_larger_is_the_organisers_to_allow() -> None:
    assert told(Fix(kind="size", circle=0, value=7), WINTER) == [
        "A circle that meets when you are free is full. "
        "If the organisers let a circle have 7 people, there is a seat for you."
    ]


def test_that_a_rule_could_be_lifted_is_never_told() -> None:
    assert told(Fix(kind="pair", circle=0, value=3), WINTER) == []


def test_every_circle_and_every_pair_has_its_duties() -> None:
    ada, bob, eve = (UUID(int=number) for number in (1, 2, 3))
    found = DecodedPlan(
        circles=(CircleFound(members=(ada, bob, eve), slot=0, duties=((0, 0, ada), (0, 1, bob))),),
        pairs=(PairFound(mentor=ada, mentee=eve, points=9, duties=((0, 0, eve), (1, 0, ada))),),
    )

    rows = duty_rows(found, Policy(duties=("lead", "notes")))

    in_circle = {"circle": 1, "mentor_id": None, "mentee_id": None, "session": 0}
    in_pair = {"circle": None, "mentor_id": ada, "mentee_id": eve, "duty": "lead"}
    assert rows == [
        {**in_circle, "duty": "lead", "person_id": ada},
        {**in_circle, "duty": "notes", "person_id": bob},
        {**in_pair, "session": 0, "person_id": eve},
        {**in_pair, "session": 1, "person_id": ada},
    ]


def test_a_column_that_says_nothing_leaves_the_hash_as_it_was() -> None:
    row = {"circle": 1, "session": 0, "duty": "lead", "person_id": UUID(int=1)}

    assert draft_hash({DraftDuty: [{**row, "mentor_id": None}]}) == draft_hash({DraftDuty: [row]})


def test_whose_role_is_gone_is_told_so_and_is_in_no_problem() -> None:
    people = (a_profile(Role.MENTOR), a_profile(Role.MENTEE), a_profile(Role.PEER))
    members = tuple(Member(ref=ref, profile=one) for ref, one in enumerate(people))
    snapshot, policy = Snapshot(cycle=UUID(int=1), members=members), Policy(pairs=False)

    problem, index = encode(snapshot, policy)
    rows = waiting_rows(DecodedPlan(), snapshot, policy)

    assert (problem.pairing, index.mentees, index.mentors, index.peers) == (None, (), (), (2,))
    assert [(row["person_id"], row["role"], row["sentences"][0]) for row in rows] == [
        (one.id, role, f"You signed up as {role}. This programme has nobody in this role now.")
        for one, role in zip(people, ("mentor", "mentee"), strict=False)
    ]
