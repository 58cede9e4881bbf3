"""`matcher erased` and `matcher erase-again`: whom we forgot, so that a restored copy forgets them, too."""

from pathlib import Path
from uuid import UUID

import click

from matcher.mail.links import Links
from matcher.services.privacy import erase as privacy_erase
from matcher.store.engine import leave_no_traces
from web.commands.opening import opened

LEDGER = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("erased")
def erased_command() -> None:
    """Print the ledger of erased people: an id that leads nowhere, and when. Keep it beside the backups."""
    with opened() as house, house.sessions() as session:
        rows = privacy_erase.erased(session)
    for row in rows:
        click.echo(f"{row.person_id} {row.erased_at:%Y-%m-%dT%H:%M:%SZ}")


@click.command("erase-again")
@click.argument("ledgers", nargs=-1, type=LEDGER)
def erase_again_command(ledgers: tuple[Path, ...]) -> None:
    """After a backup was brought back and before serving: erase whom it still knows. Mails nobody.

    LEDGERS are files written by `matcher erased`; the database's own ledger is read in any case.
    """
    ids = [_id(path, number, line) for path in ledgers for number, line in _lines(path)]
    with opened() as house:
        links = Links(base_url=house.config.base_url)
        with house.sessions.begin() as session:
            found = privacy_erase.erase_again(session, ids, now=house.now, links=links)
        leave_no_traces(house.engine)
    if found:
        click.echo("One person was erased again." if found == 1 else f"{found} people were erased again.")
    else:
        click.echo("Nobody of the ledger is in this database. Nothing was changed.")


def _lines(path: Path) -> list[tuple[int, str]]:
    text = path.read_text(encoding="utf-8")
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _id(path: Path, number: int, line: str) -> UUID:
    try:
        return UUID(line.split(maxsplit=1)[0])
    except ValueError:
        sentence = f"{path.name}, line {number}: expected an id as `matcher erased` prints it."
        raise click.ClickException(f"{sentence} Nothing was changed.") from None
