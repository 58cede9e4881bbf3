"""`matcher start`: a programme and its first open cycle, from the command line."""

from datetime import datetime, timedelta
from uuid import UUID

import click
from sqlalchemy.orm import Session

from matcher.domain.policy.policy import Policy
from matcher.services.account import people
from matcher.services.cycle import cycles
from matcher.services.programme import programmes
from web.commands.finding import policy_named
from web.commands.opening import opened

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("start")
@click.argument("name")
@click.option("--slug", help="Its short name in addresses; made from NAME without this.")
@click.option(
    "--policy", "word", help="A policy file (JSON or TOML), or one of ours. Without it: the usual policy."
)
@click.option("--topic", "topics", multiple=True, help="A topic people may offer and seek; once for each.")
@click.option("--organiser", "organisers", multiple=True, help="The address of somebody who runs it.")
@click.option("--cycle", "cycle_name", help="The cycle's name; without it, the month it starts in.")
@click.option("--closes", type=DAY, help="Last day of the sign-ups; three weeks from now without this.")
@click.option("--weeks", type=click.IntRange(1, 52), default=12, show_default=True, help="How long it lasts.")
def start_command(
    *,
    name: str,
    slug: str | None,
    word: str | None,
    topics: tuple[str, ...],
    organisers: tuple[str, ...],
    cycle_name: str | None,
    closes: datetime | None,
    weeks: int,
) -> None:
    """Make the programme NAME with a cycle that takes sign-ups from now on."""
    with opened() as house, house.sessions.begin() as session:
        policy = policy_named(word) if word else Policy()
        short = slug or programmes.short(name)
        programme_id = programmes.create(
            session, name=name, slug=short, policy=policy, topics=topics, by=None, now=house.now
        )
        for email in organisers:
            person = _organiser(session, email, house.now)
            programmes.add_organiser(
                session, programme_id=programme_id, person_id=person, by=None, now=house.now
            )
        today = house.now.date()
        closes_on = closes.date() if closes else today + timedelta(weeks=3)
        starts_on = closes_on + timedelta(days=14 - closes_on.weekday())
        cycle_id = cycles.create(
            session,
            programme_id=programme_id,
            name=cycle_name or f"{starts_on:%B %Y}",
            opens_on=min(today, closes_on),
            closes_on=closes_on,
            starts_on=starts_on,
            ends_on=starts_on + timedelta(weeks=weeks, days=-3),
            by=None,
            now=house.now,
        )
        cycles.open_(session, cycle_id=cycle_id, by=None, now=house.now)
    click.echo(f"{name} takes sign-ups until {closes_on}, at {house.config.base_url.rstrip('/')}/c/{short}.")


def _organiser(session: Session, email: str, now: datetime) -> UUID:
    """Whoever has this address; somebody new is called by it until they say their name."""
    known = people.by_addresses(session, [email])
    return known.get(people.canonical_address(email)) or people.ensure(
        session, email=email, name=email.split("@", maxsplit=1)[0], now=now
    )
