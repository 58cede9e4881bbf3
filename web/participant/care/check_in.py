"""The check-in: three questions behind a link from a mail, without a sign-in."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from matcher.domain.errors import Gone, Invalid
from matcher.schemas.care import CheckInSchema
from matcher.schemas.problems import load
from matcher.services.during import check_ins
from web.clock import now
from web.database import session
from web.forms import Form, filled, schema_input
from web.participant.care.view import anchors

blueprint = Blueprint("check_in", __name__, url_prefix="/check-in/<token>")


@blueprint.get("")
def form(token: str) -> str | tuple[str, int]:
    # Looking does not answer: mail scanners open links, too.
    try:
        return page(token, Form())
    except Gone as over:
        return gone(over)


@blueprint.post("")
def answer(token: str) -> str | Response | tuple[str, int]:
    schema = CheckInSchema()
    try:
        said = load(schema, schema_input(request.form, schema))
        check_ins.answer(session(), token=token.rstrip(">"), said=said, now=now())
    except Gone as over:
        return gone(over)
    except Invalid as wrong:
        return refused(token, filled(request.form, wrong.problems))
    return render_template("participant/care/check_in_thanks.html")


def refused(token: str, form: Form) -> tuple[str, int]:
    try:
        return page(token, form), 422
    except Gone as over:
        return gone(over)


def page(token: str, form: Form) -> str:
    asked = check_ins.look(session(), token=token.rstrip(">"), now=now())
    return render_template(
        "participant/care/check_in.html", asked=asked, token=token, form=form, anchors=anchors(form)
    )


def gone(over: Gone) -> tuple[str, int]:
    """Kindly: whoever comes late or twice has done nothing wrong."""
    return render_template("participant/care/check_in_over.html", sentence=over.sentence), 410
