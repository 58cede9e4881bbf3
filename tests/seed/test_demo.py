"""The demo as a person starts it, in a process of its own: few people, the whole road, no site."""

import re
import subprocess
import sys
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from seed.terminal import ERASE
from solver.files import load_problem

DEMO = (sys.executable, "-m", "seed", "demo")
SUMMARY = re.compile(r"  (Pairs|Fairness|Circles|Rota|Waiting|Mails) ")


@pytest.fixture(scope="module")
def played(tmp_path_factory) -> tuple[Path, str]:
    """The folder of a demo of 40 people, and what it said."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, demo(folder)


def demo(folder: Path) -> str:
    answer = subprocess.run(
        [
            sys.executable,
            "-m",
            "seed",
            "demo",
            "--people",
            "40",
            "--no-serve",
            "--folder",
            str(folder),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert answer.stderr == ""
    return answer.stdout


def test_it_tells_the_whole_road_in_plain_lines(played):
    _, said = played

    assert "✓ 40 people in " in said
    assert len(re.findall(r"✓ \w+ \d{4}: \d+ people, \d+ pairs? and \d+ circles?; over since", said)) == 2
    assert "✓ Reviewed and published, all at once" in said
    assert ERASE not in said
    for label in ("Pairs", "Fairness", "Circles", "Rota", "Waiting", "Mails", "Look at"):
        assert re.search(rf"^  {label} +\S", said, re.MULTILINE), label


def test_every_mail_is_a_file_with_one_recipient_and_introductions_carry_an_invitation(played):
    folder, said = played

    letters = [
        message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in (folder / "mail" / "new").glob("*.eml")
    ]

    assert f"Introduced by mail: {len(letters)} files" in said
    assert all(letter["To"].addresses[0].domain == "larkfield.example" for letter in letters)
    assert all(len(letter["To"].addresses) == 1 and letter["Cc"] is None for letter in letters)
    assert any(part.get_content_type() == "text/calendar" for letter in letters for part in letter.walk())


def test_the_problem_file_left_behind_names_nobody(played):
    folder, _ = played

    text = (folder / "problem.json").read_text("utf-8")

    assert load_problem(text.encode()).people.size > 0
    assert "@" not in text
    assert not re.search(r'"[^"]*[ÄÖÜäöüßéãç][^"]*"', text)


@pytest.mark.torture
def test_the_same_seed_gives_the_same_problem_and_summary(played, tmp_path):
    folder, said = played

    again = demo(tmp_path)

    assert (tmp_path / "problem.json").read_bytes() == (folder / "problem.json").read_bytes()
    assert told(again) == told(said)


def told(said: str) -> list[str]:
    """The summary's lines that hold no times and no folders."""
    return [
        line
        for line in said.splitlines()
        if re.match(r"  (Pairs|Fairness|Circles|Rota|Waiting|Mails) ", line)
    ]


def test_too_few_people_are_refused_with_a_sentence():
    answer = subprocess.run([*DEMO, "--people", "5"], capture_output=True, text=True, check=False)

    assert answer.returncode == 2
    assert "5 people are too few for a cycle; ask for 40 or more." in answer.stderr
