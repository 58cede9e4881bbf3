"""A handler's pages: what is with them, one thread, an answer, an end, and keeping two people apart."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound
from matcher.schemas.care import BlockSchema, ReplySchema
from matcher.schemas.problems import load
from matcher.services.help import escalations
from matcher.services.help.escalations import HelpRequest
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import Form, filled, schema_input
from web.language import _
from web.participant.care import view as pages

handler = Blueprint("handler", __name__, url_prefix="/handle")
ANY_MAIL = UUID(int=0)


def handled_or_404(case_id: UUID) -> HelpRequest:
    """The case, if it is with this person; who asked it has a page of their own."""
    case = escalations.thread(session(), case_id=case_id, person_id=me().id)
    if case.asked_by_me:
        raise NotFound("")
    return case


def back(case_id: UUID) -> Response:
    return redirect(url_for(".thread", case_id=case_id), 303)


@handler.get("")
@signed_in
def inbox() -> str:
    lines = escalations.inbox(session(), person_id=me().id)
    return render_template("handler/inbox.html", cases=pages.handled(lines, me().zone))


@handler.get("/<uuid:case_id>")
@signed_in
def thread(case_id: UUID) -> str:
    return thread_page(handled_or_404(case_id), Form())


def thread_page(case: HelpRequest, form: Form) -> str:
    return render_template(
        "handler/thread.html",
        case=case,
        view=pages.thread(case, me().zone),
        form=form,
        anchors=pages.anchors(form),
    )


@handler.post("/<uuid:case_id>")
@signed_in
def reply(case_id: UUID) -> Response | tuple[str, int]:
    case = handled_or_404(case_id)
    schema = ReplySchema()
    try:
        said = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return thread_page(case, filled(request.form, wrong.problems)), 422
    escalations.reply(
        session(),
        case_id=case_id,
        person_id=me().id,
        text=said["text"],
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(_("Your answer is there. %(name)s gets a mail that something waits.", name=case.other.name))
    return back(case_id)


@handler.post("/<uuid:case_id>/close")
@signed_in
def close(case_id: UUID) -> Response:
    handled_or_404(case_id)
    escalations.close(session(), case_id=case_id, person_id=me().id, now=now())
    flash(_("Closed. Ninety days from now all of it is destroyed."))
    return back(case_id)


@handler.post("/<uuid:case_id>/keep-apart")
@signed_in
def keep_apart(case_id: UUID) -> Response:
    handled_or_404(case_id)
    schema = BlockSchema()
    other_id = load(schema, schema_input(request.form, schema))
    escalations.keep_apart(session(), case_id=case_id, person_id=me().id, other_id=other_id, now=now())
    flash(_("The two will not be matched again. What is stored says nothing but that."))
    return back(case_id)
