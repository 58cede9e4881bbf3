"""The console script: in this process for most tests, in one of its own where that is the matter."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from web.cli import main

MATCHER = [sys.executable, "-m", "web.cli"]


def settings(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": f"sqlite:///{folder / 'evenhand.db'}",
        "SECRET_KEY": "a secret of the tests, never used elsewhere",
        "BASE_URL": "http://127.0.0.1:8765",
        "MAIL": f"folder:{folder / 'mail'}",
    }


def matcher(*words: str | Path, given: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command in this process: it begins ten times as fast."""
    answer = CliRunner().invoke(main, [str(word) for word in words], env=given)
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return subprocess.CompletedProcess(words, answer.exit_code, answer.stdout, answer.stderr)


def process(*words: str | Path, given: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, which knows no more settings than these."""
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
