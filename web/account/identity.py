"""Who is here: the cookie holds a random secret, the sign-in row says whose it is and whether it counts."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import flask
from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from sqlalchemy.exc import OperationalError

from matcher.domain.people import Person
from matcher.services.account import sign_in
from matcher.services.programme import lists as programme_lists
from matcher.store.engine import impatient, read_only
from web.clock import now
from web.database import KEY as DATABASE
from web.database import session

P = ParamSpec("P")
T = TypeVar("T")
KEY = "sign_in"
NEXT = "next"
FRESH = timedelta(minutes=10)
FOUNDERS = "evenhand.founders"
"""Addresses of those whom the operator lets make a programme, by this name in the app's extensions."""


def register(app: Flask) -> None:
    """Let every page know who looks at it."""
    app.context_processor(
        lambda: {
            "person": here(),
            "organises": not offices().isdisjoint(("organiser", "founder")),
            "handles": "handler" in offices(),
        }
    )


def here() -> Person | None:
    """The person of this request, if somebody is signed in."""
    if "person" not in g:
        secret = flask.session.get(KEY)
        g.person = asked_who(secret) if secret else None
    person: Person | None = g.person
    return person


def asked_who(secret: str) -> Person | None:
    """Whose secret it is, in a short transaction of its own that waits for nobody."""
    with current_app.extensions[DATABASE]() as brief:
        seen = sign_in.who(read_only(brief), secret, now=now())
    if seen is not None and seen.due:
        note(secret)
    return seen.person if seen is not None else None


def note(secret: str) -> None:
    """That they were seen; while somebody else writes, the next page notes it."""
    with suppress(OperationalError), current_app.extensions[DATABASE]() as brief:
        sign_in.note(impatient(brief), secret, now=now())
        brief.commit()


def offices() -> frozenset[str]:
    """What the person of this request is in any programme: "organiser", "handler"; or "founder"."""
    if "offices" not in g:
        person = here()
        g.offices = programme_lists.offices(session(), person.id) if person else frozenset()
        if person and person.email in current_app.extensions.get(FOUNDERS, ()):
            g.offices |= {"founder"}
    held: frozenset[str] = g.offices
    return held


def nobody() -> None:
    """Show the rest of this request as to somebody who is not signed in, without asking the database."""
    g.person, g.offices = None, frozenset()


def remember(secret: str) -> str:
    """Sign somebody in: a new cookie, nothing kept of the old one. Returns where they were going."""
    wanted = str(flask.session.get(NEXT, ""))
    flask.session.clear()
    flask.session[KEY] = secret
    return wanted if is_own_path(wanted) else url_for("home.index")


def is_own_path(path: str) -> bool:
    """Whether it leads to a page of this site and nowhere else."""
    return path.startswith("/") and not path.startswith(("//", "/\\"))


def signed_in(view: Callable[P, T]) -> Callable[P, T | Response]:
    """Only for who is signed in; everybody else signs in first and comes back."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T | Response:
        if here() is None:
            if request.method == "GET":
                flask.session[NEXT] = request.full_path.rstrip("?")
            answer: Any = redirect(url_for("account.ask"), 303)
            return answer  # type: ignore[no-any-return]  # flask's redirect is typed for werkzeug's response
        return view(*args, **kwargs)

    return checked


def freshly_signed_in(view: Callable[P, T]) -> Callable[P, T | Response]:
    """Only for who signed in within the last ten minutes: nobody does this at a desk left open."""

    @wraps(view)
    @signed_in
    def checked(*args: P.args, **kwargs: P.kwargs) -> T | Response:
        if is_fresh():
            return view(*args, **kwargs)
        flask.session[NEXT] = url_for("my_data.index")
        answer: Any = render_template("account/again.html", person=me())
        return answer  # type: ignore[no-any-return]  # a page is an answer, too

    return checked


def is_fresh() -> bool:
    """Whether this sign-in began within the last ten minutes."""
    begun = sign_in.begun(session(), own_secret())
    return begun is not None and now() < begun + FRESH


def own_secret() -> str:
    """The secret of this sign-in; empty for nobody."""
    return str(flask.session.get(KEY, ""))


def me() -> Person:
    """The person of this request, in views that are only for who is signed in."""
    person = here()
    if person is None:
        raise RuntimeError("A view asked who is here without requiring a sign-in.")
    return person
