"""Who is in a cycle: find, filter, sort, and take the list away."""

from uuid import UUID

from flask import Blueprint, Response, render_template, request

from matcher.domain.errors import NotFound
from matcher.services.imports import lists as imports_lists
from matcher.services.imports import workbook
from matcher.services.imports.lists import Wanted
from matcher.services.imports.workbook import OutputSheet
from web.account.identity import signed_in
from web.database import session
from web.language import _
from web.organiser.finding import mine_or_404, page_number
from web.organiser.people import view as pages

blueprint = Blueprint("people", __name__, url_prefix="/organise/<uuid:cycle_id>/people")
KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MARK = "\ufeff"
"""With it Excel reads the file as UTF-8."""


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    asked = pages.wanted(request.args)
    everybody = imports_lists.count(session(), line.id, Wanted())
    narrowed = Wanted() != Wanted(find=asked.find, role=asked.role, state=asked.state)
    found = imports_lists.count(session(), line.id, asked) if narrowed else everybody
    last = max(1, -(-found // pages.SIZE))
    number = min(page_number(), last)
    lines = imports_lists.page(session(), line.id, asked, number=number, size=pages.SIZE)
    view = pages.view(lines, asked, found=found, everybody=everybody, page=number)
    return render_template("organiser/people/index.html", cycle=line, view=view)


@blueprint.get("/list.<kind>")
@signed_in
def download(cycle_id: UUID, kind: str) -> Response:
    line = mine_or_404(cycle_id)
    lines = imports_lists.everybody(session(), line.id, pages.wanted(request.args))
    return as_file(pages.sheet(_("People"), lines), "people", kind)


def as_file(sheet: OutputSheet, name: str, kind: str) -> Response:
    """The table as CSV or XLSX to keep. Raises NotFound for another kind."""
    if kind not in KINDS:
        raise NotFound("")
    text = workbook.workbook([sheet]) if kind == "xlsx" else MARK + workbook.csv_text(sheet)
    kept = {"Content-Disposition": f'attachment; filename="{name}.{kind}"'}
    return Response(text, headers=kept, content_type=KINDS[kind])
