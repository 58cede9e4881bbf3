"""The parts of an organiser's cycle, as links on each of its pages, in the order of the road."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Flask, current_app, request, url_for

from matcher.services.cycle.lists import CycleLine
from web.language import N_, _

DRAFT = "draft.index"
CYCLE_PARTS = (
    ("", (("overview.cycle", N_("Overview")),)),
    (
        N_("Prepare"),
        (
            ("plan.plan", N_("Plan")),
            ("people.index", N_("People")),
            ("forecast.index", N_("Forecast")),
            ("policy.edit", N_("Policy")),
        ),
    ),
    (
        N_("Match"),
        (
            ("runs.index", N_("Runs")),
            (DRAFT, N_("Draft")),
            ("what_if.index", N_("What if")),
            ("compare.index", N_("Compare")),
        ),
    ),
    (
        N_("Meet"),
        (
            ("mails.index", N_("Mails")),
            ("check_ins.index", N_("Check-ins")),
            ("repairs.index", N_("Repairs")),
            ("during.index", N_("During and after")),
        ),
    ),
    ("", (("log.index", N_("Log")),)),
)
"""Groups of routes with their names; each takes the id of the cycle, DRAFT that of the draft as well."""

DRAFT_PARTS = (
    ("draft.index", N_("Draft")),
    ("draft.pairs", N_("Pairs")),
    ("draft.waiting", N_("Not placed")),
    ("draft.circles", N_("Circles")),
    ("draft.rota", N_("Duties")),
    ("fairness.index", N_("Fairness report")),
    ("publish.index", N_("Publish")),
)
"""The parts of a draft; every route takes the ids of cycle and draft."""

BELONGS = {"imports": "people", "earlier_pairs": "people"}
"""Pages one reaches from another part, and belong to it."""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """A link to one part; `here` where that part, or a page of it, is open."""

    address: str
    name: str
    here: bool


@dataclass(frozen=True, kw_only=True)
class TabGroup:
    """Parts that belong together, under a name; a part on its own has none."""

    name: str
    tabs: tuple[Tab, ...]

    @property
    def here(self) -> bool:
        return any(tab.here for tab in self.tabs)


def register(app: Flask) -> None:
    """Let templates ask for the links."""
    app.jinja_env.globals.update(cycle_tabs=cycle_tabs, draft_tabs=draft_tabs)


def cycle_tabs(cycle: CycleLine) -> tuple[TabGroup, ...]:
    """Every part of this cycle; the draft is among them only while one of its pages is open."""
    return tuple(
        TabGroup(name=_(title) if title else "", tabs=_tabs(routes, cycle)) for title, routes in CYCLE_PARTS
    )


def _tabs(routes: Sequence[tuple[str, str]], cycle: CycleLine) -> tuple[Tab, ...]:
    open_draft = _open_draft()
    return tuple(
        Tab(address=_address(route, cycle), name=_(name), here=_is_here(route))
        for route, name in routes
        if route in current_app.view_functions and (route != DRAFT or open_draft is not None)
    )


def _address(route: str, cycle: CycleLine) -> str:
    if route == DRAFT:
        return url_for(route, cycle_id=cycle.id, draft_id=_open_draft())
    return url_for(route, cycle_id=cycle.id)


def _open_draft() -> UUID | None:
    """The draft whose page is open."""
    found: UUID | None = (request.view_args or {}).get("draft_id")
    return found


def _is_here(route: str) -> bool:
    """Whether the open page is this part or belongs to it."""
    if _open_draft() is not None:
        return route == DRAFT
    if request.blueprint == "overview":
        return route == "overview.cycle"
    part = route.partition(".")[0]
    return part == BELONGS.get(request.blueprint or "", request.blueprint)


def draft_tabs(cycle: CycleLine) -> list[tuple[str, str]]:
    """Address and name of each part of the draft whose page is open."""
    return [
        (url_for(route, cycle_id=cycle.id, draft_id=_open_draft()), _(name))
        for route, name in DRAFT_PARTS
        if route in current_app.view_functions
    ]
