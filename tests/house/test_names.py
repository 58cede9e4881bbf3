"""One word, one meaning: no public class name stands for two things."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.house.trees import ROOT, broken, modules, parsed


def shared_names(tree: Path) -> dict[str, list[str]]:
    """Public class names that stand more than once, with the modules they stand in."""
    homes: dict[str, list[str]] = defaultdict(list)
    for path in modules(tree):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(str(path.relative_to(tree)))
    return {name: where for name, where in homes.items() if len(where) > 1}


def test_every_public_class_has_a_name_of_its_own() -> None:
    assert shared_names(ROOT) == {}


def test_a_name_given_twice_is_told_with_both_places(a_copy: Path) -> None:
    broken(a_copy, "web/parts/tile.py", "class Snapshot: ...")

    assert shared_names(a_copy) == {"Snapshot": ["matcher/domain/matching/snapshot.py", "web/parts/tile.py"]}
