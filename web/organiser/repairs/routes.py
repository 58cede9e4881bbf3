"""Repairs: what has happened since the publication, the smallest change with its price, apply it or not."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import NotFound, WrongState
from matcher.schemas.cycle import PublishSchema
from matcher.schemas.problems import load
from matcher.services.cycle.lists import CycleLine
from matcher.services.repair import apply as repair_apply
from matcher.services.repair import find as acts
from matcher.services.repair import proposals
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import schema_input
from web.language import _, ngettext
from web.organiser.finding import mine_or_404
from web.organiser.repairs import view as repairs_view
from web.parts.words import number

blueprint = Blueprint("repairs", __name__, url_prefix="/organise/<uuid:cycle_id>/repairs")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    try:
        exits = proposals.open_exits(session(), cycle_id=line.id, by=me().id)
    except WrongState as refused:
        return render_template(
            "organiser/repairs/index.html", cycle=line, view=None, sentence=refused.sentence
        )
    found = proposals.proposals(session(), cycle_id=line.id, by=me().id)
    view = repairs_view.view(exits, found, me().zone)
    return render_template("organiser/repairs/index.html", cycle=line, view=view)


@blueprint.post("")
@signed_in
def ask(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    repair_id = acts.ask(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("repair", repair_id)
    return _back(line)


@blueprint.post("/<uuid:repair_id>/apply")
@signed_in
def apply(cycle_id: UUID, repair_id: UUID) -> Response:
    line = _of_mine(cycle_id, repair_id)
    schema = PublishSchema()
    seen = load(schema, schema_input(request.form, schema))
    mails = repair_apply.apply(
        session(),
        repair_id=repair_id,
        seen_hash=seen["seen_hash"],
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", repair_id)
    flash(
        ngettext(
            "The repair is done. %(count)s mail is on its way.",
            "The repair is done. %(count)s mails are on their way.",
            mails,
            count=number(mails),
        )
    )
    return _back(line)


@blueprint.post("/<uuid:repair_id>/drop")
@signed_in
def drop(cycle_id: UUID, repair_id: UUID) -> Response:
    line = _of_mine(cycle_id, repair_id)
    acts.drop(session(), repair_id=repair_id, by=me().id, now=now())
    flash(_("The proposal is dropped. Nothing has changed for anybody."))
    return _back(line)


def _of_mine(cycle_id: UUID, repair_id: UUID) -> CycleLine:
    """The cycle, if the repair is one of it. Raises NotFound."""
    line = mine_or_404(cycle_id)
    if acts.of(session(), repair_id, me().id).cycle_id != line.id:
        raise NotFound("")
    return line


def _back(line: CycleLine) -> Response:
    return redirect(url_for(".index", cycle_id=line.id), 303)
