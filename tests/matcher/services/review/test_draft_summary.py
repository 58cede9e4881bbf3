"""What an organiser sees of a draft, and what is kept from them; in as many queries for ten as for sixty."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import NotFound
from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat, CriterionUse
from matcher.mail.links import Links
from matcher.services.cycle import cycles
from matcher.services.groups import my_match
from matcher.services.matching import runs
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from matcher.store.tables import Draft
from tests.builders import NOON, a_cycle, a_policy, enrolled, reviewed


@contextmanager
def queries(engine: Engine) -> Iterator[list[str]]:
    """The statements sent within."""
    sent: list[str] = []

    def note(*said: Any) -> None:
        sent.append(said[2])

    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


def many(number: int) -> Any:
    def enrol(session: Session, cycle: UUID) -> None:
        for place in range(number):
            enrolled(session, cycle, Role.MENTEE, Role.PEER, name=f"Mentee {place}", ref=place)
            enrolled(session, cycle, Role.MENTOR, name=f"Mentor {place}", ref=1000 + place)
        for place in range(number):
            enrolled(session, cycle, Role.MENTEE, name=f"Waiting {place}", ref=2000 + place)

    return enrol


POLICY = a_policy(circles=CircleFormat())


def test_as_many_queries_for_five_as_for_fifteen(open_session: sessionmaker[Session]) -> None:
    counts = []
    for number in (5, 15):
        draft = reviewed(open_session, many(number), policy=POLICY)
        with open_session() as session:
            with queries(session.get_bind().engine) as reading:
                found = draft_summary.summary(session, draft)
            hash_seen, cycle = found.hash, found.cycle_id
            with queries(session.get_bind().engine) as freezing:
                cycles.freeze(session, cycles.of(session, cycle), now=NOON)
            with queries(session.get_bind().engine) as publishes:
                publication.publish(
                    session,
                    draft_id=draft,
                    seen_hash=hash_seen,
                    by=None,
                    now=NOON,
                    links=Links(base_url="https://match.example.org"),
                )
            with queries(session.get_bind().engine) as mine:
                my_match.my_match(session, cycle, found.pairs[0].mentee.id)
            assert len(found.pairs) == number
        writes_mail = sum("INTO mail" in one for one in publishes)
        counts.append((len(reading), len(freezing), len(publishes) - writes_mail, len(mine)))

    assert counts[0] == counts[1]


def test_wishes_and_identity_stay_with_their_owner(open_session: sessionmaker[Session]) -> None:
    policy = a_policy(
        criteria=[
            CriterionUse(name="topics", weight=1),
            CriterionUse(name="wishes", weight=1),
            CriterionUse(name="identity", weight=1),
        ]
    )
    asked = {}

    def enrol(session: Session, cycle: UUID) -> None:
        asked["grace"] = enrolled(
            session, cycle, Role.MENTOR, name="Grace", ref=1, characteristics=("veteran",)
        )
        asked["ada"] = enrolled(
            session, cycle, Role.MENTEE, name="Ada", ref=2, wishes=(asked["grace"],), identity_wish="Veteran"
        )

    draft = reviewed(open_session, enrol, policy=policy)
    with open_session.begin() as session:
        (pair,) = draft_summary.summary(session, draft).pairs
        publication.publish(
            session,
            draft_id=draft,
            seen_hash=session.get_one(Draft, draft).hash,
            by=None,
            now=NOON,
            links=Links(base_url="https://match.example.org"),
        )
        cycle = session.get_one(Draft, draft).cycle_id
        (ada,) = my_match.my_match(session, cycle, asked["ada"]).pairs
        (grace,) = my_match.my_match(session, cycle, asked["grace"]).pairs

    assert [reason.criterion for reason in pair.reasons] == ["topics"]
    assert (pair.points, pair.most) == (3334, 3334)
    assert ada.reasons == ("Sought and offered: leadership.", "You asked for this.")
    assert grace.reasons == ("Sought and offered: leadership.",)


def test_everybody_left_over_is_told_why(open_session: sessionmaker[Session]) -> None:
    def enrol(session: Session, cycle: UUID) -> None:
        for name, role in (("Ada", Role.MENTEE), ("Alan", Role.MENTEE), ("Grace", Role.MENTOR)):
            enrolled(session, cycle, role, name=name)
        enrolled(session, cycle, Role.MENTOR, name="Idle", person={"languages": ("Polish",)})
        enrolled(session, cycle, Role.MENTEE, name="Eva", person={"languages": ("French",)})
        enrolled(session, cycle, Role.PEER, name="Paul")

    policy = a_policy(rules=("same_person", "shared_language"), circles=CircleFormat())
    draft = reviewed(open_session, enrol, policy=policy)

    with open_session() as session:
        waiting = {one.person.name: one.sentences for one in draft_summary.summary(session, draft).waiting}

    assert len({"Ada", "Alan"} & set(waiting)) == 1
    assert waiting["Eva"] == (
        "There is no mentor for you yet.",
        "The rules leave none of the 2 mentors:",
        "2 – has no language in common.",
        "What would help: another language.",
        "You go first in the next cycle.",
    )
    assert waiting["Idle"] == (
        "There is nobody for you to mentor yet.",
        "The rules leave nobody among those who signed up.",
    )
    assert waiting["Paul"] == (
        "There is no circle for you yet.",
        "Fewer people than one circle needs signed up this time.",
        "What would help: somebody you bring along.",
        "Circles have 4 to 6 people.",
    )
    assert len(waiting) == 4


def test_unknown_draft_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        draft_summary.summary(session, uuid4())


def test_progress_of_a_queued_run(session: Session) -> None:
    run = cycles.close(session, cycle_id=a_cycle(session), by=None, now=NOON)

    assert runs.progress(session, run).sentence == "Waiting for a worker."
