"""The recipes of CONTRIBUTING.md, followed to the letter in a copy, lead to something that works."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.trees import PACKAGES, ROOT

LOOK = """
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import RULES
from web.app import create_app
from web.config import Config
from web.organiser.policy.view import as_stored, editor

policy = Policy.from_data({"rules": [{"name": "different_site"}]})
config = Config(database_url="sqlite://", secret_key="x" * 40, base_url="http://localhost")
with create_app(config).test_request_context():
    page = editor(as_stored(policy), 1)
print([(field.label, field.sentence, field.on) for field in page.rules if field.name == "different_site"])
print(RULES["different_site"].blocks)
"""


@pytest.fixture
def workshop(tmp_path: Path) -> Path:
    """The code and its tests, to be changed as a recipe says."""
    for folder in (*PACKAGES, "tests"):
        left_out = shutil.ignore_patterns("static", "__pycache__", "vendor", "golden")
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=left_out)
    shutil.copytree(ROOT / "web/static", tmp_path / "web/static")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def inserted(tree: Path, place: str, before: str, text: str) -> None:
    """Put lines before the first place that reads so."""
    path = tree / place
    there = path.read_text()
    assert before in there, f"{place} does not hold {before!r}."
    path.write_text(there.replace(before, text + before, 1))


def run(tree: Path, *words: str) -> str:
    """What Python prints in the changed copy."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_hard_rule_is_added_in_two_files(workshop: Path) -> None:
    rules, compiling = "matcher/domain/policy/rules.py", "matcher/problem/compiling.py"
    inserted(
        workshop,
        rules,
        "def same_known(",
        "def different_site(mentor: Profile, mentee: Profile, _facts: Facts, _params: Values) -> bool:\n"
        "    return not same_known(mentor.person.site, mentee.person.site)\n\n\n",
    )
    inserted(
        workshop,
        rules,
        ")\n\nRULES: Mapping",
        "    HardRule(\n"
        '        name="different_site",\n'
        '        title=say("Different sites"),\n'
        '        sentence=N_("Mentor and mentee work at different sites."),\n'
        '        blocks=say("works at the same site"),\n'
        "        allows=different_site,\n"
        "    ),\n",
    )
    inserted(
        workshop,
        compiling,
        "# -- criteria",
        "def different_site(compiled: Compiled, _params: Values) -> None:\n"
        "    said = ([one.person.site for one in side] for side in (compiled.mentees, compiled.mentors))\n"
        '    compiled.rules.append(Rule(kind="differ", column=compiled.words("site", *said)))\n\n\n',
    )
    inserted(
        workshop,
        compiling,
        "}\n\nCRITERIA: Mapping",
        '    "different_site": different_site,\n',
    )

    agreed = run(
        workshop, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/matcher/problem/test_encoding.py",
        "-k", "different_site or both_forms",
    )  # fmt: skip
    seen = run(workshop, "-c", LOOK)

    assert "2 passed" in agreed
    assert seen.splitlines() == [
        "[('Different sites', 'Mentor and mentee work at different sites.', True)]",
        "works at the same site",
    ]
