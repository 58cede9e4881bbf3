"""The organiser's pages: my cycles, one cycle, its run as it works, a draft to review and publish."""

from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import NotFound
from matcher.domain.policy.policy import Policy
from matcher.schemas.cycle import PublishSchema
from matcher.schemas.problems import load
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.matching import runs as matching_runs
from matcher.services.programme import lists as programme_lists
from matcher.services.publishing import publication, sign_offs
from matcher.services.review import draft_lists
from matcher.services.review import lists as review_lists
from matcher.services.review.lists import AskedPairs
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import schema_input
from web.language import _
from web.organiser.draft import summary_view
from web.organiser.draft import view as draft_view
from web.organiser.finding import draft_of_or_404, mine_or_404, run_of_or_404
from web.organiser.overview import view as overview_view
from web.organiser.setup.finding import founder_or_404

organiser = Blueprint("organiser", __name__, url_prefix="/organise")
WEAKEST = 5


def back(cycle_id: UUID) -> Response:
    return redirect(url_for(".cycle", cycle_id=cycle_id), 303)


@organiser.get("")
@signed_in
def index() -> str:
    programmes = programme_lists.programmes_of(session(), me().id)
    if not programmes:
        founder_or_404()
    lines = cycle_lists.organised_cycles(session(), me().id)
    return render_template(
        "organiser/overview/index.html", programmes=overview_view.by_programme(lines, programmes)
    )


@organiser.get("/<uuid:cycle_id>")
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


@organiser.get("/<uuid:cycle_id>/run")
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


@organiser.post("/<uuid:cycle_id>/open")
@signed_in
def open_sign_up(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    cycles.open_(session(), cycle_id=line.id, by=me().id, now=now())
    flash(_("%(cycle)s is open. People can sign up now.", cycle=line.name))
    return back(line.id)


@organiser.post("/<uuid:cycle_id>/close")
@signed_in
def close(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_id = cycles.close(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("solve", run_id)
    flash(_("Sign-up for %(cycle)s is closed, and the matching has begun.", cycle=line.name))
    return back(line.id)


@organiser.post("/<uuid:cycle_id>/runs")
@signed_in
def queue(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_id = matching_runs.queue(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("solve", run_id)
    flash(_("A new run has begun."))
    return back(line.id)


@organiser.post("/<uuid:cycle_id>/runs/<uuid:run_id>/cancel")
@signed_in
def cancel(cycle_id: UUID, run_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_of_or_404(line, run_id)
    matching_runs.cancel(session(), run_id, by=me().id, now=now())
    flash(_("The run is cancelled. Nothing else has changed."))
    return back(line.id)


@organiser.get("/<uuid:cycle_id>/drafts/<uuid:draft_id>")
@signed_in
def draft(cycle_id: UUID, draft_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    draft_of_or_404(line, draft_id)
    head = review_lists.head(session(), draft_id)
    if head is None:
        raise NotFound("")
    shown = summary_view.view(
        head,
        review_lists.counts(session(), draft_id),
        cycle=line,
        published=cycle_lists.published_by(session(), line.id),
        zone=me().zone,
    )
    __, weakest = review_lists.pairs(session(), draft_id, AskedPairs(), first=0, most=WEAKEST)
    people = draft_lists.people_of_pairs(session(), weakest)
    return render_template(
        "organiser/draft/index.html",
        cycle=line,
        draft=head,
        view=shown,
        second=sign_offs.wanted(session(), line.programme_id),
        weakest=[draft_view.pair_row(pair, people, head.policy) for pair in weakest],
    )


@organiser.post("/<uuid:cycle_id>/drafts/<uuid:draft_id>/publish")
@signed_in
def publish(cycle_id: UUID, draft_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    draft_of_or_404(line, draft_id)
    schema = PublishSchema()
    seen = load(schema, schema_input(request.form, schema))
    publication.publish(
        session(),
        draft_id=draft_id,
        seen_hash=seen["seen_hash"],
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", draft_id)
    flash(_("%(cycle)s is published. The introductions are on their way.", cycle=line.name))
    return back(line.id)
