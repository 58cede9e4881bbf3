"""Words into a mail: one template folder for each mail, and one letterhead around all of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from matcher.domain.own_words import NONE, OwnWords
from matcher.mail.cycle_words import CycleWords
from matcher.mail.ics import Series, invitation
from matcher.mail.links import Links
from matcher.mail.value import Mail
from matcher.translations.catalogue import catalogue, understood
from matcher.translations.templates import teach

TEMPLATES = Path(__file__).parent / "templates"


def compose(
    template: str,
    *,
    mail_id: UUID,
    to: str,
    name: str,
    links: Links,
    sessions: Series | None = None,
    cancel: bool = False,
    language: str | None = None,
    **words: Any,
) -> Mail:
    """The mail of that template. A word the template asks for and does not get is an error, never a blank.

    `cancel` takes the sessions out of the calendar instead of inviting to them. `language` is the reader's,
    if they chose one.
    """
    letter = _letters(understood(language))
    own, values = _own_words(template, understood(language), name, links, words.get("cycle"))
    known = {"name": name, "links": links, "sessions": sessions, **words}
    known["opening"] = own.paragraphs_for(values)
    subject, text, html = (
        letter.get_template(f"{template}/{part}").render(known)
        for part in ("subject.txt", "body.txt", "body.html")
    )
    if known["opening"]:
        text = f"{letter.get_template('opening.txt').render(known).strip()}\n\n{text.lstrip()}"
    return Mail(
        id=mail_id,
        to=to,
        name=name,
        subject=own.subject_for(values) or subject.strip("\n"),
        text=text.strip("\n") + "\n",
        html=_inliner().inline(html),
        ics=invitation(sessions, cancel=cancel) if sessions else None,
        message_id=links.message_id(mail_id),
    )


def _own_words(
    template: str, language: str, name: str, links: Links, cycle: object
) -> tuple[OwnWords, dict[str, str]]:
    """What the programme says at the head of this mail, and what stands in its places."""
    if not isinstance(cycle, CycleWords):
        return NONE, {}
    values = {
        "first_name": name.split(maxsplit=1)[0] if name.strip() else name,
        "name": name,
        "programme": cycle.programme,
        "cycle": cycle.cycle,
        "link": links.my_match(cycle.slug),
    }
    return cycle.own_words(template, language), values


@cache
def _letters(language: str) -> Environment:
    letters = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    teach(letters, lambda: catalogue(language))
    letters.globals["language"] = language
    return letters


@cache
def _inliner() -> CSSInliner:
    # The dark theme is an @media rule; it must stay in the head for the clients that know it.
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
