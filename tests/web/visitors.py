"""People at the door of the site: they open pages, fill forms in, and sign in by their link."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import TestResponse

from matcher.services.account import sign_in
from tests.conftest import Clock

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
TAGS = re.compile(r"<(script|style|svg)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(kw_only=True)
class Site:
    """A site on a database of its own, with a clock that stands still and a bell that writes down."""

    app: Flask
    open_session: sessionmaker[Session]
    clock: Clock
    rings: list[tuple[str, UUID]] = field(default_factory=list)

    def visitor(self, person_id: UUID | None = None) -> "Visitor":
        """Somebody at the door, signed in if a person is named."""
        visitor = Visitor(site=self)
        if person_id is not None:
            visitor.sign_in(person_id)
        return visitor

    @property
    def now(self) -> datetime:
        return self.clock()


@dataclass(kw_only=True)
class Visitor:
    """One browser with its cookies."""

    site: Site

    def __post_init__(self) -> None:
        self.client = self.site.app.test_client()

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def post(
        self, path: str, fields: Mapping[str, Any] | None = None, *, token: str | None = None
    ) -> TestResponse:
        """Send a form as a browser does, with the token of a page seen before."""
        sent = {"csrf_token": self.token() if token is None else token, **(fields or {})}
        return self.client.post(path, data=sent)

    def token(self) -> str:
        found = TOKEN.search(self.get("/sign-in").text)
        assert found is not None, "The sign-in page has no token."
        return found[1]

    def sign_in(self, person_id: UUID) -> None:
        with self.site.open_session.begin() as session:
            token = sign_in.give(session, person_id=person_id, now=self.site.now)
        assert self.post(f"/sign-in/{token}").status_code == 303
        assert "You are signed in." in self.get("/").text


def text_of(response: TestResponse) -> str:
    """What a person reads on a page, blanks drawn together."""
    return re.sub(r"\s+", " ", unescape(TAGS.sub(" ", response.text))).strip()


@contextmanager
def counted_queries(site: Site) -> Iterator[list[str]]:
    """The statements the site sends meanwhile, without the words that begin and end transactions."""
    engine = site.open_session.kw["bind"]
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
