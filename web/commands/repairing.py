"""`matcher repair`: after somebody left or came late, the smallest change of a published plan."""

from uuid import UUID

import click

from matcher.domain.errors import DomainError
from matcher.jobs.child import REPAIR, SolverChild
from matcher.jobs.clock import database_clock
from matcher.mail.links import Links
from matcher.services.repair import apply as repair_apply
from matcher.services.repair import find as repair_find
from matcher.services.repair import proposals
from web.commands.finding import cycle_of
from web.commands.opening import House, opened


@click.command("repair")
@click.argument("programme")
@click.option("--apply", "at_once", is_flag=True, help="Do it at once, and write to those concerned.")
def repair_command(programme: str, *, at_once: bool) -> None:
    """Find the smallest change of PROGRAMME's published plan, and show what it does and costs."""
    with opened() as house:
        with house.sessions.begin() as session:
            cycle = cycle_of(session, programme)
            repair_id = repair_find.ask(session, cycle_id=cycle.id, by=None, now=house.now)
        repair_find.find(
            house.sessions,
            repair_id,
            run_solver=SolverChild(command=REPAIR),
            clock=database_clock(house.sessions),
        )
        seen_hash = _tell(house, repair_id)
        if not at_once:
            click.echo(f"Nothing has changed yet. Do it: matcher repair {programme} --apply")
            return
        with house.sessions.begin() as session:
            mails = repair_apply.apply(
                session,
                repair_id=repair_id,
                seen_hash=seen_hash,
                by=None,
                now=house.now,
                links=Links(base_url=house.config.base_url),
            )
    click.echo(f"Done. {mails} mails are written and leave with the worker.")


def _tell(house: House, repair_id: UUID) -> str:
    """Print the proposal; the hash under which it was seen."""
    with house.sessions() as session:
        found = proposals.proposal(session, repair_id=repair_id, by=None)
    if found.price is None:
        raise DomainError(found.sentence)
    for heading, sentences in (("Why", found.why), ("What changes", found.does), ("Price", found.costs)):
        click.echo(f"{heading}:")
        for sentence in sentences or ("Somebody on the waitlist can be placed.",):
            click.echo(f"  {sentence}")
    return found.hash
