"""Begun forms on a real database: two windows at once, and how quick the outlook is."""

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.domain.sign_up.form_draft import Typed
from matcher.services.cycle import cycles
from matcher.services.sign_up import form_drafts
from matcher.services.sign_up.preview import outlook_of
from matcher.store.tables import EnrolmentRow, PersonRow
from tests.builders import MONDAY, NOON, a_cycle, answers, enrolled, stored
from tests.matcher.services.review.test_draft_summary import queries


def test_windows_that_save_at_the_same_moment_lose_nothing(open_session):
    with open_session.begin() as session:
        ids = {"cycle_id": a_cycle(session), "person_id": stored(session)}

    def save(number: int) -> None:
        typed = Typed(texts={"goals": [f"goal {number}"]}, window=str(number))
        with open_session.begin() as session:
            form_drafts.keep(session, **ids, typed=typed, seen=0, sent=None, now=NOON)

    windows = [threading.Thread(target=save, args=(number,)) for number in range(3)]
    for window in windows:
        window.start()
    for window in windows:
        window.join()

    with open_session() as session:
        kept = form_drafts.of(session, **ids)
    assert kept is not None
    assert kept.version == 3
    assert sorted([*kept.typed.texts["goals"], *kept.typed.others["goals"]]) == ["goal 0", "goal 1", "goal 2"]


def test_what_was_settled_or_thrown_away_is_gone(session):
    ids = {"cycle_id": a_cycle(session), "person_id": stored(session)}
    for window in ("one", "two"):
        typed = Typed(texts={"goals": [window]}, window=window)
        form_drafts.keep(session, **ids, typed=typed, seen=0, sent=None, now=NOON)

    form_drafts.settle(session, **ids)
    settled = form_drafts.of(session, **ids)
    form_drafts.discard(session, **ids)

    assert settled is not None
    assert (settled.typed.texts, settled.typed.others) == ({"goals": ["two"]}, {})
    assert form_drafts.of(session, **ids) is None


def test_what_was_begun_and_never_sent_is_forgotten_a_month_after_the_cycle_closed(session):
    cycle_id, person_id = a_cycle(session), stored(session)
    ids = {"cycle_id": cycle_id, "person_id": person_id}
    typed = Typed(texts={"goals": ["never sent"]})
    form_drafts.keep(session, **ids, typed=typed, seen=0, sent=None, now=NOON)
    much_later = NOON + timedelta(days=31)

    while_open = form_drafts.forget_old(session, now=much_later)
    cycles.close(session, cycle_id=cycle_id, by=None, now=NOON)
    too_soon = form_drafts.forget_old(session, now=NOON + timedelta(days=29))

    assert (while_open, too_soon, form_drafts.forget_old(session, now=much_later)) == (0, 0, 1)
    assert form_drafts.of(session, **ids) is None


MANY = "At least 300 mentors offer one or more of your topics."


@pytest.mark.parametrize(("others", "told"), [(3, "A few mentors offer your topics so far."), (300, MANY)])
def test_the_outlook_asks_the_database_as_often_among_many_as_among_few(session, others, told):
    cycle_id = a_cycle(session)
    lena = enrolled(session, cycle_id, Role.MENTEE, name="Lena Brandt")
    crowd(session, cycle_id, others)
    said = {
        "roles": (Role.MENTEE, Role.PEER),
        "topics_sought": ("leadership",),
        "hours": ((0, "09:00"), (0, "09:30")),
        "zone": "Europe/Berlin",
    }

    with queries(session.get_bind().engine) as asked:
        lines = outlook_of(
            session, cycle_id=cycle_id, person_id=lena, said=said, policy=Policy(), monday=MONDAY
        )

    assert lines[0] == told
    assert len(asked) == 1


def crowd(session: Session, cycle_id: UUID, count: int) -> None:
    """So many people who would be anything."""
    everything = answers(Role.MENTOR, Role.PEER, Role.MENTEE).to_data()
    people = [PersonRow(email=f"p{n}@example.org", name=f"P {n}", created_at=NOON) for n in range(count)]
    session.add_all(people)
    session.flush()
    session.add_all(
        EnrolmentRow(
            cycle_id=cycle_id, person_id=one.id, answers=everything, ref=n, enrolled_at=NOON, changed_at=NOON
        )
        for n, one in enumerate(people)
    )
    session.flush()
    session.expunge_all()
