"""The parts of an organiser's cycle, as one row of links on each of its pages."""

from uuid import UUID

from flask import Flask, current_app, url_for

from matcher.store.page_queries import CycleLine
from web.language import N_, _

TABS = (
    ("organiser.cycle", N_("Overview")),
    ("setup_cycles.plan", N_("Plan")),
    ("people_in.index", N_("People")),
    ("before.index", N_("Before matching")),
    ("policies.edit", N_("Policy")),
    ("running.index", N_("Runs")),
    ("what_if.index", N_("What if")),
    ("comparing.index", N_("Compare")),
    ("delivery.index", N_("Mails")),
    ("check_ins.index", N_("Check-ins")),
    ("repairs.index", N_("Repairs")),
    ("during.index", N_("During and after")),
    ("log.index", N_("Log")),
)
"""Route and name; every route takes the cycle's id and shows a page of its own."""

DRAFT_TABS = (
    ("organiser.draft", N_("Draft")),
    ("reviewing.pairs", N_("Pairs")),
    ("reviewing.waiting", N_("Not placed")),
    ("reviewing.circles", N_("Circles")),
    ("reviewing.rota", N_("Duties")),
    ("report.index", N_("Fairness report")),
    ("publishing.index", N_("Publish")),
)
"""The same for a draft; every route takes the ids of cycle and draft."""


def register(app: Flask) -> None:
    """Let templates ask for the row."""
    app.jinja_env.globals.update(desk_tabs=desk_tabs, draft_tabs=draft_tabs)


def desk_tabs(cycle: CycleLine) -> list[tuple[str, str]]:
    """Address and name of each part of this cycle."""
    known = current_app.view_functions
    return [(url_for(route, cycle_id=cycle.id), _(name)) for route, name in TABS if route in known]


def draft_tabs(cycle: CycleLine, draft_id: UUID) -> list[tuple[str, str]]:
    """Address and name of each part of this draft."""
    known = current_app.view_functions
    return [
        (url_for(route, cycle_id=cycle.id, draft_id=draft_id), _(name))
        for route, name in DRAFT_TABS
        if route in known
    ]
