"""The rules of the house: who may import whom, what is never committed, what the two commands are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.trees import PACKAGES, ROOT

NO_CIRCLES = "rooms of a floor do not go round in circles"


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts of `tree` as `make check` does."""
    command = Path(sys.executable).with_name("lint-imports")
    return subprocess.run([command, "--no-cache"], cwd=tree, capture_output=True, text=True, check=False)


def test_import_contracts_hold(a_copy: Path) -> None:
    result = lint_imports(a_copy)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("web/app.py", "import ortools.graph", "OR-Tools only in the child"),
        ("web/app.py", "import solver.pairing.flow", "OR-Tools only in the child"),
        ("solver/check.py", "import solver.pairing.flow", "OR-Tools only in the child"),
        ("solver/files.py", "import matcher.domain.people", "one straight line"),
        ("matcher/services/cycle/cycles.py", "import matcher.services.repair.find", NO_CIRCLES),
        ("web/organiser/setup/view.py", "import web.organiser.overview.routes", NO_CIRCLES),
        ("matcher/domain/people.py", "import web.app", "one straight line"),
        ("matcher/domain/people.py", "import matcher.store.tables", "inside the service"),
        ("matcher/domain/policy/policy.py", "import sqlalchemy", "domain and solver stand alone"),
        ("matcher/domain/policy/policy.py", "import numpy", "the domain uses the standard library only"),
        ("matcher/services/publishing/publication.py", "import flask", "no Flask below the web"),
        ("solver/pairing/scoring.py", "import random", "time and chance are arguments of the solver"),
        ("seed/load.py", "import matcher.store.tables", "demo data comes in by the doors people use"),
    ],
)
def test_planted_import_is_caught(a_copy: Path, place: str, line: str, contract: str) -> None:
    with (a_copy / place).open("a") as file:
        file.write(f"\n{line}\n")

    result = lint_imports(a_copy)

    assert result.returncode == 1
    assert re.search(rf"^{re.escape(contract)} BROKEN$", result.stdout, re.M), result.stdout


def test_package_doors_import_nothing() -> None:
    """The linter does not follow a parent's `__init__`; so these hold a docstring and nothing else."""
    doors = [path for package in PACKAGES for path in (ROOT / package).rglob("__init__.py")]

    loud = [
        str(path.relative_to(ROOT))
        for path in doors
        if re.search(r"^\s*(from|import)\s", path.read_text(), re.M)
    ]

    assert doors
    assert loud == []


def test_locked_lists_carry_hashes_and_no_addresses() -> None:
    lists = sorted((ROOT / "requirements").glob("*.txt"))

    for path in lists:
        text = path.read_text()
        names = re.findall(r"^[a-zA-Z0-9_.-]+==", text, re.M)
        assert names
        assert "://" not in text
        assert len(re.findall(r"^[a-zA-Z0-9_.-]+==[^\n]*\\\n\s+--hash=sha256:", text, re.M)) == len(names)
    assert [path.name for path in lists] == ["bench.txt", "core.txt", "demo.txt", "test.txt"]
