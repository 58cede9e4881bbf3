"""The UK Civil Service sample, imported as it is, matched under its rules and published, by commands only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from matcher.store.engine import make_engine, session_factory
from matcher.store.tables import Draft, MailRow, Pair, PersonRow
from tests.web.commands.command_line import matcher, settings

DATA = Path(os.environ.get("EVENHAND_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")
LARGE = DATA / "civil-service" / "large"

pytestmark = pytest.mark.skipif(
    not LARGE.is_dir(),
    reason=f"THE REAL SAMPLE IS NOT HERE: {LARGE} is missing; EVENHAND_DATA says where it lies",
)


def matched(folder: Path, capacity: int) -> dict[str, str]:
    """A house in which the large sample was imported, matched and published; its settings."""
    given = settings(folder)
    files = (LARGE / "mentees.csv", LARGE / "mentors.csv")
    for words in (
        ("migrate",),
        ("start", "Civil Service", "--policy", "civil-service"),
        ("import", *files, "--cycle", "civil-service", "--mapping", "civil-service")
        + (("--set", f"capacity={capacity}") if capacity > 1 else ()),
        ("match", "civil-service"),
        ("publish", "civil-service"),
        ("export-problem", "civil-service", "--to", folder / "problem.json"),
    ):
        answer = matcher(*words, given=given)
        assert answer.returncode == 0, answer.stderr
    return given


@pytest.mark.parametrize(
    ("capacity", "placed", "total"),
    [
        (1, 484, 11_155),
        pytest.param(2, 500, 12_149, marks=pytest.mark.torture),
        pytest.param(3, 500, 12_176, marks=pytest.mark.torture),
    ],
)
def test_as_many_as_can_be_are_placed_as_well_as_can_be_and_every_rule_is_kept(
    tmp_path, capacity, placed, total
):
    given = matched(tmp_path, capacity)

    engine = make_engine(given["DATABASE_URL"])
    with session_factory(engine)() as session:
        mentor, mentee = aliased(PersonRow), aliased(PersonRow)
        pairs = session.execute(
            select(
                Pair.points,
                mentor.id.label("mentor"),
                mentor.grade - mentee.grade,
                mentor.department != mentee.department,
            )
            .join(mentor, mentor.id == Pair.mentor_id)
            .join(mentee, mentee.id == Pair.mentee_id)
        ).all()
        plan = session.scalars(select(Draft.plan)).one()
        introductions = session.scalar(
            select(func.count()).select_from(MailRow).where(MailRow.kind == "introduction")
        )
    engine.dispose()
    (tmp_path / "plan.json").write_bytes(plan)
    loads = [sum(pair.mentor == one.mentor for one in pairs) for pair in pairs]

    assert (len(pairs), sum(pair.points for pair in pairs)) == (placed, total)
    assert {pair[2] for pair in pairs} <= {1, 2}
    assert all(pair[3] for pair in pairs)
    assert max(loads) <= capacity
    assert introductions == 2 * placed
    assert checked(tmp_path / "problem.json", tmp_path / "plan.json") == 0


def checked(problem: Path, plan: Path) -> int:
    """The exit code of the independent checker."""
    return subprocess.run(
        [sys.executable, "-m", "solver.check", str(problem), str(plan)], capture_output=True, check=False
    ).returncode
