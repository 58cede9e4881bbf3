"""Signing up: one form that is kept while it is filled in, a look over it, and only then sent."""

import flask
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid
from matcher.domain.people import Person
from matcher.schemas.enrolment import SignUp
from matcher.schemas.problems import load
from matcher.services.account import people, sign_in
from matcher.services.sign_up import consents, form_drafts
from matcher.services.sign_up.sign_up import known_people
from matcher.services.sign_up.sign_up import sign_up as sign_somebody_up
from web.account.identity import KEY, NEXT, here, me, signed_in
from web.clock import now
from web.database import session
from web.forms import Form, filled, schema_input
from web.language import _
from web.participant.sign_up import answers
from web.participant.sign_up.sheet import PersonForm, as_sent, quietly, sheet_of, unknown_here
from web.parts.words import day
from web.tones import nothing_done, refused

blueprint = Blueprint("sign_up", __name__, url_prefix="/c/<slug>/sign-up")

Page = str | Response | tuple[str, int]


@blueprint.get("")
@signed_in
def form(slug: str) -> Page:
    sheet = sheet_of(slug, me())
    kept = sheet.begun()
    if not sheet.open:
        return closed(sheet, Form(values=kept.typed.texts if kept else {})), 409
    return sheet.page(Form(values=kept.typed.texts) if kept else sheet.stored, kept)


@blueprint.post("")
def look_over(slug: str) -> Page:
    """Check what was typed; if nothing is wrong, on to the summary."""
    person = here()
    if person is None:
        return kept_for_later(slug)
    sheet = sheet_of(slug, person)
    sent = filled(request.form)
    if not sheet.open:
        return closed(sheet, sent), 409
    unknown = sheet.unknown(request.form)
    if unknown:
        return sheet.page(filled(request.form, unknown_here(unknown)), sheet.begun()), 422
    kept = sheet.keep(request.form)
    if kept.collided:
        return sheet.page(sent, kept), 409
    try:
        checked(sheet, sent)
    except Invalid as wrong:
        return sheet.page(filled(request.form, wrong.problems), kept), 422
    return redirect(url_for(".summary", slug=slug), 303)


@blueprint.post("/save")
def save(slug: str) -> Page:
    """Keep what was typed, whatever it is, and go on later."""
    person = here()
    if person is None:
        return kept_for_later(slug)
    sheet = sheet_of(slug, person)
    sent = filled(request.form)
    if not sheet.open:
        return render_template("participant/sign_up/_closed.html") if quietly() else closed(sheet, sent), 409
    unknown = sheet.unknown(request.form)
    if unknown:
        return sheet.page(filled(request.form, unknown_here(unknown)), sheet.begun()), 422
    kept = sheet.keep(request.form)
    if quietly():
        panel = render_template("participant/sign_up/_so_far.html", **sheet.progress(sent, kept))
        return panel, 409 if kept.collided else 200
    if kept.collided:
        return sheet.page(sent, kept), 409
    flash(_("Saved. Nothing is sent yet: go on whenever you like, on any device."))
    return redirect(url_for("participant.cycle", slug=slug), 303)


@blueprint.get("/summary")
@signed_in
def summary(slug: str) -> Page:
    sheet = sheet_of(slug, me())
    kept = sheet.begun()
    if not sheet.open or kept is None:
        return redirect(url_for(".form", slug=slug), 303)
    return summary_page(sheet, Form(values=kept.typed.texts))


@blueprint.post("/send")
def send(slug: str) -> Page:
    """Send what the summary showed: neither more nor less."""
    person = here()
    if person is None:
        return kept_for_later(slug)
    sheet = sheet_of(slug, person)
    kept = sheet.begun()
    if not sheet.open:
        return closed(sheet, Form(values=kept.typed.texts if kept else {})), 409
    if kept is None:
        nothing_done(_("There was nothing new to send. These are your answers as they stand."))
        return redirect(url_for(".form", slug=slug), 303)
    typed = Form(values=kept.typed.texts)
    if request.form.get("version") != f"{sheet.stamp}.{kept.version}":
        refused(_("You have changed something in another window since. This is what would be sent now."))
        return summary_page(sheet, typed), 409
    try:
        sign_somebody_up(
            session(),
            cycle_id=sheet.cycle.id,
            person=person,
            said=checked(sheet, typed),
            monday=sheet.monday,
            by=person.id,
            now=now(),
            asked=sheet.asked,
        )
    except Invalid as wrong:
        return sheet.page(Form(values=typed.values, problems=wrong.problems), kept), 422
    flash(_("Your answers are saved. You can change them until %(day)s.", day=day(sheet.cycle.closes_on)))
    return redirect(url_for("participant.cycle", slug=slug), 303)


@blueprint.post("/settle")
@signed_in
def settle(slug: str) -> Page:
    """The texts from elsewhere are no longer needed."""
    form_drafts.settle(session(), cycle_id=sheet_of(slug, me()).cycle.id, person_id=me().id)
    return redirect(url_for(".form", slug=slug), 303)


@blueprint.post("/discard")
@signed_in
def discard(slug: str) -> Page:
    """Forget what was begun; what was sent before stays."""
    form_drafts.discard(session(), cycle_id=sheet_of(slug, me()).cycle.id, person_id=me().id)
    flash(_("What you had begun is gone. What you sent before has not changed."))
    return redirect(url_for("participant.cycle", slug=slug), 303)


@blueprint.post("/withdraw")
@signed_in
def withdraw(slug: str) -> Page:
    """Take back the yes to the sensitive questions; the answers are destroyed."""
    consents.withdraw(session(), cycle_id=sheet_of(slug, me()).cycle.id, person_id=me().id, now=now())
    flash(_("Your yes is taken back and the two answers are deleted. Your other answers have not changed."))
    return redirect(url_for("participant.cycle", slug=slug), 303)


@blueprint.errorhandler(CSRFError)
def from_another_sign_in(_error: CSRFError) -> Page:
    """Typed in a window of an earlier sign-in: nothing is stored, and nothing typed is lost."""
    typed = answers.typed_lines(filled(request.form))
    again = url_for(".form", slug=(request.view_args or {}).get("slug", ""))
    return render_template("participant/sign_up/kept.html", typed=typed, again=again), 400


def checked(sheet: PersonForm, form: Form) -> SignUp:
    """The answers, or Invalid."""
    schema = sheet.schema()
    said: SignUp = load(schema, schema_input(as_sent(Form(values=sheet.texts(as_sent(form)))), schema))
    known_people(session(), said, sheet.person)
    return said


def summary_page(sheet: PersonForm, form: Form) -> str:
    kept = sheet.begun()
    try:
        checked(sheet, form)
    except Invalid as wrong:
        problems = filled(as_sent(form), wrong.problems).problems
    else:
        problems = ()
    told = answers.lines(form, sheet.asked)
    return render_template(
        "participant/sign_up/summary.html",
        programme=sheet.programme,
        cycle=sheet.cycle,
        enrolled=sheet.known is not None,
        closes=day(sheet.cycle.closes_on),
        lines=[line for line in told if line.words],
        empty=[line for line in told if not line.words],
        problems=[
            (problem.pointer.split("/")[1].removesuffix("_own"), problem.sentence) for problem in problems
        ],
        **sheet.progress(form, kept),
    )


def closed(sheet: PersonForm, form: Form) -> str:
    """The sign-up is over: what was typed is shown, so that nothing has to be thought of twice."""
    return render_template(
        "participant/sign_up/closed.html",
        programme=sheet.programme,
        cycle=sheet.cycle,
        enrolled=sheet.known is not None,
        typed=answers.changes(form, sheet.stored, sheet.asked),
    )


def kept_for_later(slug: str) -> Page:
    """The sign-in ran out while somebody was typing: keep it for them, and let them sign in again."""
    secret = flask.session.get(KEY)
    person_id = sign_in.lapsed(session(), secret, now=now()) if secret else None
    flask.session[NEXT] = url_for(".form", slug=slug)
    if person_id is not None:
        keep_for(slug, people.of(session(), person_id))
    if quietly():
        return render_template("participant/sign_up/_signed_out.html", kept=person_id is not None), 401
    if person_id is None:
        typed = answers.typed_lines(filled(request.form))
        return render_template(
            "participant/sign_up/kept.html", typed=typed, again=url_for("account.ask")
        ), 401
    refused(
        _("You had been signed out meanwhile. Everything you typed is kept: sign in, and it is all here.")
    )
    return redirect(url_for("account.ask"), 303)


def keep_for(slug: str, person: Person) -> None:
    """Keep what was typed for somebody who is not signed in any more; nothing is shown to them."""
    sheet = sheet_of(slug, person)
    if sheet.open and not sheet.unknown(request.form) and sheet.texts(request.form):
        sheet.keep(request.form)
