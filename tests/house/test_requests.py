"""A request commits when it succeeds: no page settles its own transaction."""

import ast
from pathlib import Path

from tests.house.trees import ROOT, broken, modules, parsed

SETTLES = ("web/database.py", "web/account/identity.py")
"""The request's own transaction, and the brief one that notes who was seen. Commands are no requests."""


def settled_by_hand(tree: Path) -> list[str]:
    """Calls of commit and rollback in the web, but for the one place that settles requests."""
    return [
        f"{where}:{node.lineno}"
        for path in modules(tree, "web")
        if (where := str(path.relative_to(tree))) not in SETTLES and "commands" not in path.parts
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]


def savers(tree: Path) -> set[str]:
    """Modules that keep something although the request is refused."""
    return {
        str(path.relative_to(tree))
        for path in modules(tree, "web")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "web.database"
        and "save" in {name.name for name in node.names}
    }


def test_no_page_commits_or_rolls_back_by_itself() -> None:
    assert settled_by_hand(ROOT) == []


def test_few_pages_keep_something_although_they_refuse() -> None:
    assert savers(ROOT) == {
        "web/account/routes.py",  # a wrong code is a counted try
        "web/organiser/fairness/routes.py",  # a report is ordered
        "web/organiser/people/imports.py",  # the columns chosen so far
        "web/participant/sign_up/sheet.py",  # a form never loses a word
    }


def test_a_commit_by_hand_is_found(a_copy: Path) -> None:
    broken(a_copy, "web/organiser/log/routes.py", "def x(): session().commit()")

    assert [said.partition(":")[0] for said in settled_by_hand(a_copy)] == ["web/organiser/log/routes.py"]
