"""A lane of the post: what becomes of the mails when the other side refuses, goes away or falls silent."""

from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import LATER, LEASE, MailKind
from matcher.mail.smtp import SmtpDelivery
from matcher.mail.wire import Envelope
from matcher.services.account import people
from matcher.services.post import outbox
from matcher.store import tables
from tests.conftest import Clock
from tests.matcher.jobs.outboxes import Postbox, a_lane, ledger, row, state, write_mail, write_mails
from tests.matcher.mail.server import Authority, MailServer, running


def tally(sessions: sessionmaker[Session]) -> dict[MailState, int]:
    with sessions() as session:
        return dict(outbox.tally(session))


def recipients(box: Postbox) -> list[str]:
    return sorted(envelope.recipient for envelope in box.kept)


def test_every_mail_leaves_once_to_its_one_recipient(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 3, now=clock())
    box = Postbox()

    assert a_lane(open_session, box, clock).run() == 3
    assert a_lane(open_session, box, clock).run() == 0

    assert recipients(box) == ["p0@river.example", "p1@river.example", "p2@river.example"]
    assert tally(open_session) == {MailState.SENT: 3}


def test_refused_mail_fails_with_its_code_and_the_others_leave(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 3, now=clock())
    box = Postbox(answers={"p1@river.example": "550 no such user"})

    a_lane(open_session, box, clock).run()
    a_lane(open_session, box, clock).run()

    assert recipients(box) == ["p0@river.example", "p2@river.example"]
    assert tally(open_session) == {MailState.SENT: 2, MailState.FAILED: 1}


def test_temporary_refusals_are_delivered_on_recovery(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 3, now=clock())
    box = Postbox(
        answers={"p0@river.example": "451 busy"}, at_the_dot={"p1@river.example": "452 4.2.2 mailbox full"}
    )

    a_lane(open_session, box, clock).run()
    assert tally(open_session) == {MailState.SENT: 1, MailState.DEFERRED: 2}
    box.answers, box.at_the_dot = {}, {}
    a_lane(open_session, box, clock).run()
    assert tally(open_session) == {MailState.SENT: 1, MailState.DEFERRED: 2}
    clock.moment += LATER[0]
    a_lane(open_session, box, clock).run()

    assert tally(open_session) == {MailState.SENT: 3}
    assert len(box.kept) == 3


def test_server_that_is_away_defers_and_loses_nothing(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 5, now=clock())
    box = Postbox(away=True)

    for _ in range(10):
        assert a_lane(open_session, box, clock).run() <= 1
        clock.forward(minutes=1)
    assert MailState.FAILED not in tally(open_session)
    box.away = False
    clock.forward(hours=1)
    a_lane(open_session, box, clock).run()

    assert tally(open_session) == {MailState.SENT: 5}
    assert len(box.kept) == 5


def test_silence_after_the_last_word_is_uncertain_and_one_delivery(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 2, now=clock())
    box = Postbox(at_the_dot={"p0@river.example": "silence"})

    a_lane(open_session, box, clock).run()
    a_lane(open_session, box, clock).run()

    assert recipients(box) == ["p0@river.example", "p1@river.example"]
    assert tally(open_session) == {MailState.SENT: 1, MailState.UNCERTAIN: 1}


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("subject", "Meet =?utf-8?q?hi=0aBcc:_e@evil.example?=", "not allowed"),
        ("subject", "Meet\x0bRavi", "control character U+000B"),
        ("name", "Ina\u2028Bergmann", "control character U+2028"),
        ("address", "ina@river.example, eve@evil.example", "not one plain mail address"),
        ("ics", b"\xff\xfe", "cannot be built"),
    ],
)
def test_poison_fails_with_its_reason_and_the_others_leave(
    open_session: sessionmaker[Session], clock: Clock, column: str, value: object, reason: str
) -> None:
    write_mails(open_session, 2, now=clock())
    with open_session.begin() as session:
        poison = write_mail(session, 7, now=clock())
        session.execute(update(tables.MailRow).where(tables.MailRow.id == poison).values({column: value}))
    box = Postbox()

    a_lane(open_session, box, clock).run()

    assert recipients(box) == ["p0@river.example", "p1@river.example"]
    with open_session() as session:
        assert state(session, poison) is MailState.FAILED
        assert reason in (row(session, poison).reply or "")


def test_mail_to_somebody_who_left_is_dropped_before_the_last_word(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    write_mails(open_session, 2, now=clock())
    with open_session.begin() as session:
        gone = people.ensure(session, email="p0@river.example", name="Person 0", now=clock())
        people.update(session, gone, active=False)
    box = Postbox()

    a_lane(open_session, box, clock).run()

    assert recipients(box) == ["p1@river.example"]
    assert tally(open_session) == {MailState.SENT: 1, MailState.CANCELLED: 1}


def test_lane_whose_lease_was_taken_hangs_up_before_the_last_word(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    class SlowBox(Postbox):
        """While the first mail is offered, its lease runs out and the sweeper takes it."""

        def offer(self, envelope: Envelope) -> None:
            super().offer(envelope)
            if envelope.name.endswith(".1"):
                clock.forward(seconds=LEASE.total_seconds() + 1)
                with open_session.begin() as session:
                    outbox.sweep(session, now=clock())

    write_mails(open_session, 1, now=clock())
    box = SlowBox()

    assert a_lane(open_session, box, clock).run() == 2

    assert [envelope.name.rpartition(".")[2] for envelope in box.kept] == ["2"]
    assert tally(open_session) == {MailState.SENT: 1}


def test_connection_the_server_closed_meanwhile_is_opened_anew(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    class TiredBox(Postbox):
        """Goes away after each mail, as servers do; a new conversation is welcome."""

        def open(self) -> Postbox:
            self.answers = {}
            return super().open()

        def offer(self, envelope: Envelope) -> None:
            super().offer(envelope)
            self.answers = {f"p{number}@river.example": "gone" for number in range(3)}

    write_mails(open_session, 3, now=clock())
    box = TiredBox()

    a_lane(open_session, box, clock).run()

    assert len(box.kept) == 3
    assert tally(open_session) == {MailState.SENT: 3}


def test_stopping_lane_claims_nothing_more(open_session: sessionmaker[Session], clock: Clock) -> None:
    write_mails(open_session, 3, now=clock())
    lane = a_lane(open_session, Postbox(), clock)
    lane._post.stopping.set()

    assert lane.run() == 0
    assert tally(open_session) == {MailState.QUEUED: 3}


def test_sign_in_link_goes_on_its_own_occasion(open_session: sessionmaker[Session], clock: Clock) -> None:
    with open_session.begin() as session:
        write_mail(session, 1, now=clock(), kind=MailKind.SIGN_IN)
    box = Postbox(at_the_dot={"p1@river.example": "silence"})

    a_lane(open_session, box, clock).run()

    assert [envelope.name.rpartition(".")[2] for envelope in box.kept] == ["1", "2", "3"]
    assert len({envelope.data for envelope in box.kept}) == 1
    assert tally(open_session) == {MailState.UNCERTAIN: 1}


def test_real_server_that_goes_down_and_comes_back_gets_every_mail_once(
    open_session: sessionmaker[Session], clock: Clock, tmp_path: Path
) -> None:
    write_mails(open_session, 20, now=clock())
    server, authority = MailServer(), Authority(tmp_path)
    with running(server, authority=authority) as settings:
        server.on_recipient = lambda _: "250 OK" if len(server.kept) < 8 else "421 going down"
        a_lane(open_session, SmtpDelivery(settings), clock).run()
    a_lane(open_session, SmtpDelivery(settings), clock).run()
    assert sum(tally(open_session).values()) == 20
    assert tally(open_session)[MailState.SENT] == 8

    server.on_recipient = lambda _: "250 OK"
    clock.forward(hours=1)
    with running(server, authority=authority, port=settings.port):
        a_lane(open_session, SmtpDelivery(settings), clock).run()

    assert ledger(open_session, server.message_ids).kept
    assert tally(open_session) == {MailState.SENT: 20}


def test_real_server_that_loses_the_reply_has_the_mail_once(
    open_session: sessionmaker[Session], clock: Clock, tmp_path: Path
) -> None:
    write_mails(open_session, 3, now=clock())
    server, authority = MailServer(), Authority(tmp_path)
    server.on_message = lambda recipient: "" if recipient.startswith("p1") else "250 OK"
    with running(server, authority=authority) as settings:
        for _ in range(3):
            a_lane(open_session, SmtpDelivery(settings), clock).run()
            clock.forward(hours=8)

    assert sorted(server.recipients) == ["p0@river.example", "p1@river.example", "p2@river.example"]
    assert tally(open_session) == {MailState.SENT: 2, MailState.UNCERTAIN: 1}
