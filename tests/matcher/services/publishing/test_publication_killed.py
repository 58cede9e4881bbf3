"""A publisher killed at any moment leaves nothing published, or everything."""

import signal
import subprocess
import sys
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from matcher.store.tables import Cycle
from tests.builders import NOON, reviewed
from tests.matcher.services.publishing.test_publication import (
    LINKS,
    POLICY,
    RESULTS,
    a_small_company,
    how_many,
)

PUBLISHER = """
import os, signal, sys
from uuid import UUID
from sqlalchemy import event
from matcher.services.publishing import publication
from matcher.store.engine import make_engine, session_factory
from matcher.store.tables import Draft
from tests.builders import NOON
from tests.matcher.services.publishing.test_publication import LINKS

engine = make_engine(sys.argv[1])
left = [int(sys.argv[3])]

def die(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(engine, "before_cursor_execute", die)
event.listen(engine, "commit", die)
with session_factory(engine).begin() as session:
    draft = session.get_one(Draft, UUID(sys.argv[2]))
    publication.publish(session, draft_id=draft.id, seen_hash=draft.hash, by=None, now=NOON, links=LINKS)
"""


def publish_and_die(url: str, draft: UUID, point: int) -> int:
    """Publish in a process that kills itself before its n-th statement; its exit code."""
    command = [sys.executable, "-c", PUBLISHER, url, str(draft), str(point)]
    return subprocess.run(command, check=False).returncode


def check_nothing_published(sessions: sessionmaker[Session]) -> None:
    with sessions() as session:
        assert set(how_many(session, *RESULTS).values()) == {0}
        assert session.scalars(select(Cycle.state)).one() == "review"


@pytest.mark.parametrize("points", [(12, 25), pytest.param(range(1, 60), marks=pytest.mark.torture)])
def test_killed_publisher_leaves_nothing_half_done(
    database_url: str, open_session: sessionmaker[Session], points: tuple[int, ...]
) -> None:
    draft = reviewed(open_session, a_small_company, policy=POLICY)

    for point in points:
        if publish_and_die(database_url, draft, point) != -signal.SIGKILL:
            break
        check_nothing_published(open_session)
    else:
        with open_session.begin() as session:
            seen = draft_summary.summary(session, draft)
            publication.publish(session, draft_id=draft, seen_hash=seen.hash, by=None, now=NOON, links=LINKS)

    with open_session() as session:
        assert session.scalars(select(Cycle.state)).one() == "published"
        assert how_many(session, *RESULTS)["mail"] == 10
