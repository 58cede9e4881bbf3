"""One writer for each kind of mail: what is told twice is told two ways before long."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.house.trees import ROOT, broken, modules, parsed

SAMPLES = "matcher/mail/samples.py"


def writers(tree: Path) -> dict[str, list[str]]:
    """For each function of matcher.mail.messages, the functions that call it; samples write every kind."""
    kinds = {
        node.name
        for node in parsed(tree / "matcher/mail/messages.py").body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    found: dict[str, list[str]] = defaultdict(list)
    for path in modules(tree, "matcher", "web", "seed"):
        where = str(path.relative_to(tree))
        if where == SAMPLES:
            continue
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.FunctionDef):
                continue
            for inner in ast.walk(node):
                if (
                    isinstance(inner, ast.Attribute)
                    and isinstance(inner.value, ast.Name)
                    and inner.value.id == "messages"
                    and inner.attr in kinds
                ):
                    found[inner.attr].append(f"{where}: {node.name}")
    return {kind: found[kind] for kind in sorted(kinds)}


def test_each_kind_of_mail_has_one_writer() -> None:
    assert {kind: who for kind, who in writers(ROOT).items() if len(who) != 1} == {}


def test_a_second_writer_is_named_beside_the_first(a_copy: Path) -> None:
    second = "from matcher.mail import messages\ndef greet(): return messages.introduction()"
    broken(a_copy, "matcher/services/repair/letters.py", second)

    assert writers(a_copy)["introduction"] == [
        "matcher/services/publishing/introductions.py: pair",
        "matcher/services/repair/letters.py: greet",
    ]
