"""Every sentence of the sources, gathered into the catalogues: `make words`, then translate what is empty.

Catalogues are plain text for people: what stands above the first blank line is kept as it is written there.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "say": None, "say_many": (1, 2)}
SOURCES = [
    ("matcher/mail/templates/**.*", "jinja2"),
    ("web/templates/**.html", "jinja2"),
    ("matcher/**.py", "python"),
    ("web/**.py", "python"),
]
TRIMMED = {name: {"trimmed": "true"} for name, method in SOURCES if method == "jinja2"}
PLACE = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")


def sentences(root: Path = ROOT) -> Catalog:
    """What the sources say, by file; the catalogue is without a language."""
    found = Catalog()
    for file, message, context in _extracted(root):
        found.add(message, None, [(file, 0)], context=context)
    return found


def clashes(root: Path = ROOT) -> list[str]:
    """Singulars with different plurals: a catalogue is asked by the singular and knows one plural of each."""
    plurals: dict[str, set[str]] = {}
    for _file, message, _context in _extracted(root):
        if not isinstance(message, str):
            plurals.setdefault(message[0], set()).add(message[1].replace("%(num)d", "%(num)s"))
    return sorted(one for one, several in plurals.items() if len(several) > 1)


def _extracted(root: Path) -> Iterator[tuple[str, str | tuple[str, ...], str | None]]:
    for folder in ("matcher", "web"):
        gathered = extract_from_dir(
            root / folder,
            [(_within(name, folder), method) for name, method in SOURCES if name.startswith(folder)],
            {_within(name, folder): options for name, options in TRIMMED.items() if name.startswith(folder)},
            keywords=KEYWORDS,
        )
        for file, _line, message, _comments, context in gathered:
            yield f"{folder}/{Path(file).as_posix()}", message, context


def catalogue_of(language: str) -> Catalog:
    """The catalogue as it stands in its file."""
    with (HERE / f"{language}.po").open("rb") as written:
        return read_po(written, locale=language)


def renewed(catalogue: Catalog, template: Catalog) -> Catalog:
    """The catalogue with every sentence of the template and no other; new ones are empty, none is guessed."""
    unsure = {message.id for message in catalogue if message.fuzzy}
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        # A sentence that has become two, or one of two, keeps half a translation.
        if message.id and message.fuzzy and message.id not in unsure:
            message.string = ("",) * len(message.id) if isinstance(message.id, tuple | list) else ""
            message.flags.discard("fuzzy")
    return catalogue


def faults(catalogue: Catalog, template: Catalog) -> Iterator[str]:
    """What is missing, left over, empty, unsure, or has other places for values than its source."""
    known = {message.id for message in catalogue if message.id}
    sources = {message.id for message in template if message.id}
    yield from (f"missing: {each!r}" for each in sorted(sources - known, key=str))
    yield from (f"left over: {each!r}" for each in sorted(known - sources, key=str))
    yield from (f"left over: {message.id!r}" for message in catalogue.obsolete.values())
    for message in catalogue:
        if message.id:
            yield from (f"{fault}: {message.id!r}" for fault in message_faults(message))


def message_faults(message: Message) -> Iterator[str]:
    """What is wrong with one translation. A singular may say "one" where its source counts."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    if len(said) != len(ids) or None in said or "" in said:
        yield "empty"
        return
    if message.fuzzy:
        yield "unsure"
    if _places(said[-1]) != _places(ids[-1]) or not _places(said[0]) <= _places(ids[-1]):
        yield "other places"


def _places(text: str | None) -> set[str]:
    return set(PLACE.findall(text or ""))


def _within(name: str, folder: str) -> str:
    return name.removeprefix(f"{folder}/")


def write(file: Path, catalogue: Catalog) -> None:
    """Write the catalogue below the head of its file."""
    head = file.read_text("utf-8").partition("\n\n")[0]
    body = io.BytesIO()
    write_po(
        body,
        catalogue,
        width=0,
        omit_header=True,
        sort_by_file=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    file.write_text(f"{head}\n\n{body.getvalue().decode()}", "utf-8")


def main() -> None:
    """Write every catalogue anew and say how many sentences wait for a translation."""
    template = sentences()
    for file in sorted(HERE.glob("*.po")):
        catalogue = renewed(catalogue_of(file.stem), template)
        write(file, catalogue)
        waiting = sum("empty" in message_faults(message) for message in catalogue if message.id)
        sys.stdout.write(f"{file.name}: {len(catalogue)} sentences, {waiting} to translate.\n")


if __name__ == "__main__":
    main()
