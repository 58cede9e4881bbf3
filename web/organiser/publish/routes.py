"""Publishing with open eyes: what goes to whom, sample mails, and the yes of a second organiser."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import NotFound
from matcher.mail import samples
from matcher.mail.cycle_words import CycleWords
from matcher.mail.value import Mail
from matcher.schemas.cycle import PublishSchema
from matcher.schemas.problems import load
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.programme import mail_texts
from matcher.services.publishing import lists as publishing_lists
from matcher.services.publishing import publication, sign_offs
from matcher.translations.catalogue import LANGUAGES
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import schema_input
from web.language import _
from web.organiser.finding import draft_of_or_404, mine_or_404, page_number
from web.organiser.publish import view as pages

blueprint = Blueprint("publish", __name__, url_prefix="/organise/<uuid:cycle_id>/drafts/<uuid:draft_id>")
LISTS = {
    "introduction": publishing_lists.introduced,
    "circle_introduction": publishing_lists.seated,
    "waitlist": publishing_lists.waitlisted,
}


@blueprint.get("/publishing")
@signed_in
def index(cycle_id: UUID, draft_id: UUID) -> str:
    line = _mine(cycle_id, draft_id)
    view = pages.before(
        publishing_lists.audience(session(), draft_id),
        cycle=line,
        draft_id=draft_id,
        draft_hash=publishing_lists.hash_of(session(), draft_id),
        wanted=sign_offs.wanted(session(), line.programme_id),
        signed=sign_offs.of(session(), draft_id),
        published=cycle_lists.published_by(session(), line.id),
        me=me().id,
        zone=me().zone,
    )
    mails = pages.sample_rows(_samples(line))
    return render_template(
        "organiser/publish/index.html", cycle=line, draft_id=draft_id, view=view, samples=mails
    )


@blueprint.get("/publishing/recipients")
@signed_in
def recipients(cycle_id: UUID, draft_id: UUID) -> str:
    """Who would get a mail of one kind."""
    line = _mine(cycle_id, draft_id)
    kind = request.args.get("kind", "introduction")
    if kind not in LISTS:
        raise NotFound("")
    page = page_number()
    return render_template(
        "organiser/publish/recipients.html",
        cycle=line,
        draft_id=draft_id,
        kind=kind,
        kinds=pages.KINDS,
        rows=pages.people(LISTS[kind](session(), draft_id, page)),
        page=page,
        last=publishing_lists.pages_of(session(), draft_id)[kind],
    )


@blueprint.post("/publish")
@signed_in
def publish(cycle_id: UUID, draft_id: UUID) -> Response:
    line = _mine(cycle_id, draft_id)
    schema = PublishSchema()
    seen = load(schema, schema_input(request.form, schema))
    publication.publish(
        session(),
        draft_id=draft_id,
        seen_hash=seen["seen_hash"],
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", draft_id)
    flash(_("%(cycle)s is published. The introductions are on their way.", cycle=line.name))
    return redirect(url_for("overview.cycle", cycle_id=line.id), 303)


@blueprint.post("/publishing/yes")
@signed_in
def sign(cycle_id: UUID, draft_id: UUID) -> Response:
    line = _mine(cycle_id, draft_id)
    schema = PublishSchema()
    seen = load(schema, schema_input(request.form, schema))
    sign_offs.sign(session(), draft_id=draft_id, seen_hash=seen["seen_hash"], by=me().id, now=now())
    flash(_("You said yes to this draft. Another organiser can publish it now."))
    return _back(line, draft_id)


@blueprint.post("/publishing/no")
@signed_in
def take_back(cycle_id: UUID, draft_id: UUID) -> Response:
    line = _mine(cycle_id, draft_id)
    sign_offs.take_back(session(), draft_id=draft_id, by=me().id, now=now())
    flash(_("Your yes is taken back. Nothing else has changed."))
    return _back(line, draft_id)


def _samples(line: CycleLine) -> dict[tuple[str, str], Mail]:
    own = mail_texts.of(session(), line.programme_id)
    cycle = CycleWords(programme=line.programme, cycle=line.name, slug=line.slug, own=own)
    links = current_app.extensions["evenhand.links"]
    return {
        (kind, language): samples.sample(
            kind, to=samples.READER, language=language, cycle=cycle, links=links, now=now()
        )
        for kind in pages.KINDS
        for language in LANGUAGES
    }


def _mine(cycle_id: UUID, draft_id: UUID) -> CycleLine:
    line = mine_or_404(cycle_id)
    draft_of_or_404(line, draft_id)
    return line


def _back(line: CycleLine, draft_id: UUID) -> Response:
    return redirect(url_for(".index", cycle_id=line.id, draft_id=draft_id), 303)
