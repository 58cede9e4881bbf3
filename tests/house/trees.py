"""The code as the rules see it: modules of a tree, their syntax, and a copy to break things in."""

import ast
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("matcher", "web", "solver", "seed")
LEFT_OUT = shutil.ignore_patterns("static", "__pycache__", "*.po")


def copied(to: Path) -> Path:
    """The four packages and the settings of the checks, in a folder where they may be broken."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, to / package, ignore=LEFT_OUT)
    shutil.copy(ROOT / "pyproject.toml", to)
    return to


def modules(tree: Path, *packages: str) -> Iterator[Path]:
    """Every module of these packages, or of all four; migrations left out: history is not rewritten."""
    for package in packages or PACKAGES:
        for path in sorted((tree / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path


@cache
def _parsed(path: Path, _changed: int) -> ast.Module:
    return ast.parse(path.read_text())


def parsed(path: Path) -> ast.Module:
    """The syntax of a module; read anew only where it changed."""
    return _parsed(path, path.stat().st_mtime_ns)


def broken(tree: Path, place: str, text: str) -> None:
    """Add these lines to the end of a module, made if it is not there."""
    path = tree / place
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        file.write(f"\n{text}\n")
