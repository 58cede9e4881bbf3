"""`matcher match`, `publish` and `export-problem`: a cycle by the operator's own hand."""

import hashlib
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from matcher.domain.errors import DomainError, NotFound
from matcher.domain.lifecycle import CycleState
from matcher.jobs.child import SolverChild
from matcher.jobs.clock import database_clock
from matcher.mail.links import Links
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine, RunLine
from matcher.services.matching import runs
from matcher.services.ports import Report
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from web.commands.finding import cycle_of
from web.commands.opening import House, opened

WORKER = "the command line"


@click.command("match")
@click.argument("programme")
@click.option(
    "--effort",
    type=click.IntRange(0, 1_000_000),
    default=runs.EFFORT,
    show_default=True,
    help="How much is tried for better circles.",
)
def match_command(programme: str, effort: int) -> None:
    """Close the sign-ups of PROGRAMME's present cycle if they are open, match it, and say what came of it."""
    with opened() as house:
        with house.sessions.begin() as session:
            cycle = cycle_of(session, programme)
            begin = cycles.close if cycle.state is CycleState.OPEN else runs.queue
            run_id = begin(session, cycle_id=cycle.id, by=None, now=house.now)
        clock = database_clock(house.sessions)
        runs.solve(house.sessions, run_id, run_solver=_telling, clock=clock, worker=WORKER, effort=effort)
        _tell(house, run_id)
        click.echo(f"Look through it at {_links(house).organise(cycle.id)}, or: matcher publish {programme}")


@click.command("publish")
@click.argument("programme")
def publish_command(programme: str) -> None:
    """Publish the newest draft of PROGRAMME's present cycle. The mails leave with the worker."""
    with opened() as house:
        with house.sessions.begin() as session:
            cycle = cycle_of(session, programme)
            draft_id = _newest(session, cycle).draft_id
            if draft_id is None:
                raise NotFound(f"{cycle.name} has no draft to publish. Make one: matcher match {programme}")
            seen = draft_summary.summary(session, draft_id)
            publication.publish(
                session,
                draft_id=draft_id,
                seen_hash=seen.hash,
                by=None,
                now=house.now,
                links=_links(house),
            )
        with house.sessions() as session:
            mails = cycle_lists.mails(session, cycle.id).total()
    click.echo(f"{cycle.name} is published. {mails} mails are written and leave with the worker.")


@click.command("export-problem")
@click.argument("programme")
@click.option("--to", "target", type=click.Path(path_type=Path), default="problem.json", show_default=True)
def export_problem_command(programme: str, target: Path) -> None:
    """Write the problem file of the newest run of PROGRAMME's present cycle.

    It holds whole numbers only: no names, no addresses, no words of anybody.
    """
    with opened() as house, house.sessions() as session:
        data = runs.export_problem(session, _newest(session, cycle_of(session, programme)).id)
    target.write_bytes(data)
    click.echo(f"{target} has {len(data):,} bytes. SHA-256 {hashlib.sha256(data).hexdigest()}.")
    click.echo(f"Anybody can solve it again: matcher replay {target}")


def _newest(session: Session, cycle: CycleLine) -> RunLine:
    """The newest run of the cycle. Raises NotFound."""
    run = next(iter(cycle_lists.runs(session, cycle.id)), None)
    if run is None:
        raise NotFound(f"{cycle.name} was not matched yet. Do it: matcher match {cycle.slug}")
    return run


def _telling(problem: bytes, *, seconds: float, memory_mb: int, report: Report) -> bytes:
    """The solver's child, each new stage told on standard error."""
    told: list[str] = []

    def tell(stage: str, done: int, of: int) -> None:
        if stage not in told:
            told.append(stage)
            click.echo(f"… {stage}", err=True)
        report(stage, done, of)

    return SolverChild()(problem, seconds=seconds, memory_mb=memory_mb, report=tell)


def _tell(house: House, run_id: UUID) -> None:
    """What the draft says, in a few lines. Raises DomainError with the sentence when there is none."""
    with house.sessions() as session:
        progress = runs.progress(session, run_id)
        if progress.draft_id is None:
            raise DomainError(progress.sentence)
        draft = draft_summary.summary(session, progress.draft_id)
    report = draft.fairness
    click.echo(f"{report.placed} of {report.mentees} mentees are placed, {report.total:,} points in all.")
    click.echo(report.line)
    click.echo(f"{len(draft.circles)} circles. {len(draft.waiting)} wait, each with a reason.")


def _links(house: House) -> Links:
    return Links(base_url=house.config.base_url)
