"""The documents name places that are there."""

import re
from pathlib import Path

import pytest

from tests.house.trees import ROOT

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/concepts.md", "docs/model.md")
NAMED = re.compile(r"`((?:matcher|web|solver|seed|tests|bench|docs|requirements)/[\w./*<>-]*)`")


def lost(text: str, tree: Path = ROOT) -> list[str]:
    """Places a text names between backticks that are not in the tree; `<…>` and `*` stand for anything."""
    return [
        place
        for place in NAMED.findall(text)
        if not any(tree.glob(re.sub(r"<[^>]*>", "*", place.rstrip("/"))))
    ]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_place_a_document_names_is_there(document: str) -> None:
    assert lost((ROOT / document).read_text()) == []


def test_a_place_that_is_gone_is_named() -> None:
    said = "See `matcher/domain/policy/rules.py`, `web/organiser/<word>/routes.py` and `matcher/desk.py`."

    assert lost(said) == ["matcher/desk.py"]
