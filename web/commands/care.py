"""`matcher check-in` and `matcher handler`: how people fare, and who helps them."""

import click

from matcher.domain.errors import NotFound
from matcher.mail.links import Links
from matcher.services.account import people
from matcher.services.during import check_ins
from matcher.services.programme import programmes
from web.commands.finding import cycle_of
from web.commands.opening import opened


@click.command("check-in")
@click.argument("programme")
def check_in_command(programme: str) -> None:
    """Ask everybody in PROGRAMME's present cycle three questions now. The mails leave with the worker."""
    with opened() as house:
        links = Links(base_url=house.config.base_url)
        with house.sessions.begin() as session:
            cycle = cycle_of(session, programme)
            asked = check_ins.open_round(session, cycle_id=cycle.id, by=None, now=house.now, links=links)
    click.echo(
        f"Check-in {asked.number} of {cycle.name} is open: {asked.asked} people are asked, "
        f"until {asked.last_day}. What they say is told after that, and only together."
    )


@click.command("handler")
@click.argument("programme")
@click.argument("address")
def handler_command(programme: str, address: str) -> None:
    """Let the person with this ADDRESS receive the confidential requests for help of PROGRAMME."""
    with opened() as house, house.sessions.begin() as session:
        programme_id = programmes.by_slug(session, programme)
        person_id = people.by_addresses(session, [address]).get(people.canonical_address(address))
        if person_id is None:
            raise NotFound(f"Nobody here has the address {address}. Nothing was changed.")
        programmes.add_handler(
            session, programme_id=programme_id, person_id=person_id, by=None, now=house.now
        )
    click.echo(f"{address} can be asked for help in {programme} from now on.")
