"""Requests for help: between two people, and without a trace for anybody else."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.facts import couple
from matcher.domain.mailing import MailKind
from matcher.services import audit
from matcher.services.help import escalations
from matcher.services.post import outbox
from matcher.services.programme import programmes
from matcher.store import tables
from matcher.store.history import snapshot_of
from matcher.store.safety_tables import BlockedPair
from tests.builders import NOON, stored
from tests.matcher.services.during.care import BEFORE, LINKS, a_village_under_way, mails
from tests.matcher.services.publishing.publications import Village

MARKER = "MARKER-7f3a: he shouts at me"


@pytest.fixture
def village(session: Session) -> Village:
    return a_village_under_way(session)


def programme(session: Session, village: Village) -> UUID:
    return session.get_one(tables.Cycle, village.cycle).programme_id


def a_handler(
    session: Session, village: Village, name: str = "Hana Handler", person: UUID | None = None
) -> UUID:
    who = person or stored(session, name)
    programmes.add_handler(
        session, programme_id=programme(session, village), person_id=who, by=None, now=NOON
    )
    return who


def ask(
    session: Session, village: Village, handler: UUID, *about: UUID, who: UUID | None = None
) -> escalations.HelpRequest:
    return escalations.ask(
        session,
        cycle_id=village.cycle,
        person_id=who or village.mentee,
        handler_id=handler,
        about=about,
        text=MARKER,
        now=BEFORE,
        links=LINKS,
    )


def see(session: Session, case: escalations.HelpRequest, who: UUID) -> escalations.HelpRequest:
    return escalations.thread(session, case_id=case.id, person_id=who)


def test_the_two_of_them_read_the_thread(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana, village.mentor)

    later = BEFORE + timedelta(minutes=5)
    escalations.reply(session, case_id=case.id, person_id=hana, text="I am here.", now=later, links=LINKS)

    mine, hers = see(session, case, village.mentee), see(session, case, hana)
    assert [one.text for one in mine.messages] == [MARKER, "I am here."]
    assert [one.mine for one in hers.messages] == [False, True]
    assert (mine.state, mine.other.name, hers.other.name) == ("answered", "Hana Handler", "Mia Mentee")
    assert [one.name for one in hers.about] == ["Mo Mentor"]


def test_nobody_else_finds_it(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    other = a_handler(session, village, "Holger Handler")
    organiser, outsider = stored(session, "Ola Organiser"), stored(session, "Otto Outside")
    programmes.add_organiser(
        session, programme_id=programme(session, village), person_id=organiser, by=None, now=NOON
    )
    case = ask(session, village, hana, village.mentor)

    for who in (organiser, outsider, other, village.mentor, village.peers[0]):
        with pytest.raises(NotFound):
            see(session, case, who)
        with pytest.raises(NotFound):
            escalations.reply(session, case_id=case.id, person_id=who, text="x", now=BEFORE, links=LINKS)
        with pytest.raises(NotFound):
            escalations.close(session, case_id=case.id, person_id=who, now=BEFORE)
    assert escalations.inbox(session, person_id=other) == ()
    with pytest.raises(NotFound):
        escalations.inbox(session, person_id=organiser)


def test_the_mail_says_only_that_something_waits(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana, village.mentor)

    [mail] = mails(session, MailKind.ESCALATION)
    assert (mail.person_id, mail.subject) == (hana, "Something waits for you")
    assert mail.cycle_id == outbox.NO_CYCLE
    for word in ("Mia", "Mo ", "Together", "Spring", "help", "MARKER"):
        assert word not in mail.subject + mail.text + mail.html
    assert f"/handle/{case.id}" in mail.text


def test_a_handler_it_is_about_never_learns_of_it(session: Session, village: Village) -> None:
    a_handler(session, village, person=village.mentor)
    hana = a_handler(session, village)

    case = ask(session, village, village.mentor, village.mentor)

    assert case.other.name == "Hana Handler"
    assert escalations.inbox(session, person_id=village.mentor) == ()
    assert [line.id for line in escalations.inbox(session, person_id=hana)] == [case.id]
    assert mails(session, MailKind.ESCALATION, village.mentor) == []


def test_about_the_only_handler_nothing_is_sent_and_the_way_out_is_said(
    session: Session, village: Village
) -> None:
    a_handler(session, village, person=village.mentor)

    with pytest.raises(Invalid, match=r"Please write to evenhand@match\.example\."):
        ask(session, village, village.mentor, village.mentor)

    assert mails(session, MailKind.ESCALATION) == []
    assert (
        escalations.asked(session, programme_id=programme(session, village), person_id=village.mentee) == ()
    )


def test_nobody_asks_themselves_or_their_line(session: Session, village: Village) -> None:
    boss = a_handler(session, village, "Bo Boss")
    upper = a_handler(session, village, "Una Upper")
    report = a_handler(session, village, "Rita Report")
    hana = a_handler(session, village)
    a_handler(session, village, person=village.mentee)
    session.get_one(tables.PersonRow, village.mentee).manager_id = boss
    session.get_one(tables.PersonRow, boss).manager_id = upper
    session.get_one(tables.PersonRow, report).manager_id = village.mentee
    session.flush()

    able = escalations.handlers_for(
        session, programme_id=programme(session, village), person_id=village.mentee
    )

    assert [one.id for one in able] == [hana]
    for who in (boss, village.mentee, report):
        with pytest.raises(Invalid, match="Choose one of the people listed here"):
            ask(session, village, who)


def test_strangers_cannot_be_named(session: Session, village: Village) -> None:
    hana = a_handler(session, village)

    for who in (stored(session, "Otto Outside"), village.peers[0], UUID(int=5)):
        with pytest.raises(Invalid, match="Choose among the people you meet"):
            ask(session, village, hana, who)


def test_taken_back_before_an_answer_nothing_stays(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana, village.mentor)

    escalations.withdraw(session, case_id=case.id, person_id=village.mentee, now=BEFORE)

    assert escalations.inbox(session, person_id=hana) == ()
    with pytest.raises(NotFound):
        see(session, case, village.mentee)
    assert everything(session).count("MARKER") == 0


def test_with_an_answer_it_can_only_be_closed(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana)
    escalations.reply(session, case_id=case.id, person_id=hana, text="Yes.", now=BEFORE, links=LINKS)

    with pytest.raises(WrongState, match="only be closed"):
        escalations.withdraw(session, case_id=case.id, person_id=village.mentee, now=BEFORE)
    with pytest.raises(NotFound):
        escalations.withdraw(session, case_id=case.id, person_id=hana, now=BEFORE)
    escalations.close(session, case_id=case.id, person_id=village.mentee, now=BEFORE)

    assert see(session, case, hana).state == "closed"
    with pytest.raises(WrongState, match="is closed"):
        escalations.reply(session, case_id=case.id, person_id=hana, text="x", now=BEFORE, links=LINKS)


def test_ninety_days_after_closing_it_is_destroyed(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana)
    escalations.close(session, case_id=case.id, person_id=hana, now=BEFORE)

    escalations.forget_old(session, now=BEFORE + timedelta(days=89))
    assert see(session, case, hana).state == "closed"
    escalations.forget_old(session, now=BEFORE + timedelta(days=90))

    with pytest.raises(NotFound):
        see(session, case, hana)
    assert everything(session).count("MARKER") == 0


def test_a_blocked_pair_says_nothing_but_that(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana, village.mentor)

    for _ in range(2):
        escalations.keep_apart(session, case_id=case.id, person_id=hana, other_id=village.mentor, now=BEFORE)

    both = session.execute(select(BlockedPair.first_id, BlockedPair.second_id)).all()
    assert [tuple(row) for row in both] == [couple(village.mentor, village.mentee)]
    assert {column.key for column in inspect(BlockedPair).columns} == {
        "id",
        "first_id",
        "second_id",
        "made_at",
    }
    frozen = snapshot_of(session, session.get_one(tables.Cycle, village.cycle))
    assert couple(village.mentor, village.mentee) in frozen.facts().blocked
    assert see(session, case, village.mentee).kept_apart == {village.mentor}


def test_only_the_handler_blocks_and_only_whom_it_is_about(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana, village.mentor)

    for who, other in ((village.mentee, village.mentor), (hana, village.peers[0])):
        with pytest.raises(NotFound):
            escalations.keep_apart(session, case_id=case.id, person_id=who, other_id=other, now=BEFORE)


def test_one_who_is_no_handler_any_more_reads_nothing(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    case = ask(session, village, hana)
    session.execute(text("DELETE FROM programme_role WHERE role = 'handler'"))

    with pytest.raises(NotFound):
        see(session, case, hana)


def test_the_audit_log_names_nobody_and_nothing(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    before = session.scalars(select(tables.AuditEntry.number)).all()
    ask(session, village, hana, village.mentor)

    new = session.scalars(select(tables.AuditEntry).where(tables.AuditEntry.number.not_in(before))).all()
    assert [(row.act, row.about, row.by_id) for row in new] == [("confidential", None, None)]
    payload = session.get_one(tables.AuditPayload, new[0].number).payload
    assert set(payload) == {"case", "did"}
    assert audit.verify(session).broken_at is None


def test_who_is_forgotten_leaves_nothing(session: Session, village: Village) -> None:
    hana = a_handler(session, village)
    mine = ask(session, village, hana, village.mentor)
    theirs = ask(session, village, hana, village.mentee, who=village.mentor)

    escalations.forget(session, person_id=village.mentee)

    with pytest.raises(NotFound):
        see(session, mine, hana)
    assert see(session, theirs, hana).about == ()


def everything(session: Session) -> str:
    """All that is stored, as one text."""
    return "".join(
        str(row)
        for table in tables.Base.metadata.sorted_tables
        for row in session.execute(select(table)).all()
    )


def test_what_was_told_is_in_one_table_only(session: Session, village: Village) -> None:
    ask(session, village, a_handler(session, village), village.mentor)

    holding = [
        table.name
        for table in tables.Base.metadata.sorted_tables
        if "MARKER" in str(session.execute(select(table)).all())
    ]
    assert holding == ["escalation_message"]
