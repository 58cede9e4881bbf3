"""The lanes together: a slow domain blocks nobody, leases stay alive, and one round runs at a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Event, Thread

import pytest
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.domain.mailing import LEASE
from matcher.jobs.postmen import Postmen
from matcher.mail.handover import Delivery, ServerReply
from matcher.mail.wire import Envelope
from matcher.services.post import outbox
from matcher.services.post.lane import LaneContext, Leases
from tests.conftest import Clock
from tests.matcher.jobs.outboxes import SENDER, row, write_mail, write_mails
from tests.matcher.jobs.works import PATIENCE, Remembered


class Slow:
    """Takes mails to quick domains at once; for slow ones it waits until it is let go."""

    def __init__(self, slow: str = "") -> None:
        self.slow = slow
        self.let_go = Event()
        self.held = Remembered()
        self.taken = Remembered()

    def open(self) -> SlowConversation:
        return SlowConversation(self)


class SlowConversation:
    def __init__(self, box: Slow) -> None:
        self._box = box
        self._to = ""

    def offer(self, envelope: Envelope) -> None:
        self._to = envelope.recipient
        if self._box.slow and self._to.endswith(self._box.slow):
            self._box.held.add(self._to)
            assert self._box.let_go.wait(PATIENCE)

    def finish(self) -> ServerReply:
        self._box.taken.add(self._to)
        return ServerReply(code=250, text="OK")

    def drop(self) -> None:
        pass

    def close(self) -> None:
        pass


def postmen(
    sessions: sessionmaker[Session],
    delivery: Delivery,
    clock: Callable[[], object],
    *,
    lanes: int = 4,
    per_domain: int = 3,
    renew_seconds: float = 10,
) -> Postmen:
    post = LaneContext(
        sessions=sessions,
        delivery=delivery,
        sender=SENDER,
        worker="test",
        clock=clock,  # type: ignore[arg-type]  # a test's clock
        leases=Leases(),
        stopping=Event(),
        per_domain=per_domain,
    )
    return Postmen(post, lanes=lanes, renew_seconds=renew_seconds)


def test_domain_that_hangs_blocks_nobody_else(open_session: sessionmaker[Session], clock: Clock) -> None:
    with open_session.begin() as session:
        for number in range(8):
            write_mail(session, number, now=clock(), domain="slow.example")
        for number in range(8, 14):
            write_mail(session, number, now=clock() + timedelta(seconds=1), domain="quick.example")
    clock.forward(seconds=2)
    box = Slow("slow.example")
    thread = Thread(target=postmen(open_session, box, clock).deliver)
    thread.start()

    quick = box.taken.wait_for(lambda taken: len(taken) == 6)
    assert sorted(quick) == sorted(f"p{number}@quick.example" for number in range(8, 14))
    assert len(box.held.values) == 3

    box.let_go.set()
    thread.join(PATIENCE)
    with open_session() as session:
        assert outbox.tally(session) == {MailState.SENT: 14}


def test_leases_of_slow_mails_are_renewed(open_session: sessionmaker[Session], clock: Clock) -> None:
    with open_session.begin() as session:
        mail_id = write_mail(session, 1, now=clock(), domain="slow.example")
    box = Slow("slow.example")
    thread = Thread(target=postmen(open_session, box, clock, renew_seconds=0.01).deliver)
    thread.start()
    box.held.wait_for(bool)

    clock.forward(seconds=25)
    renewed, pause = clock() + LEASE, Event()
    while True:
        with open_session() as session:
            if row(session, mail_id).lease_until == renewed:
                break
        pause.wait(0.01)
    with open_session.begin() as session:
        outbox.sweep(session, now=clock.forward(seconds=25))

    box.let_go.set()
    thread.join(PATIENCE)
    with open_session() as session:
        assert (row(session, mail_id).state, row(session, mail_id).attempts) == ("sent", 1)


def test_bells_during_a_round_make_one_more_round(open_session: sessionmaker[Session], clock: Clock) -> None:
    write_mails(open_session, 1, now=clock())
    box = Slow("river.example")
    post = postmen(open_session, box, clock)
    thread = Thread(target=post.deliver)
    thread.start()
    box.held.wait_for(bool)

    with open_session.begin() as session:
        write_mail(session, 5, now=clock())
    assert [post.deliver() for _ in range(3)] == [0, 0, 0]
    box.let_go.set()
    thread.join(PATIENCE)

    assert sorted(map(str, box.taken.values)) == ["p0@river.example", "p5@river.example"]


def test_fault_in_one_lane_is_told_after_the_others_have_finished(
    open_session: sessionmaker[Session], clock: Clock
) -> None:
    class Broken(Slow):
        """A fault of the program, not of the mail server: one lane meets it."""

        def __init__(self) -> None:
            super().__init__()
            self.all_here = Barrier(2)

        def open(self) -> SlowConversation:
            if self.all_here.wait(PATIENCE) == 0:
                raise ZeroDivisionError
            return super().open()

    write_mails(open_session, 6, now=clock())
    box = Broken()

    with pytest.raises(ZeroDivisionError):
        postmen(open_session, box, clock, lanes=2, per_domain=2).deliver()

    assert len(box.taken.values) == 5
    with open_session.begin() as session:
        assert outbox.sweep(session, now=clock.forward(seconds=31)) == 1
