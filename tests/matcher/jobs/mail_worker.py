"""A real worker process that delivers what is due, and kills itself at the moment it is told.

`python -m tests.matcher.jobs.mail_worker DATABASE MAIL START [--die-on step|sql] [--die-at N]`.
START is the time at which its clock begins; from there it runs as the world's does.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from threading import Event, Lock
from typing import Any

from sqlalchemy import Engine, event

from matcher.jobs.postmen import Postmen
from matcher.mail.delivery import Delivery, from_setting
from matcher.mail.handover import Conversation, ServerReply
from matcher.mail.wire import Envelope
from matcher.services.post import outbox
from matcher.services.post.lane import LaneContext, Leases
from matcher.store.engine import make_engine, session_factory
from tests.matcher.jobs.outboxes import SENDER

Fuse = Callable[[], None]


def fuse(at: int) -> Fuse:
    """Kills this process with SIGKILL when it is called for the `at`-th time; never for 0."""
    numbers, lock = count(1), Lock()

    def burn() -> None:
        with lock:
            if next(numbers) == at:
                os.kill(os.getpid(), signal.SIGKILL)

    return burn


class Fused:
    """A delivery with a fuse before and after each of its steps."""

    def __init__(self, delivery: Delivery, burn: Fuse) -> None:
        self._delivery, self._burn = delivery, burn

    def open(self) -> FusedConversation:
        self._burn()
        return FusedConversation(self._delivery.open(), self._burn)


class FusedConversation:
    def __init__(self, conversation: Conversation, burn: Fuse) -> None:
        self._conversation, self._burn = conversation, burn

    def offer(self, envelope: Envelope) -> None:
        self._burn()
        self._conversation.offer(envelope)
        self._burn()

    def finish(self) -> ServerReply:
        self._burn()
        reply = self._conversation.finish()
        self._burn()
        return reply

    def drop(self) -> None:
        self._conversation.drop()

    def close(self) -> None:
        self._conversation.close()


def fuse_statements(engine: Engine, burn: Fuse) -> None:
    """A fuse before and after each SQL statement, and before each commit."""

    def around(*_words: Any) -> None:
        burn()

    for moment in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, moment, around)


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("mail")
    parser.add_argument("start", type=datetime.fromisoformat)
    parser.add_argument("--die-on", choices=["step", "sql"], default="step")
    parser.add_argument("--die-at", type=int, default=0)
    asked = parser.parse_args()

    began = time.monotonic()

    def clock() -> datetime:
        moment: datetime = asked.start + timedelta(seconds=time.monotonic() - began)
        return moment

    engine = make_engine(asked.database)
    delivery: Delivery = from_setting(asked.mail)
    burn = fuse(asked.die_at)
    if asked.die_on == "sql":
        fuse_statements(engine, burn)
    else:
        delivery = Fused(delivery, burn)
    sessions = session_factory(engine)
    with sessions.begin() as session:
        outbox.sweep(session, now=clock())
    post = LaneContext(
        sessions=sessions,
        delivery=delivery,
        sender=SENDER,
        worker=str(os.getpid()),
        clock=clock,
        leases=Leases(),
        stopping=Event(),
    )
    Postmen(post).deliver()
    engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
