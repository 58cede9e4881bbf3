"""What if: prices by the real solver that stays, compared with every plan there is and with the next run."""

import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import Invalid, WrongState
from matcher.domain.matching.change_sentences import QUIET
from matcher.domain.matching.changes import Change, Forbid, Pin, Places, RuleSwitch, Weight
from matcher.domain.matching.explain import why
from matcher.domain.people import Role
from matcher.domain.policy.policy import CriterionUse, Policy
from matcher.domain.policy.rules import broken
from matcher.jobs.warm_solver import WarmSolver
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.matching import runs
from matcher.services.programme import programmes
from matcher.services.review import changes as review_changes
from matcher.services.review import draft_summary
from matcher.services.review.prices import ChangePrice
from matcher.services.review.what_if import WhatIf
from matcher.store import tables
from matcher.store.rows import present_policy
from matcher.store.types import canonical
from tests.builders import NOON, a_cycle, a_policy, a_programme, enrolled, solved, stored

POLICY = a_policy(
    rules=("same_person", "not_blocked", "shared_language"),
    criteria=(CriterionUse(name="topics", weight=5), CriterionUse(name="cross_functional", weight=2)),
    mode="total",
)


@dataclass(frozen=True, kw_only=True)
class Office:
    """Three mentors, four mentees, an organiser and one who is also a mentee; closed and matched once."""

    sessions: sessionmaker[Session]
    cycle: UUID
    draft: UUID
    ola: UUID
    ids: dict[str, UUID]

    def couple(self, mentee: str, mentor: str) -> tuple[UUID, UUID]:
        return self.ids[mentee], self.ids[mentor]


def sign_up(session: Session, cycle: UUID) -> dict[str, UUID]:
    """Ada may not meet Ben; Uli speaks no language of the others."""
    said = {
        "Ada": (("data",), "Sales"),
        "Bo": (("data", "leadership"), "Legal"),
        "Cleo": (("leadership",), "Legal"),
        "Ola": (("writing",), "Sales"),
    }
    offers = {"Ben": (("data",), "Sales"), "Dora": (("leadership", "writing"), "Legal"), "Eva": ((), "Art")}
    ids = {
        name: enrolled(
            session, cycle, Role.MENTOR, name=name, topics_offered=topics, person={"function": function}
        )
        for name, (topics, function) in offers.items()
    }
    for name, (topics, function) in said.items():
        blocked = {"not_with": (ids["Ben"],)} if name == "Ada" else {}
        ids[name] = enrolled(
            session,
            cycle,
            Role.MENTEE,
            name=name,
            topics_sought=topics,
            person={"function": function},
            **blocked,
        )
    ids["Uli"] = enrolled(
        session, cycle, Role.MENTOR, name="Uli", person={"languages": ("Finnish",), "function": "Art"}
    )
    return ids


@pytest.fixture
def office(open_session: sessionmaker[Session]) -> Office:
    with open_session.begin() as session:
        programme = a_programme(session, policy=POLICY)
        cycle = a_cycle(session, programme=programme)
        ids = sign_up(session, cycle)
        ola = ids["Ola"]
        nina = stored(session, "Nina Second")
        for person in (ola, nina):
            programmes.add_organiser(session, programme_id=programme, person_id=person, by=None, now=NOON)
        run = cycles.close(session, cycle_id=cycle, by=None, now=NOON)
    ids["Nina"] = nina
    return Office(sessions=open_session, cycle=cycle, draft=solved(open_session, run), ola=ola, ids=ids)


@pytest.fixture(scope="module")
def warm() -> Iterator[WarmSolver]:
    found = WarmSolver()
    yield found
    found.close()


@pytest.fixture
def desk(warm: WarmSolver) -> WhatIf:
    return WhatIf(warm, patience=30)


def price_of(desk: WhatIf, office: Office, change: Change) -> ChangePrice:
    with office.sessions() as session:
        price = desk.what_if(session, office.draft, change)
    assert price is not None
    return price


def applied(office: Office, change: Change, *, by: str = "Nina") -> int:
    with office.sessions.begin() as session:
        return review_changes.make(
            session,
            cycle_id=office.cycle,
            change=change,
            reason="They asked for it.",
            price={},
            by=office.ids[by],
            now=NOON,
        )


def best_of_all(
    desk: WhatIf, office: Office, policy: Policy, change: Change | None = None
) -> tuple[int, int]:
    """Placed and points of the best plan, found by trying every one."""
    with office.sessions() as session:
        base, _ = desk.standing(session, office.draft)
    mentees = [one for one in base.profiles.values() if Role.MENTEE in one.answers.roles]
    mentors = [one for one in base.profiles.values() if Role.MENTOR in one.answers.roles]
    room = {one.id: one.answers.capacity for one in mentors}
    if isinstance(change, Places):
        room[change.mentor] = change.places
    worth: dict[tuple[UUID, UUID], int] = {}
    for mentee, mentor in product(mentees, mentors):
        if not broken(policy.rules, mentor, mentee, base.facts):
            reasons = why(policy, mentor, mentee, base.facts)
            worth[mentee.id, mentor.id] = sum(reason.points for reason in reasons)
    if isinstance(change, Forbid):
        worth.pop(change.couple, None)
    pinned = dict(change.couples) if isinstance(change, Pin) else {}
    found = [(0, 0)]
    for plan in product([None, *(one.id for one in mentors)], repeat=len(mentees)):
        pairs = [(one.id, mentor) for one, mentor in zip(mentees, plan, strict=True) if mentor is not None]
        if (
            all(pair in worth for pair in pairs)
            and all(sum(mentor == one for _, mentor in pairs) <= room[one] for one in room)
            and all(dict(pairs).get(mentee) == mentor for mentee, mentor in pinned.items())
        ):
            found.append((len(pairs), sum(worth[pair] for pair in pairs)))
    return max(found)


@pytest.mark.parametrize("kind", ["pin", "swap", "forbid", "more", "none", "weight", "rule"])
def test_the_price_is_that_of_the_best_of_all_plans(desk: WhatIf, office: Office, kind: str) -> None:
    changes: dict[str, Change] = {
        "pin": Pin(couples=(office.couple("Bo", "Eva"),)),
        "swap": Pin(couples=(office.couple("Bo", "Dora"), office.couple("Cleo", "Ben"))),
        "forbid": Forbid(couple=office.couple("Cleo", "Dora")),
        "more": Places(mentor=office.ids["Dora"], places=3),
        "none": Places(mentor=office.ids["Ben"], places=0),
        "weight": Weight(criterion="cross_functional", weight=10),
        "rule": RuleSwitch(rule="shared_language", holds=False),
    }
    change = changes[kind]
    policy = POLICY
    if isinstance(change, Weight):
        policy = POLICY.replace(
            criteria=(POLICY.criteria[0], CriterionUse(name="cross_functional", weight=10))
        )
    if isinstance(change, RuleSwitch):
        policy = POLICY.replace(rules=POLICY.rules[:2])

    price = price_of(desk, office, change)

    assert (price.placed[1], price.total[1]) == best_of_all(desk, office, policy, change)
    if policy is POLICY:
        assert (price.placed[0], price.total[0]) == best_of_all(desk, office, POLICY)
    assert price.proved


def test_the_next_run_keeps_the_price_it_was_told(desk: WhatIf, office: Office) -> None:
    change = Pin(couples=(office.couple("Bo", "Eva"),))
    price = price_of(desk, office, change)
    applied(office, change)
    with office.sessions.begin() as session:
        run = runs.queue(session, cycle_id=office.cycle, by=office.ola, now=NOON)
    with office.sessions() as session:
        found = draft_summary.summary(session, solved(office.sessions, run))

    pairs = {(pair.mentee.id, pair.mentor.id) for pair in found.pairs}
    assert change.couples[0] in pairs
    assert (found.fairness.placed, found.fairness.total) == (price.placed[1], price.total[1])


def test_a_change_is_priced_beside_those_that_stand(desk: WhatIf, office: Office) -> None:
    first = Forbid(couple=office.couple("Cleo", "Dora"))
    alone = price_of(desk, office, first)
    applied(office, first)

    same_weight = price_of(desk, office, Weight(criterion="topics", weight=5))

    assert same_weight.moved == ()
    assert (same_weight.placed[0], same_weight.total[0]) == (alone.placed[1], alone.total[1])


def test_weights_by_hand_become_a_version_of_the_policy_once(office: Office) -> None:
    applied(office, Weight(criterion="topics", weight=1))
    with office.sessions.begin() as session:
        runs.queue(session, cycle_id=office.cycle, by=office.ola, now=NOON)
        programme = session.get_one(tables.Cycle, office.cycle).programme_id
        first = present_policy(session, programme)
        assert [use["weight"] for use in first.data["criteria"]] == [1, 2]
        made = review_changes.history(session, cycle_id=office.cycle, by=office.ola)[0]
        assert made.policy == first.number
        with pytest.raises(WrongState, match="version 2 of the policy"):
            review_changes.undo(session, change_id=made.id, by=office.ola, now=NOON)
        runs.queue(session, cycle_id=office.cycle, by=office.ola, now=NOON)
        assert present_policy(session, programme).number == first.number


def test_what_was_changed_by_hand_stands_when_sign_ups_close_again(office: Office) -> None:
    pin, ban = Pin(couples=(office.couple("Bo", "Eva"),)), Forbid(couple=office.couple("Cleo", "Dora"))
    for change in (pin, ban, Weight(criterion="topics", weight=1)):
        applied(office, change)
    number = applied(office, Forbid(couple=office.couple("Ola", "Dora")))
    with office.sessions.begin() as session:
        undone = review_changes.history(session, cycle_id=office.cycle, by=office.ids["Nina"])[0]
        review_changes.undo(session, change_id=undone.id, by=office.ids["Nina"], now=NOON)
        cycles.reopen(session, cycle_id=office.cycle, by=None, now=NOON)
        run = cycles.close(session, cycle_id=office.cycle, by=None, now=NOON)
    draft = solved(office.sessions, run)

    with office.sessions() as session:
        pairs = {(pair.mentee.id, pair.mentor.id) for pair in draft_summary.summary(session, draft).pairs}
        inside = review_changes.contained(session, draft)
        programme = session.get_one(tables.Cycle, office.cycle).programme_id
        policy = present_policy(session, programme)
        noted = select(tables.AuditPayload.payload).join(
            tables.AuditEntry, tables.AuditEntry.number == tables.AuditPayload.number
        )
        told = session.scalars(noted.where(tables.AuditEntry.about == run)).one()
    assert undone.number == number
    assert inside == (1, 2, 3)
    assert pin.couples[0] in pairs
    assert ban.couple not in pairs
    assert (policy.number, policy.data["criteria"][0]["weight"]) == (2, 1)
    assert told == {"policy": 2, "changes": [1, 2, 3]}


def test_a_pin_that_new_answers_rule_out_is_undone_before_the_next_run(office: Office) -> None:
    applied(office, Pin(couples=(office.couple("Bo", "Eva"),)))
    with office.sessions.begin() as session:
        cycles.reopen(session, cycle_id=office.cycle, by=None, now=NOON)
        mine = select(tables.EnrolmentRow).where(tables.EnrolmentRow.person_id == office.ids["Eva"])
        row = session.scalars(mine).one()
        row.answers = {**row.answers, "capacity": 0}
        run = cycles.close(session, cycle_id=office.cycle, by=None, now=NOON)
    with pytest.raises(AssertionError):
        solved(office.sessions, run)
    with office.sessions.begin() as session:
        told = runs.progress(session, run).sentence
        (made,) = review_changes.history(session, cycle_id=office.cycle, by=office.ids["Nina"])
        review_changes.undo(session, change_id=made.id, by=office.ids["Nina"], now=NOON)
        again = runs.queue(session, cycle_id=office.cycle, by=None, now=NOON)

    assert told.startswith("Eva has 0 places, and more pairs by hand.")
    assert solved(office.sessions, again)


def test_a_pin_against_a_rule_is_refused_and_confidence_is_kept(desk: WhatIf, office: Office) -> None:
    in_words = "Bo and Uli cannot be paired. The rule: Both speak a common language."
    for change, sentence in (
        (Pin(couples=(office.couple("Bo", "Uli"),)), in_words),
        (Pin(couples=(office.couple("Ada", "Ben"),)), str(QUIET)),
        (Pin(couples=(office.couple("Eva", "Ben"),)), "Eva did not sign up as a mentee in this cycle."),
        (Pin(couples=(office.couple("Bo", "Ada"),)), "Ada offers no place as a mentor in this cycle."),
    ):
        with office.sessions() as session, pytest.raises(WrongState) as refused:
            desk.what_if(session, office.draft, change)
        assert refused.value.sentence == sentence
        with pytest.raises(WrongState):
            applied(office, change)


def test_why_not_says_the_rule_or_the_price(desk: WhatIf, office: Office) -> None:
    with office.sessions() as session:
        rule = desk.why_not(session, office.draft, *office.couple("Bo", "Uli"))
        dear = desk.why_not(session, office.draft, *office.couple("Bo", "Eva"))
        best = desk.alternatives(session, office.draft, office.ids["Ada"])

    assert rule.price is None
    assert rule.sentences == ("Bo and Uli cannot be paired. The rule: Both speak a common language.",)
    assert dear.price is not None
    assert dear.sentences[-1].startswith("It changes the match of")
    assert "Ben" not in [one.person.name for one in best]


@pytest.mark.parametrize("name", ["Ada", "Bo", "Ben", "Eva", "Uli"])
def test_others_are_everybody_the_rules_allow_the_best_first(desk: WhatIf, office: Office, name: str) -> None:
    with office.sessions() as session:
        base, policy = desk.standing(session, office.draft)
        found = desk.alternatives(session, office.draft, office.ids[name])

    me, mentor = base.profiles[office.ids[name]], name in ("Ben", "Eva", "Uli")
    allowed = [
        (-sum(one.points for one in why(policy, *pair, base.facts)), other.person.name)
        for other in base.profiles.values()
        if (Role.MENTEE if mentor else Role.MENTOR) in other.answers.roles
        and not broken(policy.rules, *(pair := (me, other) if mentor else (other, me)), base.facts)
    ]
    assert [one.person.name for one in found] == [other for _, other in sorted(allowed)]


def test_nobody_changes_their_own_match_and_a_reason_is_asked_for(office: Office) -> None:
    own = Pin(couples=(office.couple("Ola", "Dora"),))

    with pytest.raises(WrongState, match="Another organiser has to make this change"):
        applied(office, own, by="Ola")
    number = applied(office, own)
    with office.sessions.begin() as session:
        made = review_changes.history(session, cycle_id=office.cycle, by=office.ids["Nina"])[0]
        with pytest.raises(WrongState):
            review_changes.undo(session, change_id=made.id, by=office.ola, now=NOON)
        review_changes.undo(session, change_id=made.id, by=office.ids["Nina"], now=NOON)
        review_changes.undo(session, change_id=made.id, by=office.ids["Nina"], now=NOON)
        undone = review_changes.history(session, cycle_id=office.cycle, by=office.ids["Nina"])[0]
        with pytest.raises(Invalid):
            review_changes.make(
                session,
                cycle_id=office.cycle,
                change=own,
                reason=" ",
                price={},
                by=office.ids["Nina"],
                now=NOON,
            )

    assert (made.number, str(made.sentence)) == (number, "Paired by hand: Ola with Dora.")
    assert (undone.undone_by, undone.reason) == (made.made_by, "They asked for it.")


def test_two_changes_that_say_the_opposite_are_refused(office: Office) -> None:
    couple = office.couple("Bo", "Eva")
    applied(office, Pin(couples=(couple,)))

    with pytest.raises(WrongState, match="made already"):
        applied(office, Pin(couples=(couple,)))
    with pytest.raises(WrongState, match="paired by another change"):
        applied(office, Forbid(couple=couple))
    with pytest.raises(WrongState, match="more often than they asked for"):
        applied(office, Pin(couples=(office.couple("Bo", "Dora"),)))
    with pytest.raises(WrongState, match="Give them more places first"):
        applied(office, Places(mentor=office.ids["Eva"], places=0))


def test_a_pin_the_policy_no_longer_allows_fails_the_run_in_words(office: Office) -> None:
    applied(office, RuleSwitch(rule="shared_language", holds=False))
    applied(office, Pin(couples=(office.couple("Bo", "Uli"),)))
    with office.sessions.begin() as session:
        run = runs.queue(session, cycle_id=office.cycle, by=None, now=NOON, policy=POLICY)
    with pytest.raises(AssertionError):
        solved(office.sessions, run)
    with office.sessions() as session:
        told = runs.progress(session, run).sentence

    assert told.startswith("Bo and Uli cannot be paired. The rule: Both speak a common language.")


def test_who_was_erased_is_not_named_from_memory(desk: WhatIf, office: Office) -> None:
    with office.sessions() as session:
        before, _ = desk.standing(session, office.draft)
    with office.sessions.begin() as session:
        row = session.scalars(select(tables.SnapshotRow)).one()
        data = before.snapshot.to_data()
        data["members"] = [one for one in data["members"] if one["person"]["id"] != str(office.ids["Bo"])]
        text = canonical(data).encode()
        row.blob, row.hash = zlib.compress(text), hashlib.sha256(text).hexdigest()
    with office.sessions() as session:
        after, _ = desk.standing(session, office.draft)

    assert before.profiles.keys() - after.profiles.keys() == {office.ids["Bo"]}


def test_no_change_by_hand_before_the_sign_ups_close(session: Session) -> None:
    programme = a_programme(session, policy=POLICY)
    cycle = a_cycle(session, programme=programme)
    nina = stored(session, "Nina Second")
    programmes.add_organiser(session, programme_id=programme, person_id=nina, by=None, now=NOON)

    with pytest.raises(WrongState, match="between closing the sign-ups and publishing"):
        review_changes.make(
            session,
            cycle_id=cycle,
            change=Weight(criterion="topics", weight=1),
            reason="Why not?",
            price={},
            by=nina,
            now=NOON,
        )
    assert people.of(session, nina).name == "Nina Second"
