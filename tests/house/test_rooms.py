"""Where things stand: folders one can know, pages where their menu word says, templates beside them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.house.trees import ROOT, broken, modules
from web.app import create_app
from web.config import Config
from web.organiser.tabs import CYCLE_PARTS, DRAFT_PARTS

MOST_MODULES = 25
RENDERED = re.compile(r'"((?:organiser|participant)/[a-z_]+)/[a-z_]+\.html"')


def crowded(tree: Path) -> dict[str, int]:
    """Folders with more modules than somebody keeps in mind, and how many they hold."""
    count = Counter(path.parent for path in modules(tree) if path.name != "__init__.py")
    return {str(folder.relative_to(tree)): held for folder, held in count.items() if held > MOST_MODULES}


def strayed(tree: Path) -> Iterator[str]:
    """Routes of an organiser's or participant's room that show a page of another room."""
    for path in modules(tree, "web"):
        room = str(path.parent.relative_to(tree / "web"))
        if room.count("/") != 1 or not room.startswith(("organiser/", "participant/")):
            continue
        for shown in RENDERED.findall(path.read_text()):
            if shown != room:
                yield f"{path.relative_to(tree)} shows a page of {shown}: move the page or the route."


def test_no_folder_holds_more_than_25_modules() -> None:
    assert crowded(ROOT) == {}


def test_a_crowded_folder_is_named(a_copy: Path) -> None:
    for number in range(26):
        broken(a_copy, f"matcher/services/help/act_{number}.py", '"""One more."""')

    assert list(crowded(a_copy)) == ["matcher/services/help"]


def test_pages_stand_in_the_folder_of_their_routes() -> None:
    """The run that works is shown on two pages; its fragment belongs to the runs."""
    assert list(strayed(ROOT)) == [
        "web/organiser/overview/routes.py shows a page of organiser/runs: move the page or the route."
    ]


def test_a_page_of_another_room_is_named(a_copy: Path) -> None:
    broken(a_copy, "web/organiser/log/routes.py", 'PAGE = "organiser/runs/index.html"')

    assert any("organiser/log/routes.py shows a page of organiser/runs" in said for said in strayed(a_copy))


def test_each_menu_word_is_the_folder_of_its_page() -> None:
    config = Config(database_url="sqlite://", secret_key="x" * 40, base_url="http://localhost")
    views = create_app(config).view_functions
    words = [*(entry for _, entries in CYCLE_PARTS for entry in entries), *DRAFT_PARTS]
    folders = {word: views[route].__module__.split(".")[2] for route, word in words}

    elsewhere = {
        word: folder
        for word, folder in folders.items()
        if folder not in {word.lower().replace(" ", "_").replace("-", "_"), word.lower().split()[0]}
    }

    # A draft's own lists are parts of the draft.
    assert elsewhere == dict.fromkeys(("Pairs", "Not placed", "Circles", "Duties"), "draft")
