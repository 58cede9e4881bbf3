"""Runs: watch them work, cancel, try again, begin several at once."""

from uuid import UUID

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from matcher.domain.errors import Invalid
from matcher.services.cycle.lists import CycleLine
from matcher.services.matching import lists as matching_lists
from matcher.services.matching import runs, several_runs
from matcher.services.matching.several_runs import RunChoice
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.language import _, in_words
from web.organiser.finding import mine_or_404, run_of_or_404
from web.organiser.runs import view as pages

blueprint = Blueprint("runs", __name__, url_prefix="/organise/<uuid:cycle_id>/runs")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    return render_template("organiser/runs/index.html", cycle=line, view=view(line))


@blueprint.get("/live")
@signed_in
def live(cycle_id: UUID) -> Response:
    """The part that changes while a run works; 304 where nothing has."""
    line = mine_or_404(cycle_id)
    shown = view(line, form=False)
    answer = make_response(render_template("organiser/runs/_runs.html", cycle=line, view=shown))
    if not shown.working:
        # What can be done now has changed with it: show the whole page anew.
        answer.headers["HX-Refresh"] = "true"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@blueprint.post("/begin")
@signed_in
def queue(cycle_id: UUID) -> Answer | tuple[str, int]:
    line = mine_or_404(cycle_id)
    try:
        queued = several_runs.queue_each(
            session(), cycle_id=line.id, choices=choices(), by=me().id, now=now()
        )
    except Invalid as wrong:
        problem = in_words(wrong.problems[0].sentence)
        return render_template("organiser/runs/index.html", cycle=line, view=view(line), problem=problem), 422
    for run_id in queued:
        ring_after_commit("solve", run_id)
    flash(pages.begun(len(queued)))
    return back(line)


@blueprint.post("/<uuid:run_id>/again")
@signed_in
def again(cycle_id: UUID, run_id: UUID) -> Answer:
    line = mine_or_404(cycle_id)
    run_of_or_404(line, run_id)
    ring_after_commit("solve", several_runs.again(session(), run_id, by=me().id, now=now()))
    flash(pages.begun(1))
    return back(line)


@blueprint.post("/<uuid:run_id>/stop")
@signed_in
def cancel(cycle_id: UUID, run_id: UUID) -> Answer:
    line = mine_or_404(cycle_id)
    run_of_or_404(line, run_id)
    runs.cancel(session(), run_id, by=me().id, now=now())
    flash(_("The run is cancelled. Nothing else has changed."))
    return back(line)


def view(line: CycleLine, *, form: bool = True) -> pages.RunsView:
    policies = matching_lists.policies(session(), line.programme_id) if form else ()
    return pages.view(line, matching_lists.runs(session(), line.id), policies, zone=me().zone, now=now())


def choices() -> list[RunChoice]:
    """The ticked versions with their names; what is no version's number is no choice."""
    found = []
    for said in request.form.getlist("policy"):
        try:
            policy_id = UUID(said)
        except ValueError:
            continue
        found.append(RunChoice(policy_id=policy_id, label=request.form.get(f"label-{policy_id}", "")))
    return found


def back(line: CycleLine) -> Answer:
    return redirect(url_for(".index", cycle_id=line.id), 303)
