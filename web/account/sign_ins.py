"""Where somebody is signed in, and ending it from afar."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.services.account import sign_in
from web.account.identity import me, own_secret, signed_in
from web.clock import now
from web.database import session
from web.language import _, ngettext
from web.parts.words import moment, number
from web.tones import nothing_done

sign_ins = Blueprint("sign_ins", __name__, url_prefix="/my-data/sign-ins")


@sign_ins.get("")
@signed_in
def index() -> str:
    present = sign_in.present(session(), me().id, own_secret(), now())
    return render_template("account/sign_ins.html", present=present, moment=moment, zone=me().zone)


@sign_ins.post("/<uuid:sign_in_id>/end")
@signed_in
def end(sign_in_id: UUID) -> Response:
    sign_in.end_one(session(), person_id=me().id, sign_in_id=sign_in_id, now=now())
    flash(_("That sign-in is ended."))
    return redirect(url_for(".index"), 303)


@sign_ins.post("/end-others")
@signed_in
def end_others() -> Response:
    ended = sign_in.end_others(session(), person_id=me().id, session_secret=own_secret(), now=now())
    if ended:
        flash(
            ngettext(
                "One other sign-in is ended.",
                "%(count)s other sign-ins are ended.",
                ended,
                count=number(ended),
            )
        )
    else:
        nothing_done(_("You were signed in nowhere else."))
    return redirect(url_for(".index"), 303)
