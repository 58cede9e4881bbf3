"""kill -9 in the middle of delivering: no mail twice, none missing but those listed as uncertain."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.lifecycle import MailState
from matcher.jobs.postmen import LANES
from matcher.mail.folder import letters
from matcher.services.post import outbox
from matcher.store import tables
from tests.conftest import MONDAY_MORNING
from tests.matcher.jobs.outboxes import Ledger, ledger, write_mails
from tests.matcher.mail.server import Authority, MailServer, running

ROOT = Path(__file__).parents[3]
MOST_ROUNDS = 12


@dataclass
class Workers:
    """Starts worker processes one after another; each begins when the leases of the last are dead."""

    database: str
    mail: str
    now: datetime = MONDAY_MORNING
    kills: int = 0

    def start(self, *, die_on: str = "step", die_at: int = 0) -> subprocess.Popen[bytes]:
        self.now += timedelta(minutes=2)
        words = [self.database, self.mail, self.now.isoformat(), "--die-on", die_on, "--die-at", str(die_at)]
        return subprocess.Popen([sys.executable, "-m", "tests.matcher.jobs.mail_worker", *words], cwd=ROOT)

    def run(self, *, die_on: str = "step", die_at: int = 0) -> None:
        code = self.start(die_on=die_on, die_at=die_at).wait(60)
        assert code in (0, -signal.SIGKILL)
        self.kills += code != 0

    def finish(self, sessions: sessionmaker[Session]) -> None:
        """Workers that are left in peace, until every mail is sent or listed."""
        for _ in range(MOST_ROUNDS):
            if not waiting(sessions):
                return
            self.now += timedelta(hours=7)
            self.run()


def waiting(sessions: sessionmaker[Session]) -> int:
    settled = (MailState.SENT, MailState.UNCERTAIN, MailState.FAILED, MailState.CANCELLED)
    with sessions() as session:
        return session.scalar(select(func.count()).where(tables.MailRow.state.not_in(settled))) or 0


def points(seed: int, kills: int, most: int) -> Iterable[tuple[str, int]]:
    """Where to kill: every other time around an SQL statement, else around a step of the hand-over."""
    chance = random.Random(seed)
    for number in range(kills):
        die_on = "sql" if number % 2 else "step"
        # A mail takes four steps, and about five times as many moments around its statements.
        yield die_on, chance.randint(1, most * (5 if die_on == "sql" else 1))


def assert_kept(found: Ledger, workers: Workers, kills: int) -> None:
    assert (found.twice, found.missing, found.sent_but_absent, found.unsettled) == ((), (), (), ())
    assert workers.kills >= kills * 3 // 4
    assert found.uncertain <= workers.kills * LANES


def by_folder(
    database: str, sessions: sessionmaker[Session], folder: Path, *, mails: int, kills: int, most: int
) -> None:
    write_mails(sessions, mails, now=MONDAY_MORNING)
    workers = Workers(database, f"folder:{folder}")

    for die_on, die_at in points(1, kills, most):
        workers.run(die_on=die_on, die_at=die_at)
    workers.finish(sessions)

    arrived = [f"<{each.id.partition('.')[0]}@river.example>" for each in letters(folder)]
    assert_kept(ledger(sessions, arrived), workers, kills)


def by_server(
    database: str, sessions: sessionmaker[Session], folder: Path, *, mails: int, kills: int, most: int
) -> None:
    write_mails(sessions, mails, now=MONDAY_MORNING)
    server = MailServer()
    authority = Authority(folder)
    with running(server, authority=authority) as settings:
        workers = Workers(database, f"smtp://localhost:{settings.port}?authority={authority.file}")
        for die_on, die_at in points(2, kills, most):
            workers.run(die_on=die_on, die_at=die_at)
        workers.finish(sessions)

    assert_kept(ledger(sessions, server.message_ids), workers, kills)


def test_killed_worker_and_mail_folder(
    database_url: str, open_session: sessionmaker[Session], tmp_path: Path
) -> None:
    by_folder(database_url, open_session, tmp_path, mails=240, kills=5, most=150)


def test_killed_worker_and_mail_server(
    database_url: str, open_session: sessionmaker[Session], tmp_path: Path
) -> None:
    by_server(database_url, open_session, tmp_path, mails=240, kills=5, most=150)


@pytest.mark.torture
@pytest.mark.parametrize("delivery", [by_folder, by_server])
def test_killed_worker_with_3000_mails_and_200_kills(
    database_url: str, open_session: sessionmaker[Session], tmp_path: Path, delivery
) -> None:
    delivery(database_url, open_session, tmp_path, mails=3000, kills=200, most=55)


def test_worker_killed_while_the_server_has_the_whole_mail(
    database_url: str, open_session: sessionmaker[Session], tmp_path: Path
) -> None:
    """The server kills the worker between the final dot and the reply: delivered, and nobody can know."""
    write_mails(open_session, 12, now=MONDAY_MORNING)
    server, authority = MailServer(), Authority(tmp_path)
    with running(server, authority=authority) as settings:
        workers = Workers(database_url, f"smtp://localhost:{settings.port}?authority={authority.file}")
        worker = workers.start()

        def fatal(_recipient: str) -> str:
            if len(server.kept) == 5:
                os.kill(worker.pid, signal.SIGKILL)
                worker.wait(10)
            return "250 OK"

        server.on_message = fatal
        assert worker.wait(60) == -signal.SIGKILL
        workers.kills = 1
        server.on_message = lambda _: "250 OK"
        workers.finish(open_session)

    found = ledger(open_session, server.message_ids)
    assert_kept(found, workers, 1)
    assert found.uncertain >= 1
    assert len(server.kept) + found.uncertain >= 12


def test_worker_killed_before_the_dot_leaves_nothing_uncertain(
    database_url: str, open_session: sessionmaker[Session], tmp_path: Path
) -> None:
    write_mails(open_session, 12, now=MONDAY_MORNING)
    workers = Workers(database_url, f"folder:{tmp_path}")

    workers.run(die_on="step", die_at=2)
    workers.finish(open_session)

    with open_session() as session:
        assert outbox.tally(session) == {MailState.SENT: 12}
    assert len(letters(tmp_path)) == 12
