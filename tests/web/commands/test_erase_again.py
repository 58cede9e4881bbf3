"""After a backup was brought back, the ledger says whom it must forget again."""

import shutil
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher.services.privacy import erase as privacy_erase
from matcher.store.engine import make_engine, session_factory
from matcher.store.tables import PersonRow
from tests.builders import NOON
from tests.matcher.services.privacy.forgettable import LINKS, everywhere
from web.cli import main


def test_a_backup_that_was_brought_back_forgets_before_it_serves(open_session, database_url, tmp_path: Path):
    if not database_url.startswith("sqlite"):
        pytest.skip("A copy of a file: the same command runs on PostgreSQL.")
    known = everywhere(open_session)
    backup = tmp_path / "backup.db"
    with sqlite3.connect(database_url.removeprefix("sqlite:///")) as live:
        live.execute("VACUUM INTO ?", (str(backup),))
    live.close()
    with open_session.begin() as session:
        privacy_erase.erase(session, person_id=known.wanda, now=NOON, links=LINKS)
    ledger = tmp_path / "erased.txt"
    ledger.write_text(matcher(database_url, tmp_path, "erased"))
    shutil.copyfile(backup, tmp_path / "restored.db")
    restored = f"sqlite:///{tmp_path / 'restored.db'}"

    said = [matcher(restored, tmp_path, "erase-again", str(ledger)) for _ in range(2)]

    assert said == [
        "One person was erased again.\n",
        "Nobody of the ledger is in this database. Nothing was changed.\n",
    ]
    engine = make_engine(restored)
    with session_factory(engine)() as session:
        assert session.get(PersonRow, known.wanda) is None
    engine.dispose()


def test_a_ledger_that_is_none_changes_nothing(database_url, tmp_path: Path):
    (tmp_path / "wrong.txt").write_text("somebody\n")

    result = run(database_url, tmp_path, "erase-again", str(tmp_path / "wrong.txt"))

    assert (result.exit_code, "line 1: expected an id" in result.output) == (1, True)


def matcher(url: str, folder: Path, *words: str) -> str:
    result = run(url, folder, *words)
    assert result.exit_code == 0, result.output
    return result.output


def run(url: str, folder: Path, *words: str):
    settings = {
        "DATABASE_URL": url,
        "SECRET_KEY": "a secret of the tests, never used elsewhere",
        "BASE_URL": "http://127.0.0.1:8765",
        "MAIL": f"folder:{folder / 'mail'}",
    }
    return CliRunner(env=settings).invoke(main, list(words))
