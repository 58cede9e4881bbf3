"""`python -m solver` as its parent sees it: files and pipes, progress, limits, refusals; the same bytes every
time.
"""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from solver.files import MatchingProblem, dump_problem, load_plan
from solver.settings import SolveSettings
from tests.solver.pairing.cases import a_matrix_problem, a_random_crowd


def solver(
    *arguments: str, data: bytes = b"", module: str = "solver"
) -> "subprocess.CompletedProcess[bytes]":
    """One child process, as the service starts it."""
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)


def a_problem_file(mentees: int = 60, mentors: int = 40) -> bytes:
    pairing = a_random_crowd(np.random.default_rng(3), mentees, mentors)
    people = np.random.default_rng(4).integers(0, 2**62, mentees + mentors)
    return dump_problem(MatchingProblem(people=people, pairing=pairing, settings=SolveSettings(seed=11)))


def test_a_stored_problem_replays_to_the_same_plan_in_other_processes(tmp_path: Path):
    problem = tmp_path / "problem.json"
    problem.write_bytes(a_problem_file(400, 300))

    by_file = solver(str(problem), str(tmp_path / "plan.json"))
    by_pipe = solver(data=problem.read_bytes())

    assert (by_file.returncode, by_pipe.returncode) == (0, 0)
    assert (tmp_path / "plan.json").read_bytes() == by_pipe.stdout
    assert load_plan(by_pipe.stdout).pairing is not None


def test_progress_comes_as_one_line_of_json_per_stage():
    said = solver(data=a_problem_file()).stderr.decode().splitlines()

    stages = [json.loads(line)["stage"] for line in said]
    assert stages[-1] == "checked"
    assert set(stages) <= {"scored", "kept", "flow", "fair", "checked"}


def test_a_wrong_file_is_refused_with_everything_that_is_wrong():
    content = json.loads(a_problem_file())
    content["people"] = "everybody"
    content["pairing"]["mode"] = "generous"

    refused = solver(data=json.dumps(content).encode())

    assert refused.returncode == 2
    assert refused.stdout == b""
    assert [line.split(":")[0] for line in refused.stderr.decode().splitlines()] == [
        "/pairing/mode",
        "/people",
    ]


def test_a_pin_against_a_rule_is_refused_with_a_sentence():
    pairing = a_matrix_problem([[3, -1]], pinned=np.array([[0, 1]]))

    refused = solver(data=dump_problem(MatchingProblem(people=np.array([5, 6, 7]), pairing=pairing)))

    assert refused.returncode == 2
    assert refused.stderr.decode() == "/pairing/pinned: Pin of mentee 0 with mentor 1 breaks a hard rule.\n"


def test_a_plan_can_be_checked_by_anybody(tmp_path: Path):
    problem, plan = tmp_path / "problem.json", tmp_path / "plan.json"
    problem.write_bytes(a_problem_file())
    solver(str(problem), str(plan))
    good = solver(str(problem), str(plan), module="solver.check")
    content = json.loads(plan.read_bytes())
    content["pairing"]["total"] += 1
    plan.write_text(json.dumps(content))

    bad = solver(str(problem), str(plan), module="solver.check")

    assert (good.returncode, good.stdout) == (0, b"The plan is what it claims to be.\n")
    assert bad.returncode == 1
    assert b"total: 0 has" in bad.stdout


def test_more_memory_than_allowed_is_not_taken():
    ended = solver("--memory-mb", "60", data=a_problem_file())

    assert ended.returncode not in (0, 2)
    assert ended.stdout == b""


def test_a_warm_solver_answers_several_questions_and_refuses_nonsense(tmp_path: Path):
    problem = tmp_path / "problem.json"
    pairing = a_matrix_problem([[9, 8], [9, 1]], line=10, levels=10)
    problem.write_bytes(dump_problem(MatchingProblem(people=np.array([5, 6, 7, 8]), pairing=pairing)))
    questions = [
        '{"ask": "plan"}',
        '{"ask": "what_if", "pin": [[0, 0]]}',
        '{"ask": "what_if", "pin": [[0, 9]]}',
        "nonsense",
        '{"ask": "why_not", "mentee": 0, "mentor": 0}',
        '{"ask": "repair", "gone_mentors": [0], "stability": 1000}',
    ]

    served = solver("--serve", str(problem), data="\n".join(questions).encode())

    named_first = solver("--serve", data="\n".join([str(problem), *questions]).encode())

    assert named_first.stdout == served.stdout
    plan, pinned, unknown, nonsense, why, repaired = map(json.loads, served.stdout.decode().splitlines())
    assert plan == {"pairs": [[0, 1], [1, 0]], "proved": True, "total": 17, "bound": 17}
    assert (pinned["moved"], pinned["total"]) == ([[0, 1, 0], [1, 0, 1]], -7)
    assert unknown == {"refused": "There is no such mentor."}
    assert nonsense["refused"].startswith("Not JSON")
    assert (why["rules"], why["effect"]["total"]) == ([], -7)
    assert repaired["moved"] == [[1, 0, -1]]


@pytest.mark.parametrize("module", ["solver.check", "solver.files", "solver.pairing.problem"])
def test_values_and_checks_load_no_solver(module: str):
    code = f"import sys, {module}; sys.exit('ortools' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
