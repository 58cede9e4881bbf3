"""`matcher report`: the fairness report of a published cycle, made again from its stored problem file."""

from pathlib import Path
from uuid import UUID

import click

from matcher.domain.errors import DomainError
from matcher.domain.matching.fair_report import FairReport
from matcher.jobs.child import SolverChild
from matcher.services.fairness import reports
from matcher.services.fairness.reports import report_hash
from web.commands.finding import cycle_of
from web.commands.opening import House, opened


@click.command("report")
@click.argument("programme")
@click.option("--verify", is_flag=True, help="Solve the stored problem file again and compare the reports.")
@click.option(
    "--files",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the problem and the plan in this folder, to check them elsewhere.",
)
def report_command(programme: str, *, verify: bool, files: Path | None) -> None:
    """Show the fairness report of PROGRAMME's published cycle in a few lines."""
    with opened() as house:
        with house.sessions() as session:
            draft_id = reports.published_draft(session, cycle_of(session, programme).id)
        reports.make(house.sessions, draft_id, run_solver=SolverChild())
        with house.sessions() as session:
            found = reports.of(session, draft_id)
            kept = reports.kept_of(session, draft_id)
        if found is None:
            raise DomainError("The report could not be made.")
        _tell(found)
        if files is not None:
            files.mkdir(parents=True, exist_ok=True)
            (files / "problem.json").write_bytes(kept.problem)
            (files / "plan.json").write_bytes(kept.plan)
            click.echo(f"Check it: python -m solver.check {files}/problem.json {files}/plan.json")
        if verify:
            _compare(house, draft_id)


def _tell(report: FairReport) -> None:
    ours, proof = report.ours, report.proof
    click.echo(f"{ours.placed} of {report.mentees} mentees are placed, {ours.total:,} points in all.")
    click.echo(", ".join(f"{count} {word}" for word, count in ours.words) + ".")
    click.echo("The independent check found no fault." if proof.good else f"Faults: {proof.breaches}.")
    click.echo(f"SHA-256 of the report: {report_hash(report)}")


def _compare(house: House, draft_id: UUID) -> None:
    """Raises DomainError when the report or the plan comes out otherwise."""
    with house.sessions() as session:
        again = reports.again(session, draft_id, run_solver=SolverChild())
    if not again.same_plan:
        raise DomainError("Solving the stored problem file again gave another plan.")
    if not again.equal:
        raise DomainError(
            f"The report made anew has another hash, {report_hash(again.anew)}. Look into it before you "
            "rely on either."
        )
    click.echo(
        "Solved again from the stored problem file: the same plan, byte for byte, and an equal report."
    )
