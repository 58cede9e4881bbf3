"""The first page, and the two addresses that say whether the site is well."""

from flask import Blueprint, render_template
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from matcher.services.cycle import lists as cycle_lists
from web.account.identity import here
from web.database import session
from web.home import view
from web.parts.words import six

home = Blueprint("home", __name__)


@home.get("/")
def index() -> str:
    shown = cycle_lists.shown_programmes(session())
    person = here()
    mine = cycle_lists.enrolled_in(session(), person.id) if person else frozenset()
    return render_template("home.html", programmes=view.cards(shown, mine), six=six())


@home.get("/health")
@home.get("/healthz")
def healthz() -> str:
    """The process answers."""
    return "ok\n"


@home.get("/readyz")
def readyz() -> tuple[str, int]:
    """The database answers, too."""
    try:
        session().execute(text("SELECT count(*) FROM programme"))
    except SQLAlchemyError:
        return "The database does not answer, or has not been migrated yet.\n", 503
    return "ready\n", 200
