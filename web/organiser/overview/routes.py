"""The organiser's first pages: my cycles, one cycle, its run as it works."""

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.domain.policy.policy import Policy
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.matching import runs as matching_runs
from matcher.services.programme import lists as programme_lists
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.language import _
from web.organiser.finding import mine_or_404, run_of_or_404
from web.organiser.overview import view as overview_view
from web.organiser.setup.finding import founder_or_404

blueprint = Blueprint("overview", __name__, url_prefix="/organise")


def back(cycle_id: UUID) -> Response:
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


@blueprint.get("")
@signed_in
def index() -> str:
    programmes = programme_lists.programmes_of(session(), me().id)
    if not programmes:
        founder_or_404()
    lines = cycle_lists.organised_cycles(session(), me().id)
    return render_template(
        "organiser/overview/index.html", programmes=overview_view.by_programme(lines, programmes)
    )


@blueprint.get("/<uuid:cycle_id>")
@signed_in
def cycle(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    return render_template("organiser/overview/cycle.html", cycle=line, view=workshop(line))


def workshop(line: CycleLine) -> overview_view.Workshop:
    runs = cycle_lists.runs(session(), line.id)
    progress = matching_runs.progress(session(), runs[0].id) if runs else None
    return overview_view.workshop(
        line,
        counts=cycle_lists.counts(session(), line.id),
        runs=runs,
        progress=progress,
        published=cycle_lists.published_by(session(), line.id),
        mails=cycle_lists.mails(session(), line.id),
        roles=Policy.from_data(cycle_lists.policy_data(session(), line.programme_id)).roles,
        zone=me().zone,
    )


@blueprint.get("/<uuid:cycle_id>/run")
@signed_in
def run(cycle_id: UUID) -> Response:
    """The part of the page that changes while a run works; asked for each second."""
    line = mine_or_404(cycle_id)
    runs = cycle_lists.runs(session(), line.id)
    progress = matching_runs.progress(session(), runs[0].id) if runs else None
    published = cycle_lists.published_by(session(), line.id) is not None
    view = overview_view.run_part(runs, progress, published=published, zone=me().zone)
    response = make_response(render_template("organiser/runs/_run.html", cycle=line, view=view))
    if not view.working:
        # The state, the road and what can be done have changed with it: show the whole page anew.
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/<uuid:cycle_id>/open")
@signed_in
def open_sign_up(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    cycles.open_(session(), cycle_id=line.id, by=me().id, now=now())
    flash(_("%(cycle)s is open. People can sign up now.", cycle=line.name))
    return back(line.id)


@blueprint.post("/<uuid:cycle_id>/close")
@signed_in
def close(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_id = cycles.close(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("solve", run_id)
    flash(_("Sign-up for %(cycle)s is closed, and the matching has begun.", cycle=line.name))
    return back(line.id)


@blueprint.post("/<uuid:cycle_id>/runs")
@signed_in
def queue(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_id = matching_runs.queue(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("solve", run_id)
    flash(_("A new run has begun."))
    return back(line.id)


@blueprint.post("/<uuid:cycle_id>/runs/<uuid:run_id>/cancel")
@signed_in
def cancel(cycle_id: UUID, run_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_of_or_404(line, run_id)
    matching_runs.cancel(session(), run_id, by=me().id, now=now())
    flash(_("The run is cancelled. Nothing else has changed."))
    return back(line.id)
