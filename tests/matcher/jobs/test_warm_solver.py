"""Warm solvers: started by the first question, few, started anew when they die, ended when nobody asks."""

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from matcher.jobs.warm_solver import WarmSolver
from matcher.services.ports import SolverCrashed, SolverRefused, SolverTimedOut

ECHO = """
import json, os, sys
problem = open(sys.stdin.readline().strip()).read()
for line in sys.stdin:
    print(json.dumps({"pid": os.getpid(), "problem": problem, "asked": json.loads(line)}), flush=True)
"""


def a_desk(program: str = ECHO, **limits: Any) -> WarmSolver:
    """A desk whose children run this program instead of the solver."""
    return WarmSolver(command=(sys.executable, "-c", program), memory_mb=512, **limits)


def pid_of(desk: WarmSolver, problem: bytes = b"numbers") -> int:
    answers = desk(problem, [{"ask": "plan"}], patience=10)
    assert answers is not None
    return int(answers[0]["pid"])


def ended(pid: int) -> bool:
    """Gone, or dead and not yet buried, before ten seconds are over."""
    pause = Event()
    return any(not alive(pid) or pause.wait(0.05) for _ in range(200))


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_one_child_answers_all_questions_about_a_problem_in_their_order() -> None:
    desk = a_desk()
    questions = [{"ask": "what_if", "pin": [[0, number]]} for number in range(5)]

    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(desk, b"numbers", questions, patience=10) for _ in range(4)]
        answers = [one.result() for one in asked]
    desk.close()

    assert all(some is not None and [one["asked"] for one in some] == questions for some in answers)
    assert len({one["pid"] for some in answers for one in some or ()}) == 1
    assert desk.warm() == 0


def test_no_more_children_than_allowed_and_the_oldest_ends() -> None:
    desk = a_desk(most=2)

    first, second = pid_of(desk, b"1"), pid_of(desk, b"2")
    assert pid_of(desk, b"1") == first
    pid_of(desk, b"3")

    assert desk.warm() == 2
    assert ended(second)
    assert pid_of(desk, b"1") == first
    desk.close()


def test_one_more_stands_ready_for_the_next_problem_and_ends_with_the_last(tmp_path: Path) -> None:
    desk = a_desk(f"import os, pathlib; pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()\n" + ECHO)
    pause = Event()

    first = pid_of(desk, b"1")
    assert any(len(list(tmp_path.iterdir())) == 2 or pause.wait(0.05) for _ in range(200))
    begun = {int(one.name) for one in tmp_path.iterdir()}
    second = pid_of(desk, b"2")
    desk.close()

    assert begun == {first, second}
    assert all(ended(int(one.name)) for one in tmp_path.iterdir())


def test_one_that_died_while_it_stood_ready_is_not_used(tmp_path: Path) -> None:
    desk = a_desk(f"import os, pathlib; pathlib.Path({str(tmp_path)!r}, str(os.getpid())).touch()\n" + ECHO)
    pause = Event()

    first = pid_of(desk, b"1")
    assert any(len(list(tmp_path.iterdir())) == 2 or pause.wait(0.05) for _ in range(200))
    (ready,) = {int(one.name) for one in tmp_path.iterdir()} - {first}
    os.kill(ready, signal.SIGKILL)
    assert ended(ready)
    second = pid_of(desk, b"2")
    desk.close()

    assert second not in {first, ready}


def test_a_child_nobody_asks_ends_by_itself() -> None:
    desk = a_desk(idle=0.3)

    assert ended(pid_of(desk))
    assert desk.warm() == 0


def test_a_child_that_died_is_started_anew() -> None:
    desk = a_desk()
    first = pid_of(desk)

    os.kill(first, signal.SIGKILL)
    assert ended(first)
    answers = desk(b"numbers", [{"ask": "other"}], patience=10)
    desk.close()

    assert answers is not None
    assert answers[0]["pid"] != first


def test_who_does_not_wait_gets_the_answer_later() -> None:
    desk = a_desk("import time; time.sleep(0.5)\n" + ECHO)

    assert desk(b"numbers", [{"ask": "plan"}], patience=0) is None
    assert desk(b"numbers", [{"ask": "plan"}], patience=10) is not None
    desk.close()


def test_a_refusal_a_crash_and_a_hang_are_told() -> None:
    for program, error, words in (
        (
            "import sys; print('only one mentor', file=sys.stderr); sys.exit(2)",
            SolverRefused,
            "only one mentor",
        ),
        ("import os; os.abort()", SolverCrashed, "Ask again"),
        ("import time; time.sleep(60)", SolverTimedOut, "took too long"),
    ):
        desk = a_desk(program, longest=1.0)
        with pytest.raises(error, match=words):
            desk(b"numbers", [{"ask": "plan"}], patience=10)
        assert desk.warm() == 0
