"""Bring people in: hand files in, say what their columns are, look at what would change, confirm once."""

from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.domain.errors import Changed, Invalid, NotFound
from matcher.domain.lifecycle import CycleState
from matcher.domain.sentences import say
from matcher.schemas.mapping import mapping_from
from matcher.services.cycle.lists import CycleLine
from matcher.services.imports import people, saved_mappings, uploads
from matcher.services.imports import undo as imports_undo
from matcher.services.imports.columns import from_mapping, settled
from matcher.services.imports.csv_table import plain
from matcher.services.imports.people import Imported, Preview
from matcher.services.imports.uploads import Handed
from matcher.services.programme.programmes import policy_of
from web.account.identity import me, signed_in
from web.clock import now
from web.database import save, session
from web.forms import Form
from web.language import _, in_words, ngettext
from web.organiser.finding import mine_or_404
from web.organiser.people import columns as people_columns
from web.organiser.people import files as people_files
from web.organiser.people import imports_view, reading, templates
from web.organiser.people.columns import OneFile
from web.organiser.people.routes import as_file
from web.parts.words import figure, listed
from web.tones import nothing_done, refused

blueprint = Blueprint("imports", __name__, url_prefix="/organise/<uuid:cycle_id>/bring-in")
people_files.make_room(blueprint, "hand_in")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    return _index(mine_or_404(cycle_id))


def _index(line: CycleLine, form: Form | None = None) -> str:
    found = uploads.waiting(session(), cycle_id=line.id, person_id=me().id)
    is_open = line.state is CycleState.OPEN
    return render_template(
        "organiser/people/bring_in.html",
        cycle=line,
        form=form or Form(),
        is_open=is_open,
        waiting=[one for one in imports_view.waiting(found, me().zone) if not one.earlier_pairs],
        last=imports_view.last(imports_undo.last(session(), line.id), me().zone) if is_open else None,
        saved=[name for name, _mapping in saved_mappings.of(session(), line.programme_id)],
    )


@blueprint.post("")
@signed_in
def hand_in(cycle_id: UUID) -> AnyResponse | tuple[str, int]:
    line = mine_or_404(cycle_id)
    try:
        first = uploads.keep(session(), people_files.sent(), cycle_id=line.id, person_id=me().id, now=now())
    except Invalid as wrong:
        return _index(line, Form(problems=wrong.problems)), 422
    return redirect(url_for(".columns", cycle_id=line.id, upload_id=first), 303)


@blueprint.get("/template.<kind>")
@signed_in
def template(cycle_id: UUID, kind: str) -> Response:
    line = mine_or_404(cycle_id)
    roles = policy_of(session(), line.programme_id).roles
    return as_file(templates.people(roles), "people-template", kind)


@blueprint.get("/<uuid:upload_id>")
@signed_in
def columns(cycle_id: UUID, upload_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    return _columns(line, handed, reading.files(line, handed))


def _columns(line: CycleLine, handed: Handed, files: tuple[OneFile, ...], form: Form | None = None) -> str:
    return render_template(
        "organiser/people/columns.html",
        cycle=line,
        upload_id=handed.id,
        files=people_columns.view(files),
        form=form or Form(),
        fields=people_columns.options(),
        separators=people_columns.separators(),
        saved=people_columns.titles([title for title, _mapping in reading.known(line)]),
    )


@blueprint.post("/<uuid:upload_id>")
@signed_in
def choose(cycle_id: UUID, upload_id: UUID) -> AnyResponse | tuple[str, int]:
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    before = reading.files(line, handed)
    chosen = tuple(
        settled(now_, one.columns, one.chosen)
        for one, now_ in zip(before, people_columns.read(request.form, before), strict=True)
    )
    after = people_columns.with_choices(before, chosen)
    wrong = people_columns.problems(before, chosen)
    if wrong:
        # What was guessed for a new field is seen once, and then counts as chosen.
        reading.keep(handed, after)
        save()
        return _columns(line, handed, after, Form(problems=wrong)), 422
    data = reading.keep(handed, after)
    save()
    name = request.form.get("name", "").strip()
    if name:
        try:
            saved_mappings.keep(
                session(), programme_id=line.programme_id, name=name, data=data, by=me().id, now=now()
            )
        except Invalid as unfit:
            return _columns(line, handed, after, Form(problems=unfit.problems)), 422
        flash(_("This way of reading is kept as “%(name)s”.", name=" ".join(name.split())))
    return redirect(url_for(".check", cycle_id=line.id, upload_id=upload_id), 303)


@blueprint.post("/<uuid:upload_id>/use")
@signed_in
def use(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    """Read the files as a saved mapping does, as far as its columns are there."""
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    title = request.form.get("saved", "")
    mapping = dict(reading.known(line)).get(title)
    if mapping is None:
        raise NotFound("")
    files = reading.files(line, handed)
    chosen = []
    for one in files:
        headers = {plain(header) for header in one.table.header}
        fitting = (part for part in mapping.files if {plain(head) for head in part.expected} <= headers)
        part = mapping.of(one.stem) or next(fitting, mapping.files[0])
        chosen.append(from_mapping(part, one.table.header))
    if reading.keep(handed, people_columns.with_choices(files, chosen)):
        flash(_("The columns are read as “%(name)s” reads them. Look them over.", name=title))
    else:
        refused(
            _(
                "“%(name)s” does not fit: its columns are not in these files. Nothing has changed.",
                name=title,
            )
        )
    return redirect(url_for(".columns", cycle_id=line.id, upload_id=upload_id), 303)


@blueprint.get("/<uuid:upload_id>/check")
@signed_in
def check(cycle_id: UUID, upload_id: UUID) -> str | AnyResponse:
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    if not handed.how:
        return redirect(url_for(".columns", cycle_id=line.id, upload_id=upload_id), 303)
    view = imports_view.preview(_preview(line, handed))
    return render_template(
        "organiser/people/import_check.html",
        cycle=line,
        upload_id=upload_id,
        handed=handed,
        view=view,
        is_open=line.state is CycleState.OPEN,
        names=listed(file.name for file in handed.files),
    )


def _preview(line: CycleLine, handed: Handed) -> Preview:
    mapping = mapping_from(handed.how)
    return people.preview(
        session(), handed.files, mapping, cycle_id=line.id, monday=_monday(line), full=handed.full
    )


def _monday(line: CycleLine) -> date:
    return line.starts_on - timedelta(days=line.starts_on.weekday())


@blueprint.get("/<uuid:upload_id>/problems.csv")
@signed_in
def problems(cycle_id: UUID, upload_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    if not handed.how:
        raise NotFound("")
    return as_file(imports_view.problem_sheet(_preview(line, handed).read.problems), "problems", "csv")


@blueprint.post("/<uuid:upload_id>/everybody")
@signed_in
def everybody(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    """Whether the files list everybody, so that who is not listed leaves."""
    line = mine_or_404(cycle_id)
    handed = reading.handed(line, upload_id)
    uploads.choose(session(), handed.id, how=handed.how, full=request.form.get("full") == "yes")
    return redirect(url_for(".check", cycle_id=line.id, upload_id=upload_id), 303)


@blueprint.post("/<uuid:upload_id>/confirm")
@signed_in
def confirm(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    line = mine_or_404(cycle_id)
    try:
        handed = reading.handed(line, upload_id)
    except NotFound as gone:
        # Most likely the button was pressed twice: the list shows what became of it.
        refused(in_words(gone.sentence))
        return redirect(url_for("people.index", cycle_id=line.id), 303)
    if request.form.get("seen_hash") != handed.hash or not handed.how:
        raise Changed(
            say(
                "How these files are read was changed in another window. Nothing was stored. "
                "Look at what would change once more."
            )
        )
    done = people.confirm(
        session(),
        handed.files,
        mapping_from(handed.how),
        cycle_id=line.id,
        monday=_monday(line),
        by=me().id,
        now=now(),
        full=handed.full,
    )
    uploads.drop(session(), upload_id, cycle_id=line.id, person_id=me().id)
    flash(_done(done))
    return redirect(url_for("people.index", cycle_id=line.id), 303)


def _done(done: Imported) -> str:
    return ngettext(
        "One person is signed up by this import. It can be taken back under “Bring people in”.",
        "%(count)s people are signed up by this import. It can be taken back under “Bring people in”.",
        done.enrolled,
        count=figure(done.enrolled),
    )


@blueprint.post("/<uuid:upload_id>/drop")
@signed_in
def drop(cycle_id: UUID, upload_id: UUID) -> AnyResponse:
    line = mine_or_404(cycle_id)
    uploads.drop(session(), upload_id, cycle_id=line.id, person_id=me().id)
    flash(_("The files are removed. Nothing was imported."))
    return redirect(url_for(".index", cycle_id=line.id), 303)


@blueprint.post("/undo")
@signed_in
def undo(cycle_id: UUID) -> AnyResponse:
    line = mine_or_404(cycle_id)
    done = imports_undo.undo(session(), cycle_id=line.id, by=me().id, now=now())
    flash(
        ngettext(
            "The import is taken back. One person is removed again.",
            "The import is taken back. %(count)s people are removed again.",
            done.removed,
            count=figure(done.removed),
        )
    )
    if done.restored:
        flash(
            ngettext(
                "One person is as they were before.",
                "%(count)s people are as they were before.",
                done.restored,
                count=figure(done.restored),
            )
        )
    if done.kept:
        nothing_done(
            _("Left alone, because something was changed since: %(names)s.", names=listed(done.kept))
        )
    return redirect(url_for(".index", cycle_id=line.id), 303)


@blueprint.post("/forget")
@signed_in
def forget_saved(cycle_id: UUID) -> AnyResponse:
    """Remove a saved way of reading."""
    line = mine_or_404(cycle_id)
    name = request.form.get("saved", "")
    saved_mappings.remove(session(), programme_id=line.programme_id, name=name, by=me().id)
    flash(_("“%(name)s” is removed. What was imported with it stays.", name=name))
    return redirect(url_for(".index", cycle_id=line.id), 303)
