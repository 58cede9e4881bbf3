"""Two peers kept apart by hand: what forbids saying so, how it is kept, and that it reaches the circles."""

from uuid import UUID

import pytest

from matcher.domain.errors import WrongState
from matcher.domain.facts import couple
from matcher.domain.matching.change_sentences import refusal, sentence
from matcher.domain.matching.changes import Apart, Changes, read_change
from matcher.domain.matching.snapshot import Member, Snapshot
from matcher.domain.people import Profile, Role
from matcher.domain.policy.policy import CircleFormat, Policy
from matcher.problem.changes import with_changes
from matcher.problem.encoding import encode
from matcher.services.review.changes import require_not_own
from tests.builders import a_policy, a_profile

CIRCLES = a_policy(circles=CircleFormat())
ANN, BEN, MO = (
    a_profile(role, person={"name": name})
    for role, name in ((Role.PEER, "Ann"), (Role.PEER, "Ben"), (Role.MENTOR, "Mo"))
)
SNAPSHOT = Snapshot(
    cycle=UUID(int=7),
    members=tuple(Member(ref=ref, profile=one) for ref, one in enumerate((ANN, BEN, MO), start=1)),
)


def apart(one: Profile, other: Profile) -> Apart:
    return Apart(couple=couple(one.id, other.id))


def refused(change: Apart, policy: Policy = CIRCLES, standing: Changes | None = None) -> str:
    return str(refusal(SNAPSHOT, policy, standing or Changes(), change) or "")


def test_only_peers_of_a_cycle_with_circles_are_kept_apart_and_once():
    both = apart(ANN, BEN)

    assert refused(both) == ""
    assert refused(both, standing=Changes(all=(both,))) == "This change is made already."
    assert refused(both, a_policy()) == "There are no circles in this cycle."
    assert refused(apart(ANN, MO)) == "Mo did not sign up for a circle in this cycle."


def test_it_is_kept_and_read_whichever_of_the_two_comes_first():
    both = apart(ANN, BEN)
    stored = both.to_data()

    assert read_change("forbid", stored) == both
    assert read_change("forbid", {"peers": stored["peers"][::-1]}) == both
    names = {one.id: one.person for one in (ANN, BEN)}
    assert {str(sentence(both, names))} <= {
        "Not in one circle: Ann and Ben.",
        "Not in one circle: Ben and Ann.",
    }


def test_nobody_is_kept_apart_by_themselves():
    with pytest.raises(WrongState, match="about your own match"):
        require_not_own(apart(ANN, BEN), BEN.id)


def test_the_next_run_never_seats_them_together():
    problem, index = encode(SNAPSHOT, CIRCLES)
    gone = a_profile(Role.PEER)

    changed = with_changes(problem, index, Changes(all=(apart(ANN, BEN), apart(ANN, gone))))

    assert problem.circles is not None
    assert changed.circles is not None
    assert len(problem.circles.hard) == 0
    assert {frozenset(index.peer(at) for at in row) for row in changed.circles.hard.tolist()} == {
        frozenset({ANN.id, BEN.id})
    }
