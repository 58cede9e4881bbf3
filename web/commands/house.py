"""`matcher migrate` and `matcher doctor`: the database, and whether everything around it can be used."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import click
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from matcher.mail.delivery import from_setting
from matcher.mail.handover import Unreachable
from matcher.mail.wire import python_is_safe
from matcher.store.engine import alembic_config, make_engine, migrate
from web.commands.opening import UNSAFE_PYTHON, opened
from web.config import BadSettings, Config

SOLVER_SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one look found, and the sentence; a note is worth knowing and stops nothing."""

    state: Literal["well", "note", "WRONG"]
    sentence: str


@click.command("migrate")
def migrate_command() -> None:
    """Bring the database to the present version. Safe to run from several places at once."""
    with opened() as house:
        migrate(house.config.database_url)
    click.echo("The database is at the present version.")


@click.command("doctor")
def doctor_command() -> None:
    """Look at Python, settings, database, mail and solver, and say in sentences what to do."""
    findings = list(_findings())
    for finding in findings:
        click.echo(f"{finding.state:5}  {finding.sentence}")
    wrong = sum(finding.state == "WRONG" for finding in findings)
    if wrong:
        raise click.ClickException(f"{wrong} of {len(findings)} need you. Nothing was changed.")
    click.echo("Everything is well.")


def _findings() -> Iterator[Finding]:
    yield _python()
    yield _solver()
    try:
        config = Config.from_environment(os.environ)
    except BadSettings as bad:
        yield from (Finding(state="WRONG", sentence=sentence) for sentence in bad.sentences)
        return
    yield Finding(state="well", sentence=f"The settings can be used; people come to {config.base_url}.")
    yield _database(config)
    yield _mail(config)


def _python() -> Finding:
    version = sys.version.split()[0]
    if python_is_safe():
        return Finding(state="well", sentence=f"Python {version} runs Evenhand.")
    return Finding(state="note", sentence=f"Python {version} runs Evenhand. {UNSAFE_PYTHON}")


def _solver() -> Finding:
    look = [sys.executable, "-c", "import ortools.graph.python.min_cost_flow, solver.files"]
    try:
        child = subprocess.run(look, capture_output=True, timeout=SOLVER_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return Finding(state="WRONG", sentence="The solver did not start within a minute.")
    if child.returncode:
        return Finding(
            state="WRONG", sentence="The solver does not start. Install the locked packages again: make run."
        )
    return Finding(state="well", sentence="The solver starts in a process of its own.")


def _database(config: Config) -> Finding:
    engine = make_engine(config.database_url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
            newest = ScriptDirectory.from_config(alembic_config(connection)).get_current_head()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        return Finding(state="WRONG", sentence=f"No answer from the database: {reason}. See DATABASE_URL.")
    finally:
        engine.dispose()
    if found != newest:
        return Finding(
            state="WRONG", sentence="The database is empty or of an older version. Run: matcher migrate."
        )
    return Finding(state="well", sentence="The database answers and is at the present version.")


def _mail(config: Config) -> Finding:
    place = "the folder" if config.mail_folder is not None else "the mail server"
    try:
        from_setting(config.mail).open().close()
    except ValueError as error:
        return Finding(state="WRONG", sentence=f"MAIL cannot be used. {error}")
    except Unreachable as error:
        return Finding(state="WRONG", sentence=f"Mails cannot go to {place}: {error} Look at MAIL.")
    return Finding(state="well", sentence=f"Mails can go to {place}.")
