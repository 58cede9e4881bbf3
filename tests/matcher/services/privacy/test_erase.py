"""Erasing somebody: nothing of theirs is left anywhere, and others keep what is theirs."""

import zlib
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound, WrongState
from matcher.domain.lifecycle import MailState, PairState
from matcher.services import audit
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.privacy import erase as privacy_erase
from matcher.services.privacy.traces import SOMEBODY
from matcher.services.programme import programmes
from matcher.store.participant_tables import Erasure, GoalRow
from matcher.store.tables import Base, Credit, Draft, MailRow, Pair, PersonRow, ProgrammeRole, SnapshotRow
from tests.builders import NOON, stored
from tests.matcher.services.privacy.forgettable import ADDRESS, LINKS, MARK, WANDA, Known, everywhere

LEDGERS = {"erasure.person_id", "audit_entry.by_id", "audit_entry.about"}
"""Where the old id may stand: it refers to nothing any more."""


@pytest.fixture
def known(open_session) -> Known:
    return everywhere(open_session)


@pytest.fixture
def gone(known) -> Known:
    forget(known)
    return known


def forget(known: Known) -> None:
    with known.sessions.begin() as session:
        privacy_erase.erase(session, person_id=known.wanda, now=NOON, links=LINKS)


def places_of(session: Session, *traces: str) -> dict[str, set[str]]:
    """In which columns of the whole database one of these texts stands."""
    found: dict[str, set[str]] = {}
    for table in Base.metadata.sorted_tables:
        for row in session.execute(select(table)).mappings():
            for name, value in row.items():
                text = as_text(name, value)
                for trace in traces:
                    if trace in text:
                        found.setdefault(trace, set()).add(f"{table.name}.{name}")
    return found


def as_text(name: str, value: object) -> str:
    if isinstance(value, bytes):
        return (zlib.decompress(value) if name == "blob" else value).decode("utf-8", "replace")
    return str(value)


def test_nothing_of_them_is_left_in_any_table(known):
    traces = (str(known.wanda), MARK, WANDA, ADDRESS)
    with known.sessions() as session:
        before = places_of(session, *traces)
    assert len(before[MARK]) >= 8, "The person left too few traces for the test to mean anything."

    forget(known)

    with known.sessions() as session:
        after = places_of(session, *traces)
    assert set(after) == {str(known.wanda)}
    assert after[str(known.wanda)] <= LEDGERS


def test_the_pair_ends_and_stays_with_somebody_who_left(gone):
    with gone.sessions() as session:
        pair = session.scalars(select(Pair).where(Pair.mentee_id == gone.mentee)).one()
        mentor = session.get_one(PersonRow, pair.mentor_id)

    assert pair.state == PairState.ENDED
    assert (mentor.name, mentor.active, mentor.email) == (SOMEBODY, False, f"{mentor.id}@left.invalid")


def test_the_partner_is_told_once_and_their_own_mails_are_cancelled(gone):
    with gone.sessions() as session:
        told = session.scalars(
            select(MailRow).where(MailRow.person_id == gone.mentee, MailRow.kind != "introduction")
        ).all()
        stand_in = session.scalars(select(PersonRow).where(PersonRow.name == SOMEBODY)).one()
        own = session.scalars(select(MailRow).where(MailRow.person_id == stand_in.id)).all()

    assert len(told) == 1
    assert {mail.state for mail in own} == {MailState.CANCELLED}
    assert {(mail.address, mail.subject, mail.text, mail.html, mail.ics) for mail in own} == {
        ("", "", "", "", None)
    }


def test_credits_of_others_keep_their_numbers(known):
    # Balances of duties may rise: somebody takes over what was theirs to do.
    def credits_of_others() -> dict[UUID, int]:
        with known.sessions() as session:
            rows = session.scalars(select(Credit).where(Credit.person_id != known.wanda))
            return {row.person_id: row.levels for row in rows}

    before = credits_of_others()
    forget(known)

    assert credits_of_others() == before


def test_a_circle_keeps_its_goals(gone):
    with gone.sessions() as session:
        assert session.scalars(select(GoalRow.text)).all() == ["Listen well"]


def test_the_log_still_verifies(gone):
    with gone.sessions() as session:
        assert audit.verify(session).broken_at is None


def test_the_frozen_answers_can_still_be_read(gone):
    with gone.sessions() as session:
        members = cycles.thaw(session.scalars(select(SnapshotRow)).one()).members

    assert [member.profile.person.name for member in members].count(SOMEBODY) == 1


def test_who_comes_back_is_somebody_new(gone):
    with gone.sessions.begin() as session:
        back = people.ensure(session, email=ADDRESS, name=WANDA, now=NOON)

    with gone.sessions() as session:
        assert back != gone.wanda
        assert places_of(session, str(back)) == {str(back): {"person.id"}}


def test_the_ledger_remembers_the_old_id_only(gone):
    with gone.sessions() as session:
        assert session.execute(select(Erasure.person_id, Erasure.erased_at)).all() == [(gone.wanda, NOON)]


def test_a_second_erasure_finds_nobody(gone):
    with pytest.raises(NotFound), gone.sessions.begin() as session:
        privacy_erase.erase(session, person_id=gone.wanda, now=NOON, links=LINKS)


def test_the_last_organiser_is_asked_kindly_to_find_another(known):
    with known.sessions.begin() as session:
        others = select(ProgrammeRole).where(ProgrammeRole.person_id != known.wanda)
        for role in session.scalars(others).all():
            session.delete(role)

    with pytest.raises(WrongState, match="You are the only organiser of “Together”"):
        forget(known)
    with known.sessions() as session:
        assert session.get(PersonRow, known.wanda) is not None


def test_a_handler_with_an_open_request_is_needed_until_it_is_closed(known):
    with pytest.raises(WrongState, match="the request is still open"), known.sessions.begin() as session:
        privacy_erase.erase(session, person_id=known.handler, now=NOON, links=LINKS)


def test_a_copy_that_was_brought_back_forgets_again_and_mails_nobody(known):
    with known.sessions.begin() as session:
        before = set(session.scalars(select(MailRow.id)))
        found = privacy_erase.erase_again(session, [known.wanda], now=NOON, links=LINKS)

    with known.sessions() as session:
        new = session.scalars(select(MailRow).where(MailRow.id.not_in(before))).all()
        assert found == 1
        assert {mail.state for mail in new} <= {MailState.CANCELLED}
        assert session.get(PersonRow, known.wanda) is None


def test_a_draft_that_names_them_can_no_longer_be_published(open_session):
    from tests.builders import reviewed
    from tests.matcher.services.privacy.forgettable import POLICY, a_small_company

    draft_id = reviewed(open_session, a_small_company, policy=POLICY)
    with open_session.begin() as session:
        wanda = people.by_addresses(session, [ADDRESS])[ADDRESS]
        programme_id = session.scalars(select(Base.metadata.tables["programme"].c.id)).one()
        other = stored(session, "Ola Organiser")
        programmes.add_organiser(session, programme_id=programme_id, person_id=other, by=None, now=NOON)
        privacy_erase.erase(session, person_id=wanda, now=NOON, links=LINKS)

    with open_session.begin() as session:
        from matcher.domain.errors import Changed
        from matcher.services.publishing import publication

        draft = session.get_one(Draft, draft_id)
        with pytest.raises(Changed):
            publication.publish(
                session, draft_id=draft_id, seen_hash=draft.hash, by=None, now=NOON, links=LINKS
            )
