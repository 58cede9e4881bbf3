"""Engine, session factory and migrations from a database address."""

from importlib.resources import files
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30
MIGRATION_LOCK = 0x6576_656E_6861_6E64
"""One number for all processes that migrate a PostgreSQL database at once."""

SETTINGS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA secure_delete=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
)


def make_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine whose transactions lose no update: SQLite (`sqlite:///path`) or PostgreSQL (`postgresql://…`).

    foreign_keys: False only while migrating, which checks them itself.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _entry: ConnectionPoolEntry) -> None:
        # The driver begins too late: of two who read and write, one update would vanish.
        connection.isolation_level = None
        for setting in (*SETTINGS, f"PRAGMA foreign_keys={'ON' if foreign_keys else 'OFF'}"):
            connection.execute(setting).close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        options = connection.get_execution_options()
        if options.get("impatient", False):
            _begin_at_once(connection)
        else:
            connection.exec_driver_sql("BEGIN" if options.get("read_only", False) else "BEGIN IMMEDIATE")

    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose values stay readable after the commit."""
    return sessionmaker(engine, expire_on_commit=False)


def leave_no_traces(bind: Engine | Connection) -> None:
    """After an erasure was committed: empty SQLite's write-ahead log, in which the old pages still stand.

    The file itself is overwritten by `secure_delete`; PostgreSQL's vacuum takes its own time.
    """
    if bind.dialect.name != "sqlite":
        return
    raw = bind.engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


def read_only(session: Session) -> Session:
    """The same session, reading without waiting for writers; to be called before its first statement."""
    session.connection(execution_options={"read_only": True})
    return session


def impatient(session: Session) -> Session:
    """The same session, for a write that is not worth a wait; to be called before its first statement.

    Raises OperationalError if somebody else is writing (SQLite; PostgreSQL waits for the same row only).
    """
    session.connection(execution_options={"impatient": True})
    return session


def _begin_at_once(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA busy_timeout=0")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to that revision, in one transaction; several processes at once wait for each other.

    Raises RuntimeError, and changes nothing, when rows would lose what they refer to.
    """
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            move_to(connection, revision)
            _refuse_orphans(connection)
    finally:
        engine.dispose()


def move_to(connection: Connection, revision: str) -> None:
    """Upgrade or downgrade within the transaction of this connection."""
    config = alembic_config(connection)
    act = command.downgrade if revision == "base" or revision.startswith("-") else command.upgrade
    act(config, revision)


def alembic_config(connection: Connection) -> Config:
    """Where the migrations lie, and the connection they use."""
    config = Config()
    config.set_main_option("script_location", str(files("matcher.store").joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _refuse_orphans(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise RuntimeError(f"The migration would leave {len(orphans)} rows without what they refer to.")
