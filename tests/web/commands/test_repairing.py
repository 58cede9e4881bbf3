"""`matcher repair`, as an operator uses it."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.during.parting import Afterwards
from matcher.store import tables
from tests.builders import NOON
from tests.matcher.services.towns import a_town, mentors_and_mentees
from tests.web.commands.command_line import matcher, settings


def test_a_repair_is_shown_and_then_done(
    open_session: sessionmaker[Session], database_url: str, tmp_path: Path
) -> None:
    given = {**settings(tmp_path), "DATABASE_URL": database_url}
    town = a_town(open_session, mentors_and_mentees)
    (old,) = {mentor for mentor, mentee in town.pairs() if mentee == "Eda"}
    with open_session() as session:
        programme = session.get_one(tables.Cycle, town.cycle).programme_id
        slug = session.scalars(select(tables.Programme.slug).where(tables.Programme.id == programme)).one()
    town.part("Eda", town.group(old, "Eda"), then=Afterwards.REMATCH, now=NOON)

    shown = matcher("repair", slug, given=given)
    waiting = town.pairs()
    done = matcher("repair", slug, "--apply", given=given)
    again = matcher("repair", slug, given=given)

    assert [answer.returncode for answer in (shown, done, again)] == [0, 0, 1], (shown, done, again)
    assert shown.stdout.startswith("Why:\n  1 pair has ended.\nWhat changes:\n  ")
    assert f"Nothing has changed yet. Do it: matcher repair {slug} --apply" in shown.stdout
    assert len(waiting) == 3
    assert done.stdout.endswith("Done. 2 mails are written and leave with the worker.\n")
    assert {mentee for _, mentee in town.pairs()} == {"Eda", "Edo", "Eli", "Nel"}
    assert "There is nothing to repair" in again.stderr
