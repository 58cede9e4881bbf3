"""The console script, as a person uses it: most commands in this process, some in one of their own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from matcher.mail.wire import python_is_safe
from matcher.store.engine import make_engine, session_factory
from tests.matcher.jobs.outboxes import write_mails
from tests.web.commands.command_line import MATCHER, matcher, process, settings
from web.cli import main

WORDS = (
    "run",
    "work",
    "migrate",
    "doctor",
    "start",
    "import",
    "match",
    "publish",
    "check-in",
    "handler",
    "repair",
    "export-problem",
    "report",
    "replay",
    "erased",
    "erase-again",
    "sign-in-link",
)
HEAVY = ("numpy", "ortools", "pandas", "sqlalchemy", "flask", "marshmallow", "matcher", "seed", "solver")


def test_help_lists_every_command():
    answer = process("--help")

    assert answer.returncode == 0
    assert all(f"\n  {word} " in answer.stdout for word in WORDS)


def test_help_loads_nothing_heavy():
    look = (
        "import sys, json; import web.cli; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"
    )

    result = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert not set(HEAVY) & set(json.loads(result.stdout))


def test_every_command_explains_itself():
    runner = CliRunner()

    answers = {word: runner.invoke(main, [word, "--help"]) for word in WORDS}

    assert {word: answer.exit_code for word, answer in answers.items()} == dict.fromkeys(WORDS, 0)
    assert all(answer.stdout.startswith(f"Usage: main {word} ") for word, answer in answers.items())


def test_missing_settings_end_with_78_and_a_sentence_for_each():
    result = process("migrate")

    assert result.returncode == 78
    assert [line.split(" ")[0] for line in result.stderr.splitlines()] == [
        "DATABASE_URL",
        "SECRET_KEY",
        "BASE_URL",
    ]


def test_the_doctor_says_what_to_do_before_the_first_migration(tmp_path):
    result = matcher("doctor", given=settings(tmp_path))

    assert result.returncode == 1
    assert "WRONG  The database is empty or of an older version. Run: matcher migrate." in result.stdout


def test_the_doctor_is_content_with_a_house_in_order(house):
    result = process("doctor", given=house)

    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "Everything is well.")


@pytest.mark.skipif(python_is_safe(), reason="this Python has no known fault in mail headers")
def test_a_python_with_a_fault_in_mail_headers_serves_on_a_laptop_only(house):
    result = matcher("work", given={**house, "BASE_URL": "https://match.example.org"})

    assert (result.returncode, result.stdout) == (1, "")
    assert "Install its newest patch release" in result.stderr


@pytest.mark.parametrize("content", [b"", b"{}", b"[1,2", b"\xff\xfe"])
def test_a_problem_file_that_is_wrong_is_refused_with_its_reasons(tmp_path, content):
    problem = tmp_path / "problem.json"
    problem.write_bytes(content)

    result = matcher("replay", problem, given={})

    assert result.returncode == 1
    assert "The problem file cannot be read." in result.stderr
    assert "Traceback" not in result.stderr


PEOPLE = """email,name,roles,grade,department,function
ada@example.org,Ada,mentor,3,North,Data
bob@example.org,Bob,mentee,2,South,Data
"""
READ = "people.csv: 2 rows, separated by comma.\nEvery row is right: {} new people, {} already known.\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> dict[str, str]:
    """The settings of a house in which a programme takes sign-ups and Ada and Bob have signed up."""
    folder = tmp_path_factory.mktemp("house")
    given = settings(folder)
    (folder / "people.csv").write_text(PEOPLE, encoding="utf-8")
    said = [
        matcher(*words, given=given)
        for words in (
            ("migrate",),
            ("start", "Mentoring for all", "--policy", "civil-service"),
            ("import", folder / "people.csv", "--cycle", "mentoring-for-all"),
        )
    ]
    assert [answer.returncode for answer in said] == [0, 0, 0], said
    assert said[0].stdout == "The database is at the present version.\n"
    assert said[1].stdout.endswith("at http://127.0.0.1:8765/c/mentoring-for-all.\n")
    assert said[2].stdout.startswith(READ.format(2, 0) + "Imported. 2 people are enrolled in ")
    return given


def test_a_dry_run_counts_and_stores_nothing(house, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE + "cy@example.org,Cy,mentee,1,South,Data\n", encoding="utf-8")

    first, again = (
        matcher("import", people, "--cycle", "mentoring-for-all", "--dry-run", given=house) for _ in range(2)
    )

    said = READ.replace("2 rows", "3 rows").format(1, 2) + "This was a dry run: nothing was stored.\n"
    assert (first.stdout, again.stdout) == (said, said)


def test_a_wrong_file_is_told_line_by_line_and_a_wrong_word_names_what_there_is(house, tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE.replace("mentee,2", "boss,x"), encoding="utf-8")

    wrong = matcher("import", people, "--cycle", "mentoring-for-all", given=house)
    nowhere = matcher("import", people, "--cycle", "mentoring-for-all", "--mapping", "nothing", given=house)

    assert (wrong.returncode, nowhere.returncode) == (1, 1)
    assert wrong.stderr.splitlines() == [
        "2 things are wrong. Nothing was stored.",
        "Error: people.csv, row 3, column 3, “roles” has “boss”: Write mentor, mentee or peer.",
        "people.csv, row 3, column 4, “grade” has “x”: Enter a whole number from 0 to 99.",
    ]
    assert nowhere.stderr == (
        "Error: There is no mapping file “nothing”. Give a path, or one of ours: civil-service, people.\n"
    )


def test_a_programme_nobody_started_is_named_with_those_there_are(house):
    result = matcher("match", "elsewhere", given=house)

    assert result.stderr == (
        "Error: There is no programme “elsewhere” with a cycle. Known: mentoring-for-all. "
        "`matcher start` makes one.\n"
    )


def test_a_policy_that_says_something_twice_is_refused(house, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"line": 300, "line": 400}')

    result = matcher("start", "Odd", "--policy", policy, given=house)

    assert result.returncode == 1
    assert "“line” is written twice in one object." in result.stderr


def test_a_policy_with_unknown_words_is_refused_with_all_that_are_known(house, tmp_path):
    policy = tmp_path / "policy.json"
    policy.write_text('{"rules": [{"name": "same_persn"}], "criteria": [{"name": "topcs", "weight": 11}]}')

    result = matcher("start", "Odd", "--policy", policy, given=house)

    assert result.returncode == 1
    assert "“same_persn” is not a known hard rule. Did you mean “same_person”?" in result.stderr
    assert "“topcs” is not a known criterion. Did you mean “topics”?" in result.stderr
    assert "weight 11; expected a whole number from 0 to 10." in result.stderr


def test_a_sign_in_link_is_for_people_who_are_known(house):
    known = matcher("sign-in-link", "Ada@example.org", given=house)
    unknown = matcher("sign-in-link", "eve@example.org", given=house)

    assert known.stdout.startswith("http://127.0.0.1:8765/sign-in/")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Nobody here has the address eve@example.org." in unknown.stderr


def test_a_handler_is_somebody_who_is_known(house):
    known = matcher("handler", "mentoring-for-all", "Ada@example.org", given=house)
    unknown = matcher("handler", "mentoring-for-all", "eve@example.org", given=house)

    assert known.stdout == "Ada@example.org can be asked for help in mentoring-for-all from now on.\n"
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert "Nobody here has the address eve@example.org. Nothing was changed." in unknown.stderr


def test_a_check_in_needs_a_cycle_under_way(house):
    result = matcher("check-in", "mentoring-for-all", given=house)

    assert result.returncode == 1
    assert "is open. A check-in needs a cycle under way." in result.stderr


def test_a_cycle_is_matched_published_exported_and_replayed_by_commands(tmp_path):
    given = settings(tmp_path)
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    problem = tmp_path / "problem.json"

    said = [
        matcher(*words, given=given)
        for words in (
            ("migrate",),
            ("start", "Pairs", "--policy", "civil-service"),
            ("import", tmp_path / "people.csv", "--cycle", "pairs"),
            ("publish", "pairs"),
            ("match", "pairs"),
            ("publish", "pairs"),
            ("publish", "pairs"),
            ("export-problem", "pairs", "--to", problem),
            ("replay", problem),
        )
    ]

    assert [answer.returncode for answer in said] == [0, 0, 0, 1, 0, 0, 1, 0, 0], said
    assert "was not matched yet. Do it: matcher match pairs" in said[3].stderr
    assert said[4].stdout.startswith("1 of 1 mentees are placed, 19 points in all.\n")
    assert " is published. " in said[5].stdout
    assert "Solved twice, in two processes: the same plan, byte for byte." in said[8].stdout
    assert not {"Ada", "Bob", "example.org"} & set(problem.read_text().replace('"', " ").split())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_site_answers_delivers_and_ends_in_good_order_when_asked(house):
    write_mails(session_factory(make_engine(house["DATABASE_URL"])), 1, now=datetime.now(UTC))
    box = Path(house["MAIL"].removeprefix("folder:"), "new")
    port = free_port()
    given = {**os.environ, **house, "BASE_URL": f"http://127.0.0.1:{port}", "PYTHONUTF8": "1"}
    site = subprocess.Popen(
        [*MATCHER, "run", "--port", str(port)], env=given, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    try:
        first = site.stdout.readline()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
            status = answer.status
        until = time.monotonic() + 60
        while not any(box.glob("*")) and time.monotonic() < until:
            time.sleep(0.05)
        site.send_signal(signal.SIGTERM)
        rest, _ = site.communicate(timeout=60)
    finally:
        site.kill()
        site.wait()

    assert first == f"Evenhand listens on 127.0.0.1:{port} for http://127.0.0.1:{port}. Ctrl-C ends it.\n"
    assert status == 200
    assert len(list(box.glob("*"))) == 1
    # Its words end only when the worker beside it has ended too.
    assert (site.returncode, rest) == (0, "Everything in hand was finished. Goodbye.\n")
