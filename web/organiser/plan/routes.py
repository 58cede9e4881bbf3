"""Cycles: planned with sensible days, moved while that makes sense, opened, closed, given up."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.dates import FIELDS, Dates, changeable, proposed
from matcher.domain.errors import Invalid
from matcher.domain.lifecycle import moves
from matcher.domain.policy.policy import Policy
from matcher.schemas.cycle import NewCycle, NewCycleSchema
from matcher.schemas.problems import load
from matcher.schemas.setting_up import PlanSchema
from matcher.services.cycle import cycles
from matcher.services.cycle import dates as cycle_dates
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.programme import lists as programme_lists
from matcher.services.programme.lists import ProgrammeSetup
from matcher.store.tables import Cycle
from web.account.identity import me, signed_in
from web.clock import now
from web.database import session
from web.forms import Form, filled, schema_input
from web.language import _, current
from web.organiser.finding import mine_or_404
from web.organiser.setup import view as pages
from web.organiser.setup.finding import programme_or_404
from web.organiser.setup.routes import frame
from web.parts.words import day

blueprint = Blueprint("plan", __name__, url_prefix="/organise")

Page = str | Response | tuple[str, int]


@blueprint.get("/programmes/<uuid:programme_id>/cycles/new")
@signed_in
def new(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    last = programme_lists.last_cycle(session(), kept.id)
    dates = proposed(
        cycle_dates.dates_of(last) if last is not None else None,
        policy=Policy.from_data(kept.policy),
        today=now().date(),
    )
    return new_page(kept, pages.plan(current().month(dates.starts_on), dates))


def new_page(kept: ProgrammeSetup, form: Form) -> str:
    return render_template(
        "organiser/plan/new.html",
        **frame(kept),
        form=form,
        links=pages.links(form.problems),
        days=pages.days(),
    )


@blueprint.post("/programmes/<uuid:programme_id>/cycles/new")
@signed_in
def create(programme_id: UUID) -> Page:
    kept = programme_or_404(programme_id)
    schema = NewCycleSchema()
    try:
        typed: NewCycle = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return new_page(kept, filled(request.form, wrong.problems)), 422
    cycle_id = cycles.create(
        session(),
        programme_id=kept.id,
        name=typed.name,
        **{field: getattr(typed, field) for field in FIELDS},
        by=me().id,
        now=now(),
    )
    flash(_("%(cycle)s is planned. Nobody sees it before you open the sign-up.", cycle=typed.name))
    return redirect(url_for("overview.cycle", cycle_id=cycle_id), 303)


@blueprint.get("/<uuid:cycle_id>/plan")
@signed_in
def plan(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    row = cycles.of(session(), line.id)
    return plan_page(line, pages.plan(row.name, cycle_dates.dates_of(row), row.version))


def plan_page(line: CycleLine, form: Form) -> str:
    free = changeable(line.state)
    counts = cycle_lists.counts(session(), line.id)
    return render_template(
        "organiser/plan/edit.html",
        cycle=line,
        form=form,
        links=pages.links(form.problems),
        days=[(field, label, field in free, day(getattr(line, field))) for field, label in pages.days()],
        settled=not free,
        people=counts.people + counts.paused,
        may=[state.value for state in moves(line.state)],
    )


@blueprint.post("/<uuid:cycle_id>/plan")
@signed_in
def change(cycle_id: UUID) -> Page:
    line = mine_or_404(cycle_id)
    row = cycles.of(session(), line.id)
    try:
        typed = load(PlanSchema(), schema_input(request.form, PlanSchema()))
        cycle_dates.change(
            session(),
            cycle_id=line.id,
            name=typed["name"],
            dates=dates(row, typed),
            seen=typed.get("version", 0),
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        return plan_page(line, filled(request.form, wrong.problems)), 422
    flash(_("Saved."))
    return redirect(url_for(".plan", cycle_id=line.id), 303)


def dates(row: Cycle, typed: dict[str, Any]) -> Dates:
    """The days that were sent; what was not stays as it is."""
    return Dates(**{field: typed.get(field, getattr(row, field)) for field in FIELDS})


@blueprint.post("/<uuid:cycle_id>/plan/reopen")
@signed_in
def reopen(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    cycles.reopen(session(), cycle_id=line.id, by=me().id, now=now())
    flash(_("%(cycle)s is open again. People can sign up and change their answers.", cycle=line.name))
    return redirect(url_for(".plan", cycle_id=line.id), 303)


@blueprint.post("/<uuid:cycle_id>/plan/cancel")
@signed_in
def cancel(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    cycles.cancel(session(), cycle_id=line.id, by=me().id, now=now())
    flash(_("%(cycle)s is cancelled. Its answers are kept, and nobody is matched.", cycle=line.name))
    return redirect(url_for("overview.cycle", cycle_id=line.id), 303)
