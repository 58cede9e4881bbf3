"""How the mails of a cycle fare, as they leave, and what to do about those that may not have arrived."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.domain.lifecycle import MailState
from matcher.services.publishing import deliveries
from matcher.services.publishing import lists as publishing_lists
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.language import _
from web.organiser.finding import mine_or_404, page_number
from web.organiser.publish import view as pages

blueprint = Blueprint("mails", __name__, url_prefix="/organise/<uuid:cycle_id>/mails")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    page = page_number()
    states = publishing_lists.states(session(), line.id)
    found = {
        state: pages.mails(publishing_lists.lines(session(), line.id, state, page))
        for state in (MailState.UNCERTAIN, MailState.FAILED)
    }
    longest = max(states[MailState.UNCERTAIN], states[MailState.FAILED])
    return render_template(
        "organiser/mails/index.html",
        cycle=line,
        view=pages.delivery(states),
        doubtful=found[MailState.UNCERTAIN],
        failed=found[MailState.FAILED],
        page=page,
        last=max(1, -(-longest // publishing_lists.ON_A_PAGE)),
    )


@blueprint.get("/live")
@signed_in
def live(cycle_id: UUID) -> Response:
    """The part that changes while mails leave; asked for every two seconds."""
    line = mine_or_404(cycle_id)
    view = pages.delivery(publishing_lists.states(session(), line.id))
    response = make_response(render_template("organiser/mails/_delivery.html", cycle=line, view=view))
    if not view.working:
        # What needs a look has changed with it: show the whole page anew.
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/<uuid:mail_id>/again")
@signed_in
def resend(cycle_id: UUID, mail_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    deliveries.resend(session(), cycle_id=line.id, mail_id=mail_id, by=me().id, now=now())
    ring_after_commit("mail", mail_id)
    flash(_("The mail is sent once more. Mail programs show it once, should it arrive twice."))
    return redirect(url_for(".index", cycle_id=line.id), 303)


@blueprint.post("/<uuid:mail_id>/arrived")
@signed_in
def settle(cycle_id: UUID, mail_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    deliveries.settle(session(), cycle_id=line.id, mail_id=mail_id, by=me().id, now=now())
    flash(_("The mail counts as delivered."))
    return redirect(url_for(".index", cycle_id=line.id), 303)
