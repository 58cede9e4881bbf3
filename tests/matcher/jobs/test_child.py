"""The solver's child: its plan comes back, and whatever else it does is an ordinary outcome."""

import os
import sys
import time
from pathlib import Path

import pytest

from matcher.jobs.child import SolverChild
from matcher.services.ports import SolverCrashed, SolverRefused, SolverTimedOut

Told = list[tuple[str, int, int]]


def child(program: str) -> SolverChild:
    """A child that runs this program instead of the solver."""
    return SolverChild(command=(sys.executable, "-c", program))


def ask(program: str, problem: bytes = b"numbers", *, seconds: float = 5, told: Told | None = None) -> bytes:
    told = [] if told is None else told
    return child(program)(problem, seconds=seconds, memory_mb=512, report=lambda *words: told.append(words))


def test_plan_and_progress_come_back() -> None:
    told: Told = []

    plan = ask(
        """
import json, sys
problem = sys.stdin.buffer.read()
for done in (1, 2):
    print(json.dumps({"stage": "scored", "done": done, "of": 2}), file=sys.stderr, flush=True)
sys.stdout.buffer.write(problem[::-1])
""",
        told=told,
    )

    assert plan == b"srebmun"
    assert told == [("started", 0, 0), ("scored", 1, 2), ("scored", 2, 2)]


def test_large_problem_and_plan_pass_while_the_child_talks() -> None:
    problem = os.urandom(2**22)

    plan = ask(
        """
import sys
for number in range(20_000):
    print("not progress", number, file=sys.stderr)
problem = sys.stdin.buffer.read()
sys.stdout.buffer.write(problem)
""",
        problem,
        seconds=20,
    )

    assert plan == problem


def test_child_gets_its_limits_and_no_secrets() -> None:
    os.environ["EVENHAND_SECRET_FOR_THIS_TEST"] = "hidden"
    try:
        told = ask("import os, sys; print(sys.argv[1:], sorted(os.environ))", seconds=2.5).decode()
    finally:
        del os.environ["EVENHAND_SECRET_FOR_THIS_TEST"]

    assert told.startswith("['--seconds', '2.5', '--memory-mb', '512']")
    assert "EVENHAND" not in told


@pytest.mark.parametrize(
    ("program", "how"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "with SIGSEGV"),
        ("import os; os.abort()", "with SIGABRT"),
        ("import sys; print('the reason', file=sys.stderr); sys.exit(7)", "with 7: the reason"),
        ("raise ValueError('nonsense')", "with 1: ValueError: nonsense"),
        ("pass", "gave no plan"),
    ],
)
def test_crash_is_told_and_nothing_more(program: str, how: str) -> None:
    with pytest.raises(SolverCrashed, match=how):
        ask(program)


def test_child_that_wants_too_much_memory_crashes_alone() -> None:
    with pytest.raises(SolverCrashed, match="MemoryError"):
        ask("import sys; sys.stdin.read(); kept = bytearray(2**30); print(len(kept))")


def test_child_leaves_no_core_file() -> None:
    cores = ask("import resource, sys; sys.stdin.read(); print(resource.getrlimit(resource.RLIMIT_CORE))")

    assert cores.strip() == b"(0, 0)"


def test_refused_problem_is_told_with_all_reasons() -> None:
    with pytest.raises(SolverRefused, match="first reason\nsecond reason"):
        ask("import sys; print('first reason\\nsecond reason', file=sys.stderr); sys.exit(2)")


def test_child_without_a_plan_in_time_says_so() -> None:
    with pytest.raises(SolverTimedOut, match="no plan in time"):
        ask("import sys; print('no plan in time', file=sys.stderr); sys.exit(3)")


def test_child_that_overruns_is_killed_though_it_ignores_signals() -> None:
    began = time.monotonic()

    with pytest.raises(SolverTimedOut, match="was stopped"):
        child(
            "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nwhile True: time.sleep(60)"
        )(b"", seconds=-6.4, memory_mb=512, report=lambda *_: None)

    assert time.monotonic() - began < 5


def test_cancelled_child_is_killed_at_once_with_its_own_children(tmp_path: Path) -> None:
    pids = tmp_path / "pids"

    class Cancelled(Exception):  # noqa: N818
        pass

    def report(stage: str, done: int, of: int) -> None:
        if stage == "running":
            raise Cancelled

    with pytest.raises(Cancelled):
        child(
            "import os, subprocess, sys, time\n"
            "helper = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
            f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{helper.pid}}')\n"
            'print(\'{"stage": "running", "done": 0, "of": 1}\', file=sys.stderr, flush=True)\n'
            "time.sleep(60)"
        )(b"", seconds=30, memory_mb=512, report=report)

    parent, helper = map(int, pids.read_text().split())
    with pytest.raises(ProcessLookupError):
        os.kill(parent, 0)
    assert dead(helper)


def dead(pid: int) -> bool:
    """Gone, or a zombie nobody has taken away yet."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            words = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            return True
        if words.rpartition(")")[2].split()[0] == "Z":
            return True
    return False


def test_silent_child_still_has_a_heartbeat() -> None:
    """The parent reports on, so that the run's lease stays alive."""
    told: Told = []
    program = "import time; time.sleep(0.5); print('plan')"

    SolverChild(command=(sys.executable, "-c", program), heartbeat=0.1)(
        b"", seconds=5, memory_mb=512, report=lambda *words: told.append(words)
    )

    assert len(told) >= 3
    assert set(told) == {("started", 0, 0)}
