"""The console script, as a person uses it: in processes of its own."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

MATCHER = [sys.executable, "-m", "web.cli"]
WORDS = (
    "run",
    "work",
    "migrate",
    "doctor",
    "start",
    "import",
    "match",
    "publish",
    "export-problem",
    "replay",
    "sign-in-link",
)
HEAVY = ("numpy", "ortools", "pandas", "sqlalchemy", "flask", "marshmallow", "matcher", "seed", "solver")


def settings(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'evenhand.db'}",
        "SECRET_KEY": "a secret of the tests, never used elsewhere",
        "BASE_URL": "http://127.0.0.1:8765",
        "MAIL": f"folder:{folder / 'mail'}",
    }


def matcher(*words: str | Path, given: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [*MATCHER, *map(str, words)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**environment, "PYTHONUTF8": "1", **(given or {})},
        check=False,
        timeout=120,
    )


def test_help_lists_every_command_within_half_a_second():
    began = time.perf_counter()
    result = matcher("--help")
    took = time.perf_counter() - began

    assert result.returncode == 0
    assert all(f"\n  {word} " in result.stdout for word in WORDS)
    assert took < 0.5


def test_help_loads_nothing_heavy():
    look = (
        "import sys, json; import web.cli; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )

    result = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert not set(HEAVY) & set(json.loads(result.stdout))


def test_every_command_explains_itself():
    answers = {word: matcher(word, "--help") for word in WORDS}

    assert {word: answer.returncode for word, answer in answers.items()} == dict.fromkeys(WORDS, 0)


def test_missing_settings_end_with_78_and_a_sentence_for_each():
    result = matcher("migrate")

    assert result.returncode == 78
    assert [line.split(" ")[0] for line in result.stderr.splitlines()] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "BASE_URL",
    ]


def test_the_doctor_says_what_to_do_and_is_content_afterwards(tmp_path):
    before = matcher("doctor", given=settings(tmp_path))
    migrated = matcher("migrate", given=settings(tmp_path))
    after = matcher("doctor", given=settings(tmp_path))

    assert before.returncode == 1
    assert "WRONG  The database is empty or of an older version. Run: matcher migrate." in before.stdout
    assert migrated.stdout == "The database is at the present version.\n"
    assert (after.returncode, after.stdout.splitlines()[-1]) == (0, "Everything is well.")


@pytest.mark.parametrize("content", [b"", b"{}", b"[1,2", b"\xff\xfe"])
def test_a_problem_file_that_is_wrong_is_refused_with_its_reasons(tmp_path, content):
    problem = tmp_path / "problem.json"
    problem.write_bytes(content)

    result = matcher("replay", problem)

    assert result.returncode == 1
    assert "The problem file cannot be read." in result.stderr
    assert "Traceback" not in result.stderr


PEOPLE = """email,name,roles,grade,department,function
ada@example.org,Ada,mentor,3,North,Data
bob@example.org,Bob,mentee,2,South,Data
"""


def started(folder: Path) -> dict[str, str]:
    """The settings of a house in which a programme takes sign-ups."""
    given = settings(folder)
    assert matcher("migrate", given=given).returncode == 0
    answer = matcher("start", "Mentoring for all", "--policy", "civil-service", given=given)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout.endswith("at http://127.0.0.1:8765/c/mentoring-for-all.\n")
    return given


def test_people_are_imported_after_a_dry_run_that_stored_nothing(tmp_path):
    given = started(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")

    dry, first, again = (
        matcher("import", people, "--cycle", "mentoring-for-all", *more, given=given)
        for more in (["--dry-run"], [], [])
    )

    said = "people.csv: 2 rows, separated by comma.\nEvery row is right: {} new people, {} already known.\n"
    done = f"Imported. 2 people are enrolled in {first.stdout.split(' in ')[-1]}"
    assert dry.stdout == said.format(2, 0) + "This was a dry run: nothing was stored.\n"
    assert first.stdout == said.format(2, 0) + done
    assert again.stdout == said.format(0, 2) + done


def test_a_wrong_file_is_told_line_by_line_and_a_wrong_word_names_what_there_is(tmp_path):
    given = started(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("mentee,2", "boss,x"), encoding="utf-8")

    wrong = matcher("import", people, "--cycle", "mentoring-for-all", given=given)
    nowhere = matcher("import", people, "--cycle", "elsewhere", "--mapping", "nothing", given=given)

    assert (wrong.returncode, nowhere.returncode) == (1, 1)
    assert wrong.stderr.splitlines() == [
        "2 things are wrong. Nothing was stored.",
        "Error: people.csv, row 3, column 3, “roles” has “boss”: Write mentor, mentee or peer.",
        "people.csv, row 3, column 4, “grade” has “x”: Enter a whole number from 0 to 99.",
    ]
    assert nowhere.stderr == (
        "Error: There is no mapping file “nothing”. Give a path, or one of ours: civil-service, people.\n"
    )


def test_a_sign_in_link_is_for_people_who_are_known(tmp_path):
    given = started(tmp_path)
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    matcher("import", people, "--cycle", "mentoring-for-all", given=given)

    known = matcher("sign-in-link", "Ada@example.org", given=given)
    unknown = matcher("sign-in-link", "eve@example.org", given=given)

    assert known.stdout.startswith("http://127.0.0.1:8765/sign-in/")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Nobody here has the address eve@example.org." in unknown.stderr
