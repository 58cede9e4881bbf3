"""`make screenshots`: a picture of every page of the demo, narrow and wide, light and dark, in each language.

They go into build/screenshots, with an index.html. To be looked at by people.
"""

import argparse
import logging
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from matcher.services.account import sign_in
from matcher.store.engine import make_engine, session_factory
from tests.journeys.conftest import DESK, PHONE, found_chromium, free_port, served
from tests.web.places import Place, Setting, places
from web.app import create_app
from web.config import Config
from web.language import COOKIE

SIZES = {"360": PHONE, "1280": DESK}
THEMES = ("light", "dark")
MOST_HIGH = 16_000
"""Pixels; a longer picture is cut."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture that was taken."""

    place: Place
    language: str
    size: str
    theme: str

    @property
    def file(self) -> str:
        return f"{self.language}/{self.place.name}-{self.size}-{self.theme}.png"


def main(arguments: Sequence[str]) -> int:
    asked = _arguments(arguments)
    demo: Path = asked.demo or asked.to.parent / "screenshots-demo"
    if asked.demo is None:
        subprocess.run(
            [sys.executable, "-m", "seed", "demo", "--no-serve", "--people", "120", "--folder", str(demo)],
            check=True,
        )
    # The server's own line for each request says nothing here.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    port = free_port()
    config = Config(
        database_url=f"sqlite:///{demo / 'evenhand.db'}",
        secret_key="for looking only, never used elsewhere",
        base_url=f"http://127.0.0.1:{port}",
        mail=f"folder:{demo / 'mail'}",
        dev_inbox=True,
    )
    engine = make_engine(config.database_url)
    sessions = session_factory(engine)
    app = create_app(config, session_factory=sessions)
    with sessions.begin() as session:
        setting = Setting.of(session, datetime.now(UTC), mails=demo / "mail")
        links = {
            who: f"/sign-in/{sign_in.give(session, person_id=person, now=datetime.now(UTC), minutes=60)}"
            for who, person in setting.people.items()
        }
    wanted = [place for place in places(app, setting) if re.search(asked.only, place.name)]
    with served(app, port), sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found_chromium(), args=["--disable-gpu", "--no-sandbox"]
        )
        shots = tuple(_shots(browser, config.base_url, wanted, links, to=asked.to, languages=asked.languages))
        browser.close()
    engine.dispose()
    (asked.to / "index.html").write_text(_index(shots), encoding="utf-8")
    sys.stdout.write(f"{len(shots)} pictures of {len(wanted)} pages: {asked.to / 'index.html'}\n")
    return 0


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.screenshots")
    parser.add_argument("--to", type=Path, default=Path("build/screenshots"))
    parser.add_argument("--demo", type=Path, help="the folder of a demo that was made before")
    parser.add_argument("--only", default="", help="pages whose name fits this expression")
    parser.add_argument("--languages", nargs="+", default=["en", "de"])
    return parser.parse_args(arguments)


def _shots(
    browser: Browser,
    url: str,
    wanted: Sequence[Place],
    links: dict[str, str],
    *,
    to: Path,
    languages: Sequence[str],
) -> Iterator[Shot]:
    """Visitor by visitor, so that each signs in once."""
    for visitor in dict.fromkeys(place.visitor for place in wanted):
        with browser.new_context(base_url=url) as context:
            page = context.new_page()
            if visitor in links:
                page.goto(links[visitor])
                page.locator("main form button").click()
            for place in wanted:
                if place.visitor == visitor:
                    yield from _of(context, page, place, url, to=to, languages=languages)


def _of(
    context: BrowserContext, page: Page, place: Place, url: str, *, to: Path, languages: Sequence[str]
) -> Iterator[Shot]:
    for language in languages:
        context.add_cookies([{"name": COOKIE, "value": language, "url": url}])
        (to / language).mkdir(parents=True, exist_ok=True)
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)  # type: ignore[arg-type]  # playwright's own TypedDict
            for theme in THEMES:
                page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
                page.goto(place.path)
                shot = Shot(place=place, language=language, size=size, theme=theme)
                height = min(MOST_HIGH, page.evaluate("document.documentElement.scrollHeight"))
                page.screenshot(
                    path=to / shot.file,
                    full_page=True,
                    clip={"x": 0, "y": 0, "width": viewport["width"], "height": height},
                )
                yield shot


def _index(shots: Sequence[Shot]) -> str:
    """A plain page with all pictures, page by page."""
    rows = []
    for name in dict.fromkeys(shot.place.name for shot in shots):
        own = [shot for shot in shots if shot.place.name == name]
        pictures = "".join(
            f'<a href="{escape(shot.file)}"><img loading="lazy" src="{escape(shot.file)}" '
            f'alt="{escape(f"{name}, {shot.size} px, {shot.theme}, {shot.language}")}"></a>'
            for shot in own
        )
        rows.append(
            f"<h2>{escape(name)} <small>{escape(own[0].place.path)}</small></h2><div>{pictures}</div>"
        )
    style = (
        "img{width:15rem;max-height:30rem;object-fit:cover;object-position:top;border:1px solid;margin:.2rem}"
    )
    return (
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Every page</title>'
        f"<style>{style}</style>"
        f"{''.join(rows)}</html>\n"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
