"""Signing in by a mailed link or code, and out."""

from uuid import UUID

import flask
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Gone, Invalid, Problem
from matcher.domain.sentences import say
from matcher.schemas.problems import load
from matcher.schemas.sign_in import AskSchema, CodeSchema
from matcher.services.account import sign_in
from web.account.devices import device
from web.account.identity import KEY, remember
from web.clock import now
from web.database import ring_after_commit, save, session
from web.forms import Form, filled, schema_input
from web.language import _, page_language, remember_language

account = Blueprint("account", __name__)
ASKED = "asked"
ANY_MAIL = UUID(int=0)
"""The worker looks for whatever is due; the ring need not name it."""
WRONG_CODE = Problem(
    pointer="/code",
    sentence=say("This code does not fit. Look at the newest mail; after five tries, send a new one."),
)


@account.get("/sign-in")
def ask() -> str:
    return render_template("account/ask.html", form=Form())


@account.post("/sign-in")
def send() -> Response | tuple[str, int]:
    schema = AskSchema()
    try:
        asked = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return render_template("account/ask.html", form=filled(request.form, wrong.problems)), 422
    sign_in.ask(
        session(),
        email=asked["email"],
        origin=request.remote_addr or "",
        now=now(),
        secret=current_app.config["SECRET_KEY"],
        links=current_app.extensions["evenhand.links"],
        language=page_language(),
    )
    # Rung for known and unknown addresses alike: the answers must not differ.
    ring_after_commit("mail", ANY_MAIL)
    flask.session[ASKED] = asked["email"]
    return redirect(url_for("account.sent"), 303)


@account.get("/sign-in/sent")
def sent() -> str:
    return render_template("account/sent.html", form=Form(), email=flask.session.get(ASKED, ""))


@account.post("/sign-in/code")
def code() -> Response | tuple[str, int]:
    schema = CodeSchema()
    try:
        given = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return refused(wrong.problems)
    begun = sign_in.by_code(
        session(), email=given["email"], code=given["code"], now=now(), device=this_device()
    )
    if begun:
        return welcome(*begun)
    # A wrong code is a counted try.
    save()
    return refused((WRONG_CODE,))


def refused(problems: tuple[Problem, ...]) -> tuple[str, int]:
    form = filled(request.form, problems)
    return render_template("account/sent.html", form=form, email=form.one("email")), 422


@account.get("/sign-in/<token>")
def link(token: str) -> str:
    # Looking must not use the link up: mail scanners open it before the person does.
    if not sign_in.peek(session(), token.rstrip(">"), now=now()):
        raise Gone("")
    return render_template("account/link.html", token=token)


@account.post("/sign-in/<token>")
def consume(token: str) -> Response:
    return welcome(*sign_in.redeem(session(), token=token.rstrip(">"), now=now(), device=this_device()))


def this_device() -> str:
    return device(request.user_agent.string)


def welcome(person_id: UUID, secret: str) -> Response:
    wanted = remember(secret)
    remember_language(person_id)
    flash(_("You are signed in."))
    return redirect(wanted, 303)


@account.post("/sign-out")
def sign_out() -> Response:
    secret = flask.session.get(KEY)
    if secret:
        sign_in.end(session(), secret, now=now())
    flask.session.clear()
    return redirect(url_for("home.index"), 303)
