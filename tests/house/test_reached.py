"""Nothing that nothing reaches: every name is used by an entry point, or by what one uses."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.house.trees import ROOT, broken, modules, parsed

WORD = re.compile(r"[A-Za-z_]\w*")
PLAIN = {"cache", "contextmanager", "total_ordering"}
"""Decorators that reach nothing; others hand a function to Flask, click, SQLAlchemy or the worker."""

KEPT = {
    "matcher/services/privacy/plan.py: ALL_TABLES",  # importing them is what it is for
    "matcher/store/rows.py: THINGS",  # marks words for the catalogue
    "matcher/translations/gather.py: clashes",  # a check of the catalogue, asked by its tests
}

Home = tuple[str, str]


def names_in(node: ast.AST) -> Iterator[str]:
    """Every name, attribute and word-like text in a piece of syntax."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            yield inner.id
        elif isinstance(inner, ast.Attribute):
            yield inner.attr
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield from WORD.findall(inner.value) if len(inner.value) < 60 else ()


def defined(node: ast.stmt) -> list[str]:
    """The names a statement of a module gives, but for those of functions handed to a framework."""
    if isinstance(node, ast.FunctionDef):
        handed = [one for one in node.decorator_list if not (isinstance(one, ast.Name) and one.id in PLAIN)]
        return [] if handed else [node.name]
    if isinstance(node, ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [one.id for one in targets if isinstance(one, ast.Name)]


def unreached(tree: Path) -> list[str]:
    """What no entry point reaches by name: routes, commands, templates, and statements that run at import."""
    homes: dict[Home, ast.stmt] = {}
    names = {"main", "__all__"}
    for folder in ("web/templates", "matcher/mail/templates"):
        for page in (tree / folder).rglob("*.*"):
            names.update(WORD.findall(page.read_text()))
    for path in (ROOT / "bench").glob("*.py"):
        # What is measured counts as used: another way to solve the same, beside which ours is held.
        names.update(name.name for node in ast.walk(parsed(path)) for name in _from_solver(node))
    for path in modules(tree):
        for node in parsed(path).body:
            given = defined(node)
            for name in given:
                homes[str(path.relative_to(tree)), name] = node
            if not given and not isinstance(node, ast.Import | ast.ImportFrom):
                names.update(names_in(node))
    waiting = dict(homes)
    while reached := [home for home in waiting if home[1] in names]:
        for home in reached:
            names.update(names_in(waiting.pop(home)))
    return sorted({f"{where}: {name}" for where, name in waiting} - KEPT)


def _from_solver(node: ast.AST) -> list[ast.alias]:
    return node.names if isinstance(node, ast.ImportFrom) and str(node.module).startswith("solver") else []


def test_everything_is_reached() -> None:
    assert unreached(ROOT) == []


def test_what_nothing_reaches_is_named_with_all_that_only_it_uses(a_copy: Path) -> None:
    broken(a_copy, "web/parts/tile.py", "def alone_here(): return only_there()\n\ndef only_there(): ...")

    assert unreached(a_copy) == ["web/parts/tile.py: alone_here", "web/parts/tile.py: only_there"]
