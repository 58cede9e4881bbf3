"""The parts of an organiser's cycle, as one row of links on each of its pages."""

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
    ("check_ins.index", N_("Check-ins")),
    ("repairs.index", N_("Repairs")),
    ("during.index", N_("During and after")),
    ("log.index", N_("Log")),
)
"""Route and name; every route takes the cycle's id and shows a page of its own."""


def register(app: Flask) -> None:
    """Let templates ask for the row."""
    app.jinja_env.globals["desk_tabs"] = desk_tabs


def desk_tabs(cycle: CycleLine) -> list[tuple[str, str]]:
    """Address and name of each part of this cycle."""
    known = current_app.view_functions
    return [(url_for(route, cycle_id=cycle.id), _(name)) for route, name in TABS if route in known]
