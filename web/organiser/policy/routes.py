"""The policy editor: rules and weights with a preview, new versions, and earlier ones that count again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Changed, Invalid, Problem
from matcher.domain.policy.policy import Policy
from matcher.schemas.policy_form import read_policy_form
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.forecast.options import chances
from matcher.services.ports import SolverCrashed, SolverRefused, SolverTimedOut
from matcher.services.programme import lists as programme_lists
from matcher.services.programme import policies as acts
from matcher.store.engine import read_only
from web.account.identity import me, signed_in
from web.clock import now
from web.counting import counting, crowds, unheard
from web.database import roll_back, session
from web.forms import Form, filled
from web.language import _
from web.organiser.finding import mine_or_404
from web.organiser.policy import view as pages
from web.organiser.setup import view as setup_view
from web.tones import nothing_done

blueprint = Blueprint("policy", __name__, url_prefix="/organise/<uuid:cycle_id>/policy")
NAMES_SHOWN = 25
Answer = tuple[str, int]


@blueprint.get("")
@signed_in
def edit(cycle_id: UUID) -> Answer:
    line = mine_or_404(cycle_id)
    number, policy = acts.present(session(), programme_id=line.programme_id, by=me().id)
    return page(line, pages.as_stored(policy), number)


@blueprint.post("")
@signed_in
def save(cycle_id: UUID) -> Response | Answer:
    line = mine_or_404(cycle_id)
    number, present = acts.present(session(), programme_id=line.programme_id, by=me().id)
    try:
        policy = read_policy_form(fields(), present)
        keep_roles(line, present, policy)
    except Invalid as wrong:
        return page(line, filled(request.form, wrong.problems), seen(), status=422)
    try:
        saved = acts.save(
            session(), programme_id=line.programme_id, policy=policy, seen=seen(), by=me().id, now=now()
        )
    except Changed as other:
        return page(line, filled(request.form), number, told=other.sentence, status=409)
    if saved == number:
        nothing_done(_("Nothing was different, so version %(number)s still counts.", number=number))
    else:
        flash(_("Version %(number)s counts from now on.", number=saved))
    return redirect(url_for(".edit", cycle_id=line.id), 303)


def keep_roles(line: CycleLine, present: Policy, policy: Policy) -> None:
    """Raises Invalid where it takes a role away that people signed up for: that is asked elsewhere."""
    counted = programme_lists.signed_up_as(session(), line.programme_id)
    told = setup_view.taken_away(counted, set(present.roles) - set(policy.roles), policy.roles)
    if told:
        where = _("Take it away on the page “Sessions” of the programme, where you are asked once more.")
        raise Invalid((Problem(pointer="/circles", sentence=f"{told} {where}"),))


@blueprint.post("/preview")
@signed_in
def preview(cycle_id: UUID) -> str | Answer:
    """What the settings in the form would do; nothing is stored. A script gets the part alone."""
    line, by = mine_or_404(cycle_id), me().id
    # Counting takes a moment: nobody who writes waits for it.
    roll_back()
    read_only(session())
    _number, present = acts.present(session(), programme_id=line.programme_id, by=by)
    form, found = filled(request.form), None
    try:
        found = tried(line, read_policy_form(fields(), present), by)
    except Invalid as wrong:
        form = filled(request.form, wrong.problems)
    if "HX-Request" in request.headers:
        return render_template(
            "organiser/policy/_preview.html", cycle=line, preview=found, problems=form.problems
        )
    return page(line, form, seen(), preview=found, status=422 if form.problems else 200)


@blueprint.get("/versions")
@signed_in
def versions(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    found = acts.versions(session(), programme_id=line.programme_id, by=me().id)
    return render_template(
        "organiser/policy/versions.html", cycle=line, versions=pages.versions(found, me().zone)
    )


@blueprint.post("/versions/<int:number>")
@signed_in
def use_again(cycle_id: UUID, number: int) -> Response:
    line = mine_or_404(cycle_id)
    here = {"programme_id": line.programme_id, "by": me().id}
    _number, before = acts.present(session(), **here)
    saved = acts.use_again(session(), **here, number=number, now=now())
    keep_roles(line, before, acts.present(session(), **here)[1])
    flash(_("Version %(old)s counts again, as version %(number)s.", old=number, number=saved))
    return redirect(url_for(".versions", cycle_id=line.id), 303)


def page(
    line: CycleLine,
    form: Form,
    number: int,
    *,
    preview: pages.PolicyPreview | str | None = None,
    told: str = "",
    status: int = 200,
) -> Answer:
    """The editor with what stands in it."""
    view = pages.editor(form, number)
    policy = Policy.from_data(cycle_lists.policy_data(session(), line.programme_id))
    shown = render_template(
        "organiser/policy/edit.html", cycle=line, view=view, preview=preview, told=told, pairs=policy.pairs
    )
    return shown, status


def fields() -> dict[str, list[str]]:
    """Everything that was sent."""
    return {name: request.form.getlist(name) for name in request.form}


def seen() -> int:
    """The version the form began from; 0 where that is not said."""
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def tried(line: CycleLine, policy: Policy, by: UUID) -> pages.PolicyPreview | str:
    """The preview, or a sentence why there is none."""
    try:
        found = chances(
            session(),
            cycle_id=line.id,
            by=by,
            count=counting(),
            report=unheard,
            read=crowds(),
            policy=policy,
            most=NAMES_SHOWN,
        )
    except (SolverCrashed, SolverRefused, SolverTimedOut):
        return _("The options could not be counted this time. Nothing has changed. Try again in a minute.")
    return pages.preview(found, policy)
