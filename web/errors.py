"""What can go wrong, in one table: which status it has and which words the page says."""

import logging
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, ProgrammingError
from werkzeug.exceptions import HTTPException, SecurityError

from matcher.domain.errors import (
    Changed,
    DomainError,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    TooMany,
    WrongState,
)
from web.account.identity import nobody
from web.database import roll_back
from web.language import N_, gettext, in_words

log = logging.getLogger("evenhand.web")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What an error page says: a heading, what happened (where the error brings no sentence of its own), what
    was kept, and what to do now."""

    heading: str
    happened: str = ""
    kept: str = N_("Nothing was changed. Everything you saved before is still there.")
    todo: str = N_("Go back to the page before and try once more.")


FAULTS = {
    400: Fault(
        heading=N_("That request could not be read"),
        happened=N_("Your browser sent something this site does not understand."),
        todo=N_("Go back, reload the page and try once more."),
    ),
    403: Fault(
        heading=N_("This is not yours to open"),
        happened=N_("You are signed in, and this page belongs to somebody with another task."),
        todo=N_("If you should be able to open it, ask your organiser to add you."),
    ),
    404: Fault(
        heading=N_("There is no such page for you"),
        happened=N_("The address may have a slip in it, or the page belongs to somebody else."),
        todo=N_("Look at the address once more, or start from the first page."),
    ),
    405: Fault(
        heading=N_("This page cannot do that"),
        happened=N_("The page was asked for in a way it does not offer, perhaps by reloading after a form."),
        todo=N_("Start again from the page before."),
    ),
    408: Fault(
        heading=N_("That took too long"),
        happened=N_("The connection was so slow that we stopped waiting for the rest of your request."),
        kept=N_("Nothing of this request was saved. Everything you saved before is still there."),
        todo=N_("Try again when the connection is better."),
    ),
    409: Fault(
        heading=N_("Something has changed in between"),
        happened=N_("Somebody else was here at the same time, or the page had been open for a while."),
        todo=N_("Go back, reload the page and look at how it stands now."),
    ),
    410: Fault(
        heading=N_("This link has been used or is too old"),
        happened=N_("Links work once and only for a short while, so that nobody else can use them."),
        todo=N_("Ask for a new one: it takes a moment."),
    ),
    413: Fault(
        heading=N_("That was more than fits"),
        happened=N_("What you sent is larger than this page takes. A form may hold 256 kB."),
        kept=N_("Nothing of this request was saved. Everything you saved before is still there."),
        todo=N_(
            "Go back: what you typed is still in your browser. Shorten the longest answer, and send it again."
        ),
    ),
    415: Fault(
        heading=N_("We cannot read this kind of file"),
        happened=N_("What you sent is of a kind this page does not know."),
        todo=N_("Send a form, or a file of one of the kinds the page names."),
    ),
    422: Fault(
        heading=N_("Something in there does not fit yet"),
        happened=N_("One of the values cannot be used here."),
        todo=N_("Go back, put it right, and send it again."),
    ),
    429: Fault(
        heading=N_("A short pause, please"),
        happened=N_("There were many requests in a short time."),
        kept=N_("Nothing is lost."),
        todo=N_("Try again a little later."),
    ),
    500: Fault(
        heading=N_("Something broke on our side"),
        happened=N_("It was not you."),
        kept=N_("Nothing of this request was saved; what you had saved before is safe."),
        todo=N_("Try again in a minute, and tell your organiser if it happens twice."),
    ),
    503: Fault(
        heading=N_("We need a minute"),
        happened=N_("The database does not answer at the moment, so no page can be made."),
        kept=N_("Nothing of this request was saved; what you had saved before is safe."),
        todo=N_("Try again in a minute. If it lasts longer, tell your organiser."),
    ),
}
"""One for each status a page of this site may answer with."""

STATUS: tuple[tuple[type[DomainError], int], ...] = (
    # Who may not enter learns no more than who asks for what is not there.
    (NotAllowed, 404),
    (NotFound, 404),
    (WrongState, 409),
    (Changed, 409),
    (Gone, 410),
    (TooMany, 429),
    (Invalid, 422),
)

FORGED = N_(
    "This page had been open for too long, or in two windows, so we could not be sure that it was you. "
    "Nothing was changed. Go back, reload the page and send it once more."
)
RETRY_SECONDS = 30
MISSING_TABLE = "42P01"
"""The SQLSTATE undefined_table (PostgreSQL, appendix A)."""


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(DomainError, domain_page)
    app.register_error_handler(CSRFError, forged_page)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(OperationalError, resting_page)
    app.register_error_handler(ProgrammingError, unprepared_page)
    app.register_error_handler(Exception, broken_page)


def status_of(error: DomainError) -> int:
    """The status of the first class in the table that fits; 409 for a kind of its own."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 409)


def domain_page(error: DomainError) -> Response:
    """The domain's own sentence, but for 404, where every answer is the same."""
    status = status_of(error)
    response = page(status, "" if status == 404 else in_words(error.sentence))
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def forged_page(_: CSRFError) -> Response:
    """The token is missing or not ours; a browser that takes no cookies looks the same to us."""
    return page(400, _cookies() if not request.cookies else gettext(FORGED))


def _cookies() -> str:
    return gettext(
        "Your browser sent no cookie back. This site needs one, for as long as you are signed in, "
        "to know that it is you; it follows you nowhere. Allow cookies for this site, then try once more."
    )


def foreign_host(_: SecurityError) -> Response:
    """The request names a host that is not ours: no page of ours can be built for it."""
    return Response("This site is not served at that address.\n", 400, mimetype="text/plain")


def http_page(error: HTTPException) -> Response:
    """Errors of the protocol, redirects included."""
    response = error.get_response()
    status = error.code or 500
    if status < 400:
        return make_response(response)
    answer = page(status)
    for kept in ("Allow", "Retry-After"):
        if kept in response.headers:
            answer.headers[kept] = response.headers[kept]
    return answer


def unprepared_page(error: ProgrammingError) -> Response:
    """PostgreSQL's word for a table that is not there, as before or within a migration: a pause as well."""
    missing = getattr(error.orig, "sqlstate", "") == MISSING_TABLE
    return resting_page(error) if missing else broken_page(error)


def resting_page(error: OperationalError | ProgrammingError) -> Response:
    """The database is not there, is full or is being restarted: no page of this request can ask it again."""
    nobody()
    log.error("the database does not answer", exc_info=error)
    response = page(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def broken_page(error: Exception) -> Response:
    """Something nobody foresaw: logged with a number, shown without details."""
    number = uuid4().hex[:8]
    # Whatever broke may break again: this page asks the database nothing.
    nobody()
    log.error("request failed, number %s", number, exc_info=error)
    return page(500, number=number)


def page(status: int, sentence: str = "", *, number: str = "") -> Response:
    """The page of this status; all the request wrote is undone. `number`: that of a fault in the log."""
    roll_back()
    fault = FAULTS.get(status, FAULTS[400])
    shown = render_template(
        "error.html",
        status=status,
        fault=fault,
        sentence=sentence,
        number=number,
        anew=_page_here() if status == 409 else "",
    )
    return make_response(shown, status)


def _page_here() -> str:
    """The address of the page that a form was sent to, if there is one."""
    try:
        current_app.url_map.bind_to_environ(request.environ).match(method="GET")
    except HTTPException:
        return ""
    return request.path
