"""The German catalogue says everything the sources say, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog

from matcher.translations.gather import KEYWORDS, ROOT, catalogue_of, clashes, faults, renewed, sentences


def test_the_german_catalogue_is_complete() -> None:
    assert list(faults(catalogue_of("de"), sentences())) == []


def test_sentences_are_found_in_pages_mails_and_code() -> None:
    found = {message.id for message in sentences()}

    assert {
        "How matching works, in six sentences",
        "Hello %(name)s,",
        "There is no mentor for you yet.",
        ("{count} pair", "{count} pairs"),
        "Lifts the people with the fewest options first, all the way.",
    } <= found


def test_no_sentence_is_lost_inside_another_call() -> None:
    gathered = {
        one for each in sentences() for one in (each.id if isinstance(each.id, tuple) else (each.id,))
    }

    lost = {
        said
        for folder in ("matcher", "web")
        for path in (ROOT / folder).rglob("*.py")
        for said in said_in(path)
        if said and said not in gathered
    }

    assert lost == set()


def said_in(path: Path) -> Iterator[str]:
    """Every sentence the code of a file asks a catalogue for, read from its syntax tree."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            for place in (1, 2) if KEYWORDS.get(name) else (1,):
                said = call.args[place - 1 : place]
                if name in KEYWORDS and said and isinstance(said[0], ast.Constant):
                    yield str(said[0].value)


def test_no_singular_stands_for_two_plurals() -> None:
    assert clashes() == []


def test_each_fault_of_a_catalogue_is_told() -> None:
    template, catalogue = Catalog(), Catalog(locale="de")
    for said in ("new", "empty", "guessed", "Hello {name}.", ("{count} pair", "{count} pairs")):
        template.add(said)
    catalogue.add("old", "alt")
    catalogue.add("empty", "")
    catalogue.add("guessed", "geraten", flags=["fuzzy"])
    catalogue.add("Hello {name}.", "Hallo {names}.")
    catalogue.add(("{count} pair", "{count} pairs"), ("ein Paar", "{count} Paare"))

    assert list(faults(catalogue, template)) == [
        "missing: 'new'",
        "left over: 'old'",
        "empty: 'empty'",
        "unsure: 'guessed'",
        "other places: 'Hello {name}.'",
    ]


def test_gathering_keeps_translations_drops_old_sentences_and_guesses_nothing() -> None:
    template, catalogue = Catalog(), Catalog(locale="de")
    template.add("A pair.")
    template.add("A pair of shoes.")
    template.add(("A run.", "Runs."))
    catalogue.add("A pair.", "Ein Paar.")
    catalogue.add("A circle.", "Ein Kreis.")
    catalogue.add("A run.", "Ein Lauf.")

    again = renewed(catalogue, template)

    assert {message.id: message.string for message in again if message.id} == {
        "A pair.": "Ein Paar.",
        "A pair of shoes.": None,
        ("A run.", "Runs."): ("", ""),
    }
    assert not again.obsolete
