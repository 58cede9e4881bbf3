"""A published cycle until its end: who seems quiet, what came of it, what the next cycle takes over."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.policy.policy import Policy
from matcher.schemas.problems import load
from matcher.schemas.setting_up import LastDaySchema
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.during import check_ins, inactive
from matcher.services.during import lists as during_lists
from matcher.services.repair import proposals
from matcher.store.history import HAPPENED
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import Form, filled, schema_input
from web.language import N_, _, ngettext
from web.organiser.during import view as pages
from web.organiser.finding import mine_or_404, page_number
from web.organiser.setup.view import links
from web.parts.words import day, number
from web.tones import nothing_done

blueprint = Blueprint("during", __name__, url_prefix="/organise/<uuid:cycle_id>/during")
ANY_MAIL = UUID(int=0)
MOVES: dict[str, tuple[Callable[..., None], str]] = {
    "start": (cycles.start, N_("%(cycle)s has started.")),
    "complete": (cycles.complete, N_("%(cycle)s is completed. Thank you for looking after it.")),
    "archive": (cycles.archive, N_("%(cycle)s is archived.")),
}


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    return page(mine_or_404(cycle_id), Form())


def page(line: CycleLine, form: Form) -> str:
    if line.state not in HAPPENED:
        return render_template("organiser/during/index.html", cycle=line, view=None)
    policy = Policy.from_data(cycle_lists.policy_data(session(), line.programme_id))
    apart = next((use.params["cycles"] for use in policy.rules if use.name == "no_repeat"), None)
    view = pages.view(
        line,
        quiet=_quiet(line),
        pairs=during_lists.pair_states(session(), line.id),
        circles=during_lists.circle_sizes(session(), line.id),
        goals=during_lists.goals(session(), line.id),
        rounds=check_ins.results(session(), cycle_id=line.id, by=me().id),
        duties=during_lists.duty_spread(session(), line.id),
        carrying=during_lists.carrying(session(), line.id),
        apart=apart,
    )
    return render_template(
        "organiser/during/index.html",
        cycle=line,
        view=view,
        exits=_exits(line),
        form=form,
        links=links(form.problems),
    )


@blueprint.get("/duties")
@signed_in
def duties(cycle_id: UUID) -> str:
    line, page = mine_or_404(cycle_id), page_number()
    most = pages.ON_A_PAGE
    found, people = during_lists.holders(session(), line.id, most=most, skip=(page - 1) * most)
    return render_template(
        "organiser/during/duties.html",
        cycle=line,
        rows=pages.holder_rows(found),
        page=page,
        last=max(1, -(-people // most)),
    )


@blueprint.post("/remind")
@signed_in
def remind(cycle_id: UUID) -> Response:
    """Write to one quiet group, or to all of them."""
    line = mine_or_404(cycle_id)
    written = inactive.remind(
        session(),
        cycle_id=line.id,
        group_id=_group(request.form.get("group", "")),
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    if written:
        ring_after_commit("mail", ANY_MAIL)
        flash(
            ngettext(
                "%(count)s kind mail is on its way.",
                "%(count)s kind mails are on their way.",
                written,
                count=number(written),
            )
        )
    else:
        nothing_done(
            _("Nobody was written to: they are not quiet any more, or had such a mail within two weeks.")
        )
    return _back(line)


@blueprint.post("/<word>")
@signed_in
def move(cycle_id: UUID, word: str) -> Response:
    """Start, complete or archive the cycle."""
    line = mine_or_404(cycle_id)
    if word not in MOVES:
        raise NotFound("")
    act, said = MOVES[word]
    act(session(), cycle_id=line.id, by=me().id, now=now())
    flash(_(said, cycle=line.name))
    return _back(line)


@blueprint.post("/go-on")
@signed_in
def go_on(cycle_id: UUID) -> str | Response | tuple[str, int]:
    """Take a completion back, until another last day."""
    line = mine_or_404(cycle_id)
    try:
        ends_on = load(LastDaySchema(), schema_input(request.form, LastDaySchema()))["ends_on"]
        cycles.go_on(session(), cycle_id=line.id, ends_on=ends_on, by=me().id, now=now())
    except Invalid as wrong:
        return page(line, filled(request.form, wrong.problems)), 422
    flash(_("%(cycle)s goes on until %(day)s, and so do its pairs.", cycle=line.name, day=day(ends_on)))
    return _back(line)


def _quiet(line: CycleLine) -> pages.QuietView:
    page, most = page_number(), pages.ON_A_PAGE
    found = inactive.look(
        session(), cycle_id=line.id, by=me().id, now=now(), most=most, skip=(page - 1) * most
    )
    return pages.quiet_view(found, page=page, zone=me().zone)


def _exits(line: CycleLine) -> tuple[str, ...] | None:
    """What has happened and waits for a repair; None where nothing is repaired any more."""
    try:
        return proposals.open_exits(session(), cycle_id=line.id, by=me().id)
    except WrongState:
        return None


def _group(typed: str) -> UUID | None:
    """The group named in the form; none means all. Raises NotFound for what is no id."""
    if not typed:
        return None
    try:
        return UUID(typed)
    except ValueError:
        raise NotFound("") from None


def _back(line: CycleLine) -> Response:
    return redirect(url_for(".index", cycle_id=line.id), 303)
