"""How files that were handed in are read now: as was chosen, as a known mapping reads them, or by guesses."""

from uuid import UUID

from matcher.domain.errors import Invalid
from matcher.schemas.mapping import ImportMapping, mapping_from
from matcher.services.cycle.lists import CycleLine
from matcher.services.imports import saved_mappings, uploads
from matcher.services.imports.columns import columns_of, from_mapping, guessed, mapping_data, recognised
from matcher.services.imports.uploads import Handed
from web.account.identity import me
from web.database import session
from web.organiser.people import columns
from web.organiser.people.columns import OneFile


def handed(line: CycleLine, upload_id: UUID) -> Handed:
    """What was handed in, if it was by who is here. Raises NotFound."""
    return uploads.of(session(), upload_id, cycle_id=line.id, person_id=me().id)


def known(line: CycleLine) -> tuple[tuple[str, ImportMapping], ...]:
    """Every way of reading this programme may use, by title: its own, and ours."""
    return (*saved_mappings.of(session(), line.programme_id), *saved_mappings.ours())


def files(line: CycleLine, sent: Handed) -> tuple[OneFile, ...]:
    """Each file as it is read now: as was chosen, else as a known mapping reads it, else by guesses."""
    mapping = mapping_from(sent.how) if sent.how else None
    fitting = () if mapping else known(line)
    found = []
    for file in sent.files:
        table = uploads.opened(file)
        one = OneFile(
            name=file.name, table=table, columns=columns_of(table), chosen=guessed(columns_of(table))
        )
        part = mapping.of(one.stem) if mapping else None
        fits = recognised(table, one.stem, fitting)
        if part is not None:
            one = columns.with_choices([one], [from_mapping(part, table.header)])[0]
        elif fits is not None:
            one = OneFile(name=file.name, table=table, columns=one.columns, chosen=fits[1], known=fits[0])
        found.append(one)
    return tuple(found)


def keep(sent: Handed, read: tuple[OneFile, ...]) -> dict[str, object]:
    """Keep how the files are read; the mapping's data, empty where nothing could be read so."""
    data = mapping_data("chosen", {one.stem: (one.table.header, one.chosen) for one in read})
    try:
        mapping_from(data)
    except Invalid:
        return {}
    uploads.choose(session(), sent.id, how=data, full=sent.full)
    return data
