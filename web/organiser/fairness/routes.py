"""The fairness report of a draft: to read, to print, to take along, and the files to check it elsewhere."""

from uuid import UUID

from flask import Blueprint, Response, current_app, make_response, render_template, request
from markupsafe import Markup

from matcher.services.cycle.lists import CycleLine
from matcher.services.fairness import reports
from matcher.services.fairness.reports import FileName
from matcher.services.imports.workbook import workbook
from web.account.identity import signed_in
from web.database import ring_after_commit, save, session
from web.language import _
from web.organiser.fairness import view as pages
from web.organiser.finding import draft_of_or_404, mine_or_404

blueprint = Blueprint(
    "fairness", __name__, url_prefix="/organise/<uuid:cycle_id>/drafts/<uuid:draft_id>/report"
)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS = ("tokens", "page", "parts", "print")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID, draft_id: UUID) -> Response:
    line = _mine(cycle_id, draft_id)
    view = _view(draft_id)
    if view is None:
        # Made by a worker: asked for here, since an older draft may have none.
        ring_after_commit("report", draft_id)
    shown = render_template("organiser/fairness/index.html", cycle=line, draft_id=draft_id, view=view)
    response = make_response(shown)
    if view is not None and "HX-Request" in request.headers:
        # Only the page that waits asks like this: show it the report.
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.get("/page")
@signed_in
def page(cycle_id: UUID, draft_id: UUID) -> Response:
    """The report as one page that needs nothing else."""
    line = _mine(cycle_id, draft_id)
    view = _view(draft_id)
    if view is None:
        return _later(line, draft_id)
    text = render_template("organiser/fairness/file.html", cycle=line, view=view, looks=_looks())
    return _file(text.encode(), "text/html; charset=utf-8", "fairness.html")


@blueprint.get("/workbook")
@signed_in
def xlsx(cycle_id: UUID, draft_id: UUID) -> Response:
    line = _mine(cycle_id, draft_id)
    view = _view(draft_id)
    if view is None:
        return _later(line, draft_id)
    heading = _("Fairness report of %(cycle)s", cycle=line.name)
    return _file(workbook(pages.sheets(view, heading)), XLSX, "fairness.xlsx")


@blueprint.get("/problem")
@signed_in
def problem(cycle_id: UUID, draft_id: UUID) -> Response:
    """Whole numbers only: no names, no addresses, no words of anybody."""
    _mine(cycle_id, draft_id)
    return _stored(draft_id, "problem")


@blueprint.get("/plan")
@signed_in
def plan(cycle_id: UUID, draft_id: UUID) -> Response:
    _mine(cycle_id, draft_id)
    return _stored(draft_id, "plan")


def _mine(cycle_id: UUID, draft_id: UUID) -> CycleLine:
    line = mine_or_404(cycle_id)
    draft_of_or_404(line, draft_id)
    return line


def _view(draft_id: UUID) -> pages.ReportView | None:
    found = reports.of(session(), draft_id)
    return pages.view(found) if found is not None else None


def _later(line: CycleLine, draft_id: UUID) -> Response:
    ring_after_commit("report", draft_id)
    save()
    shown = render_template("organiser/fairness/index.html", cycle=line, draft_id=draft_id, view=None)
    return make_response(shown, 409)


def _looks() -> Markup:
    """The site's own style sheets, to be put into a page that stands alone."""
    folder = current_app.static_folder or ""
    texts = []
    for name in SHEETS:
        with current_app.open_resource(f"{folder}/css/{name}.css", "rt") as sheet:
            texts.append(sheet.read())
    return Markup("\n".join(texts))  # noqa: S704 (files of our own)


def _file(content: bytes, kind: str, name: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _stored(draft_id: UUID, name: FileName) -> Response:
    """A file of the draft, sent as it is stored."""
    return _file(reports.file_of(session(), draft_id, name), "application/json", f"{name}.json")
