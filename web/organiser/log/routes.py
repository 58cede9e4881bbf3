"""The audit log of a cycle: read, filtered, checked, taken away. Nothing here changes it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, stream_with_context, url_for
from werkzeug.wrappers import Response as Answer

from matcher.services import audit, audit_lists
from matcher.services.imports.workbook import csv_parts
from web.account.identity import me, signed_in
from web.database import session
from web.language import _
from web.organiser.finding import mine_or_404, page_number
from web.organiser.log import view as pages
from web.tones import refused

blueprint = Blueprint("log", __name__, url_prefix="/organise/<uuid:cycle_id>/log")
MOST_TAKEN = 20_000
"""The newest entries that one download holds; a day or an act narrows it down."""


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> tuple[str, int]:
    line, page = mine_or_404(cycle_id), page_number()
    looked, asked = _looked_for()
    about = {"cycle_id": line.id, "programme_id": line.programme_id}
    lines = audit_lists.entries(
        session(), **about, asked=asked, most=pages.ON_A_PAGE, skip=(page - 1) * pages.ON_A_PAGE
    )
    acts = audit_lists.acts(session(), **about)
    view = pages.view(
        lines,
        audit_lists.things(session(), {one.about for one in lines if one.about}),
        acts=tuple(acts),
        looked=looked,
        count=_count(about, asked, acts),
        page=page,
        head=audit_lists.head(session(), **about),
        cycle=(line.id, line.name),
        programme=(line.programme_id, line.programme),
        zone=me().zone,
    )
    kept = {name: typed for name, typed in request.args.items() if name in ("act", "who", "day") and typed}
    status = 422 if looked.wrong else 200
    return render_template("organiser/log/index.html", cycle=line, view=view, kept=kept), status


@blueprint.get("/log.csv")
@signed_in
def table(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    _typed, asked = _looked_for()
    lines = audit_lists.entries(
        session(), cycle_id=line.id, programme_id=line.programme_id, asked=asked, most=MOST_TAKEN
    )
    things = audit_lists.things_of_cycle(session(), line.id, {one.about for one in lines if one.about})
    named = {line.id: line.name, line.programme_id: line.programme}
    # All is read by now; the words are made while it is sent, in the language of this request.
    parts = csv_parts(pages.header(), pages.cells(lines, things, named))
    answer = Response(stream_with_context(parts), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="log.csv"'
    return answer


@blueprint.post("/check")
@signed_in
def check(cycle_id: UUID) -> Answer:
    """Recompute the whole chain: it reads every entry, so it is asked for."""
    line = mine_or_404(cycle_id)
    found = audit.verify(session())
    if found.broken_at is None:
        head = audit_lists.head(session(), cycle_id=line.id, programme_id=line.programme_id)
        flash(_("Checked: no entry was changed or taken out. The newest entry here is %(head)s.", head=head))
    else:
        refused(
            _(
                "The log does not fit together: an entry was changed or taken out. Everything before it is "
                "as it was written. Tell whoever runs this site; the last hash that fits is %(head)s.",
                head=found.head or "–",
            )
        )
    return redirect(url_for(".index", cycle_id=line.id), 303)


def _count(about: Mapping[str, UUID], asked: audit_lists.LogQuery, acts: Mapping[str, int]) -> int:
    """How many entries there are of what was asked for; of all, or of one act, it is known already."""
    if asked == audit_lists.LogQuery(act=asked.act):
        return acts.get(asked.act, 0) if asked.act else sum(acts.values())
    return audit_lists.count(session(), **about, asked=asked)


def _looked_for() -> tuple[pages.Looked, audit_lists.LogQuery]:
    act, who, day = (request.args.get(name, "") for name in ("act", "who", "day"))
    return pages.understood(act, who, day, me().zone)
