"""`matcher report`, as an operator uses it."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.store import tables
from tests.matcher.services.towns import a_town, mentors_and_mentees
from tests.web.commands.command_line import matcher, settings


def test_a_report_is_made_again_and_a_changed_one_is_noticed(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    given = {**settings(tmp_path), "DATABASE_URL": database_url}
    town = a_town(open_session, mentors_and_mentees)
    with open_session() as session:
        programme = session.get_one(tables.Cycle, town.cycle).programme_id
        slug = session.scalars(select(tables.Programme.slug).where(tables.Programme.id == programme)).one()

    verified = matcher("report", slug, "--verify", "--files", str(tmp_path), given=given)
    with open_session.begin() as session:
        draft = session.scalars(select(tables.Draft)).one()
        draft.report = {**draft.report, "whole": {**draft.report["whole"], "pairs": 99}}
    forged = matcher("report", slug, "--verify", given=given)
    checked = subprocess.run(
        [sys.executable, "-m", "solver.check", tmp_path / "problem.json", tmp_path / "plan.json"],
        capture_output=True,
        check=False,
    )

    assert verified.returncode == 0, verified
    assert "the same plan, byte for byte, and an equal report." in verified.stdout
    assert "SHA-256 of the report: " in verified.stdout
    assert checked.returncode == 0
    assert forged.returncode == 1
    assert "The report made anew has another hash" in forged.stderr
