"""What check-ins told, for organisers: aggregates that were decided once, and a way to ask now."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.services.during import check_ins as during_check_ins
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.language import ngettext
from web.organiser.check_ins import view as pages
from web.organiser.finding import mine_or_404

blueprint = Blueprint("check_ins", __name__, url_prefix="/organise/<uuid:cycle_id>/check-ins")
ANY_MAIL = UUID(int=0)
MEETING = ("published", "running")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    rounds = pages.view(during_check_ins.results(session(), cycle_id=line.id, by=me().id))
    may_ask = line.state.value in MEETING and not any(one.open for one in rounds)
    return render_template("organiser/check_ins/index.html", cycle=line, rounds=rounds, may_ask=may_ask)


@blueprint.post("")
@signed_in
def ask(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    opened = during_check_ins.open_round(
        session(),
        cycle_id=line.id,
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(ngettext("One person is asked.", "%(num)s people are asked.", opened.asked))
    return redirect(url_for(".index", cycle_id=line.id), 303)
