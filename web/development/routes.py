"""The mails of a trial on one's own machine, as pages."""

from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template

from matcher.domain.errors import NotFound
from matcher.mail import folder
from web.development import view as parts

development = Blueprint("development", __name__)
MAIL_FOLDER = "evenhand.mail_folder"
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
)
"""A mail brings its own styles and nothing else: no script, no form, no picture from elsewhere."""


def mail_folder() -> Path:
    return Path(current_app.extensions[MAIL_FOLDER])


def letter_or_404(letter_id: str) -> folder.DeliveredMail:
    found = folder.letter(mail_folder(), letter_id)
    if found is None:
        raise NotFound("")
    return found


@development.get("/dev/components")
def components() -> str:
    """The living page of everything pages are made of."""
    return render_template(
        "development/components.html",
        tokens=parts.TOKENS,
        road=parts.ROAD,
        good=parts.GOOD_FORM,
        wrong=parts.WRONG_FORM,
        levels=parts.LEVELS,
    )


@development.get("/dev/inbox")
def inbox() -> str:
    return render_template("development/inbox.html", letters=folder.letters(mail_folder()))


@development.get("/dev/inbox/<letter_id>")
def letter(letter_id: str) -> str:
    return render_template("development/letter.html", letter=letter_or_404(letter_id))


@development.get("/dev/inbox/<letter_id>/html")
def letter_html(letter_id: str) -> Response:
    response = make_response(letter_or_404(letter_id).html)
    response.headers["Content-Security-Policy"] = LETTER_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
