"""What can go wrong, in one table: which status it has and which words the page says."""

import logging
from dataclasses import dataclass
from uuid import uuid4

from flask import Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
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
from web.database import forget

log = logging.getLogger("evenhand.web")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What an error page says: a heading, and a sentence where the error brings none."""

    heading: str
    sentence: str = ""


FAULTS = {
    400: Fault(
        heading="That request could not be read",
        sentence="Nothing was changed. Go back, reload the page and try once more.",
    ),
    404: Fault(
        heading="There is no such page for you",
        sentence="It may have moved, or it belongs to somebody else. Nothing was changed.",
    ),
    405: Fault(
        heading="This page cannot do that",
        sentence="Nothing was changed. Start again from the page before.",
    ),
    409: Fault(heading="Something has changed in between"),
    410: Fault(
        heading="This link has been used or is too old",
        sentence="Links work once and only for a short while. Ask for a new one: it takes a moment.",
    ),
    413: Fault(
        heading="That was more than fits",
        sentence="A form here may hold 256 kB. Nothing was saved: go back and shorten the longest answer.",
    ),
    422: Fault(heading="Something in there does not fit yet"),
    429: Fault(
        heading="A short pause, please",
        sentence="There were many requests in a short time. Nothing is lost: try again a little later.",
    ),
    500: Fault(
        heading="Something broke on our side",
        sentence="It was not you. Nothing of this request was saved; what you had saved before is safe. "
        "Try again in a minute, and tell your organiser if it happens twice.",
    ),
}

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

FORGED = (
    "This page had been open for too long, or in two windows, so we could not be sure that it was you. "
    "Nothing was changed. Go back, reload the page and send it once more."
)


def register(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(DomainError, domain_page)
    app.register_error_handler(CSRFError, forged_page)
    app.register_error_handler(SecurityError, foreign_host)
    app.register_error_handler(HTTPException, http_page)
    app.register_error_handler(Exception, broken_page)


def status_of(error: DomainError) -> int:
    """The status of the first class in the table that fits; 409 for a kind of its own."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 409)


def domain_page(error: DomainError) -> Response:
    """The domain's own sentence, but for 404, where every answer is the same."""
    status = status_of(error)
    response = page(status, FAULTS[status].sentence if status == 404 else error.sentence)
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def forged_page(_: CSRFError) -> Response:
    """The token is missing or not ours."""
    return page(400, FORGED)


def foreign_host(_: SecurityError) -> Response:
    """The request names a host that is not ours: no page of ours can be built for it."""
    return Response("This site is not served at that address.\n", 400, mimetype="text/plain")


def http_page(error: HTTPException) -> Response:
    """Errors of the protocol, redirects included."""
    response = error.get_response()
    status = error.code or 500
    if status < 400:
        return make_response(response)
    fault = FAULTS.get(status, FAULTS[400])
    answer = page(status, fault.sentence)
    if "Allow" in response.headers:
        answer.headers["Allow"] = response.headers["Allow"]
    return answer


def broken_page(error: Exception) -> Response:
    """Something nobody foresaw: logged with a number, shown without details."""
    number = uuid4().hex[:8]
    # Whatever broke may break again: this page asks the database nothing.
    nobody()
    log.error("request failed, number %s", number, exc_info=error)
    return page(500, f"{FAULTS[500].sentence} The number of this fault is {number}.")


def page(status: int, sentence: str) -> Response:
    """The page of this status; everything the request wrote is undone."""
    forget()
    fault = FAULTS.get(status, FAULTS[400])
    return make_response(render_template("error.html", status=status, fault=fault, sentence=sentence), status)
