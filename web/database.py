"""One Session per request: opened when needed, committed if the answer is a success, else rolled back."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask, Response, current_app, g, request
from sqlalchemy.orm import Session, sessionmaker

from matcher.store.engine import read_only

SessionFactory = sessionmaker[Session]
READING = {"GET", "HEAD", "OPTIONS"}
REFUSED = 400
KEY = "evenhand.session_factory"
RING = "evenhand.ring"
Ring = Callable[[str, UUID], None]


def register(app: Flask, factory: SessionFactory, ring: Ring) -> None:
    """Give the app its sessions and its bell."""
    app.extensions[KEY] = factory
    app.extensions[RING] = ring
    app.after_request(settle)
    app.teardown_request(put_away)


def session() -> Session:
    """The request's session."""
    if "session" not in g:
        opened: Session = current_app.extensions[KEY]()
        # Who only reads does not wait for who writes.
        g.session = read_only(opened) if request.method in READING else opened
    present: Session = g.session
    return present


def ring_after_commit(name: str, about: UUID) -> None:
    """Ring the worker once the rows are safe; a lost ring is made good by the sweeper."""
    g.setdefault("rings", []).append((name, about))


def save() -> None:
    """Commit now: what was written so far stays, even if the request is refused in the end."""
    if "session" in g:
        g.session.commit()
    for name, about in g.pop("rings", []):
        current_app.extensions[RING](name, about)


def roll_back() -> None:
    """Undo what the request wrote and has not saved."""
    if "session" in g:
        g.session.rollback()
    g.pop("rings", None)


def settle(response: Response) -> Response:
    """Commit and then ring after a success; after a refusal (4xx) or a fault (5xx) nothing is kept."""
    if response.status_code < REFUSED:
        save()
    else:
        roll_back()
    return response


def put_away(_: BaseException | None) -> None:
    """Give the connection back."""
    opened = g.pop("session", None)
    if opened is not None:
        opened.close()
