"""What every command opens first: the settings, the database; and how a refusal is said."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.errors import DomainError, Invalid, Problem
from matcher.store.engine import make_engine, session_factory
from web.config import Config, from_environment_or_exit

MOST_SHOWN = 100
UNSAFE_PYTHON = (
    "Install its newest patch release: this one has a known fault in mail headers (CVE-2024-6923)."
)


@dataclass(frozen=True, kw_only=True)
class House:
    """The settings of this process, its database and the time it is."""

    config: Config
    engine: Engine
    sessions: sessionmaker[Session]
    now: datetime


@contextmanager
def opened() -> Iterator[House]:
    """Open the database of the settings; whatever is refused ends the command with its sentences."""
    config = from_environment_or_exit()
    engine = make_engine(config.database_url)
    try:
        yield House(config=config, engine=engine, sessions=session_factory(engine), now=datetime.now(UTC))
    except Invalid as error:
        raise click.ClickException("\n".join(told(error.problems))) from error
    except DomainError as error:
        raise click.ClickException(error.sentence) from error
    except (OperationalError, ProgrammingError) as error:
        sentence = f"The database does not answer as expected: {error.orig}."
        raise click.ClickException(f"{sentence} Try `matcher migrate`, then `matcher doctor`.") from error
    finally:
        engine.dispose()


def told(problems: tuple[Problem, ...]) -> list[str]:
    """One line a problem, with its place; at most 100, then how many more."""
    lines = [f"{_place(problem)}{problem.sentence}" for problem in problems[:MOST_SHOWN]]
    more = len(problems) - MOST_SHOWN
    return [*lines, f"… and {more} more."] if more > 0 else lines


def _place(problem: Problem) -> str:
    parts = [problem.pointer] if problem.pointer else []
    if problem.row is not None:
        parts.append(f"row {problem.row}")
    if problem.column is not None:
        parts.append(f"column {problem.column}")
    if problem.header:
        parts.append(f"“{problem.header}”")
    found = f" has “{problem.value}”" if problem.value else ""
    return f"{', '.join(parts)}{found}: " if parts else ""
