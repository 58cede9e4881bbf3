"""Pairs of earlier years: a file of two columns, looked at first, then stored as people who have met."""

from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.domain.errors import Invalid, NotFound
from matcher.services.cycle.lists import CycleLine
from matcher.services.imports import earlier_pairs as imports_earlier_pairs
from matcher.services.imports import uploads
from matcher.services.imports.files import SourceFile
from web.account.identity import me, signed_in
from web.clock import now
from web.database import session
from web.forms import Form
from web.language import _, in_words, ngettext
from web.organiser.finding import mine_or_404
from web.organiser.people import files, imports_view, templates
from web.organiser.people.routes import as_file
from web.parts.words import figure
from web.tones import refused

blueprint = Blueprint("earlier_pairs", __name__, url_prefix="/organise/<uuid:cycle_id>/earlier-pairs")
files.make_room(blueprint, "hand_in")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    return _index(mine_or_404(cycle_id))


def _index(line: CycleLine, form: Form | None = None) -> str:
    return render_template("organiser/people/earlier_pairs.html", cycle=line, form=form or Form(), found=None)


@blueprint.post("")
@signed_in
def hand_in(cycle_id: UUID) -> AnyResponse | tuple[str, int]:
    line = mine_or_404(cycle_id)
    try:
        first = uploads.keep(
            session(),
            files.sent()[:1],
            cycle_id=line.id,
            person_id=me().id,
            now=now(),
            earlier_pairs=True,
        )
    except Invalid as wrong:
        return _index(line, Form(problems=wrong.problems)), 422
    return redirect(url_for(".check", cycle_id=line.id, upload_id=first), 303)


@blueprint.get("/template.<kind>")
@signed_in
def template(cycle_id: UUID, kind: str) -> Response:
    mine_or_404(cycle_id)
    return as_file(templates.EARLIER_PAIRS, "earlier-pairs-template", kind)


@blueprint.get("/<uuid:upload_id>")
@signed_in
def check(cycle_id: UUID, upload_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    file = _file(line, upload_id)
    found = imports_earlier_pairs.dry_run(session(), file, programme_id=line.programme_id)
    wrong = imports_view.problems(found.problems) if found.problems else None
    return render_template(
        "organiser/people/earlier_pairs.html",
        cycle=line,
        form=Form(),
        found=found,
        problems=wrong,
        upload_id=upload_id,
        name=file.name,
    )


def _file(line: CycleLine, upload_id: UUID) -> SourceFile:
    return uploads.of(session(), upload_id, cycle_id=line.id, person_id=me().id).files[0]


@blueprint.get("/<uuid:upload_id>/problems.csv")
@signed_in
def problems(cycle_id: UUID, upload_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    found = imports_earlier_pairs.dry_run(session(), _file(line, upload_id), programme_id=line.programme_id)
    return as_file(imports_view.problem_sheet(found.problems), "problems", "csv")


@blueprint.post("/<uuid:upload_id>/confirm")
@signed_in
def confirm(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    line = mine_or_404(cycle_id)
    try:
        file = _file(line, upload_id)
    except NotFound as gone:
        refused(in_words(gone.sentence))
        return redirect(url_for(".index", cycle_id=line.id), 303)
    done = imports_earlier_pairs.confirm(
        session(), file, programme_id=line.programme_id, by=me().id, now=now()
    )
    uploads.drop(session(), upload_id, cycle_id=line.id, person_id=me().id)
    flash(
        ngettext(
            "One earlier pair is stored: these two are not matched again.",
            "%(count)s earlier pairs are stored: none of them is matched again.",
            done.new,
            count=figure(done.new),
        )
    )
    return redirect(url_for("people.index", cycle_id=line.id), 303)


@blueprint.post("/<uuid:upload_id>/drop")
@signed_in
def drop(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    line = mine_or_404(cycle_id)
    uploads.drop(session(), upload_id, cycle_id=line.id, person_id=me().id)
    flash(_("The file is removed. Nothing was stored."))
    return redirect(url_for(".index", cycle_id=line.id), 303)
