"""`matcher replay`: anybody can solve a problem file again. Needs no settings and no database."""

import hashlib
import subprocess
import sys
from pathlib import Path

import click

NOT_PLANNED = {
    2: "The problem file cannot be read",
    3: "There was not enough time for a plan",
    4: "The plan failed its own check",
}


@click.command("replay")
@click.argument("problem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--to", "target", type=click.Path(path_type=Path), help="Keep the plan in this file.")
def replay_command(problem: Path, target: Path | None) -> None:
    """Solve the PROBLEM file twice, each time in a process of its own, and compare the plans byte by byte."""
    data = problem.read_bytes()
    first, second = _plan(data), _plan(data)
    if first != second:
        raise click.ClickException("The two plans differ. Please report this with the problem file.")
    if target is not None:
        target.write_bytes(first)
    digest = hashlib.sha256(first).hexdigest()
    click.echo(f"Solved twice, in two processes: the same plan, byte for byte. SHA-256 {digest}.")


def _plan(problem: bytes) -> bytes:
    child = subprocess.run([sys.executable, "-m", "solver"], input=problem, capture_output=True, check=False)
    if child.returncode == 0:
        return child.stdout
    last = child.stderr.decode(errors="replace").strip().splitlines()[-20:]
    what = NOT_PLANNED.get(child.returncode, f"The solver ended with code {child.returncode}")
    raise click.ClickException("\n".join([f"{what}.", *last]))
