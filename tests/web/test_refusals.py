"""A refused request leaves nothing behind, whatever address it was sent to and whatever it held."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import Connection, select, text
from werkzeug.routing import IntegerConverter

from matcher.store.tables import Base, Programme, ProgrammeRole
from tests.matcher.services.privacy.forgettable import everywhere
from tests.web.places import VISITORS, Setting
from tests.web.visitors import Site, Visitor
from web.database import save, session

SAVE_ON_PURPOSE = {"account.code", "imports.choose", "sign_up.look_over", "sign_up.save"}
"""A wrong code is a counted try; chosen columns and typed answers are kept though they are refused."""
LAST = "my_data.erase"
NOTED = {"sign_in"}
"""When somebody was seen is noted by a short transaction of its own."""
NONSENSE = (
    {"text": " ", "version": "no", "seen_hash": "zz", "email": "no address", "name": "", "code": "12345678"},
    {
        "mentee": "nobody",
        "kind": "pin",
        "roles": "king",
        "weight-topics": "eleven",
        "columns": "🦉",
        "topics": "\x00",
    },
)


def rows(site: Site) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the database holds, table by table."""
    with site.open_session() as reading:
        return {
            table.name: sorted(map(tuple, reading.execute(select(table)).all()), key=repr)
            for table in Base.metadata.sorted_tables
            if table.name not in NOTED
        }


Post = tuple[str, str, str]
"""Endpoint, address and visitor."""


def posts(app: Flask, setting: Setting) -> Iterator[Post]:
    """Every address that takes a form; what is not there gets some id."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.endpoint == LAST, one.rule)):
        if "POST" not in (rule.methods or ()):
            continue
        values = {name: _value(rule, setting, name) for name in sorted(rule.arguments)}
        path = app.url_map.bind("localhost").build(rule.endpoint, values, method="POST")
        visitor = next((who for start, who in VISITORS if rule.rule.startswith(start)), "participant")
        yield rule.endpoint, path, visitor


def _value(rule: Any, setting: Setting, name: str) -> Any:
    converter = rule._converters[name]
    if choices := getattr(converter, "items", None):
        return sorted(choices)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    try:
        return setting.part(rule.endpoint, name)
    except LookupError:
        return uuid4() if name.endswith("_id") else "nothing"


def walked(
    site: Site, asked: Iterable[Post], visitors: Mapping[str, Visitor]
) -> tuple[set[str], dict[str, list[str]]]:
    """The endpoints that refused something; of those that changed rows all the same, which tables."""
    refused: set[str] = set()
    changed: dict[str, list[str]] = {}
    before = rows(site)
    with site.open_session.kw["bind"].connect() as watching:
        version = commits(watching)
        for endpoint, path, visitor in asked:
            for form in NONSENSE:
                answer = visitors[visitor].post(path, form)
                if version is not None and version == (version := commits(watching)):
                    after = before
                else:
                    after = rows(site)
                tables = [name for name in before if before[name] != after[name]]
                before = after
                if answer.status_code >= 400:
                    refused.add(endpoint)
                    if tables and endpoint not in SAVE_ON_PURPOSE:
                        changed[endpoint] = tables
    return refused, changed


def commits(watching: Connection) -> int | None:
    """A number that changes with what others commit to SQLite; other databases are read whole each time."""
    if watching.dialect.name != "sqlite":
        return None
    version = watching.scalar(text("PRAGMA data_version"))
    watching.rollback()
    return version


def test_what_is_refused_leaves_every_row_as_it_was(site: Site) -> None:
    known = everywhere(site.open_session)
    with site.open_session.begin() as writing:
        writing.add(
            ProgrammeRole(
                programme_id=known.programme_id, person_id=known.handler, role="handler", given_at=site.now
            )
        )
        writing.flush()
        setting = Setting.of(writing, site.now)
    whos = ("nobody", "participant", "organiser", "handler")
    visitors = {who: site.visitor(setting.people.get(who)) for who in whos}

    refused, changed = walked(site, posts(site.app, setting), visitors)

    assert changed == {}
    assert len(refused) > 40


def test_the_walk_sees_what_is_kept_although_it_is_refused(site_of_its_own: Site) -> None:
    @site_of_its_own.app.post("/keeps")
    def keeps() -> tuple[str, int]:
        session().add(Programme(slug="kept", name="Kept", created_at=site_of_its_own.now))
        save()
        return "no", 422

    _, changed = walked(
        site_of_its_own, [("keeps", "/keeps", "nobody")], {"nobody": site_of_its_own.visitor()}
    )

    assert changed == {"keeps": ["programme"]}
