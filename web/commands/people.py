"""`matcher import` and `matcher sign-in-link`: people by the operator's own hand."""

from datetime import timedelta
from pathlib import Path

import click

from matcher.domain.errors import Invalid, NotFound
from matcher.mail.links import Links
from matcher.schemas.mapping import ImportMapping
from matcher.services.account import people, sign_in
from matcher.services.imports import people as imports_people
from matcher.services.imports.files import SourceFile
from web.commands.finding import cycle_of, fixed_values, mapping_named
from web.commands.opening import House, opened

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option("--cycle", required=True, help="The programme's short name; people join its present cycle.")
@click.option("--mapping", "word", default="people", show_default=True, help="A file, or one of ours.")
@click.option("--set", "fixed", multiple=True, metavar="FIELD=VALUE", help="The same value in every row.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would happen, and store nothing.")
def import_command(files: tuple[Path, ...], cycle: str, word: str, fixed: tuple[str, ...], dry: bool) -> None:
    """Import people from CSV FILES into an open cycle. Nothing is stored until all rows are right."""
    with opened() as house:
        mapping = mapping_named(word, fixed_values(fixed))
        handed_in = [SourceFile(name=path.name, data=path.read_bytes()) for path in files]
        _preview(house, handed_in, mapping, cycle)
        if dry:
            click.echo("This was a dry run: nothing was stored.")
        else:
            _store(house, handed_in, mapping, cycle)


def _preview(house: House, files: list[SourceFile], mapping: ImportMapping, slug: str) -> None:
    """Say how the files were read and what would happen. Raises Invalid with everything that is wrong."""
    with house.sessions() as session:
        result = imports_people.dry_run(session, files, mapping, cycle_id=cycle_of(session, slug).id)
    for note in result.notes:
        click.echo(note)
    if result.problems:
        found = "One thing is" if len(result.problems) == 1 else f"{len(result.problems)} things are"
        click.echo(f"{found} wrong. Nothing was stored.", err=True)
        raise Invalid(result.problems)
    click.echo(f"Every row is right: {result.new} new people, {result.updated} already known.")


def _store(house: House, files: list[SourceFile], mapping: ImportMapping, slug: str) -> None:
    with house.sessions.begin() as session:
        cycle = cycle_of(session, slug)
        monday = cycle.starts_on - timedelta(days=cycle.starts_on.weekday())
        done = imports_people.confirm(
            session, files, mapping, cycle_id=cycle.id, monday=monday, by=None, now=house.now
        )
    click.echo(f"Imported. {done.enrolled} people are enrolled in {cycle.name} of {cycle.programme}.")


@click.command("sign-in-link")
@click.argument("email")
@click.option("--minutes", type=click.IntRange(1, 1440), default=10, show_default=True)
def sign_in_link_command(email: str, minutes: int) -> None:
    """Print a link with which the person of that address can sign in once. Hand it to nobody else."""
    with opened() as house, house.sessions.begin() as session:
        person = people.by_addresses(session, [email]).get(people.canonical_address(email))
        if person is None:
            raise NotFound(f"Nobody here has the address {email}. `matcher import` brings people in.")
        token = sign_in.give(session, person_id=person, now=house.now, minutes=minutes)
        link = Links(base_url=house.config.base_url).sign_in(token)
    click.echo(link)
    click.echo(f"It works once, for {minutes} minutes.", err=True)
