"""A programme's own words at the head of its mails: written, looked at, sent to oneself."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound
from matcher.domain.own_words import NONE, PLACES, OwnWords
from matcher.mail.value import Mail
from matcher.schemas.problems import load
from matcher.schemas.setting_up import MailTextSchema
from matcher.services.programme import mail_texts
from matcher.services.programme.lists import ProgrammeSetup
from matcher.translations.catalogue import LANGUAGES
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import Form, filled, schema_input
from web.language import _
from web.organiser.setup import view as pages
from web.organiser.setup.finding import programme_or_404
from web.organiser.setup.routes import frame, policy_of
from web.parts.code_words import code_word

blueprint = Blueprint("mail_texts", __name__, url_prefix="/organise/programmes/<uuid:programme_id>/mails")

Page = str | Response | tuple[str, int]


@blueprint.get("")
@signed_in
def index(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    own = mail_texts.of(session(), kept.id)
    policy = policy_of(kept)
    rows = [
        pages.MailTextRow(
            kind=kind,
            name=code_word(kind),
            who=who,
            languages=tuple((code, name, (kind, code) in own) for code, name in LANGUAGES.items()),
            idle=pages.idle(kind, policy),
        )
        for kind, who in mail_texts.KINDS.items()
    ]
    return render_template("organiser/setup/mail_texts.html", **frame(kept), rows=rows)


@blueprint.get("/<kind>/<locale>")
@signed_in
def edit(programme_id: UUID, kind: str, locale: str) -> str:
    kept = programme_or_404(programme_id)
    known_or_404(kind, locale)
    own = mail_texts.of(session(), kept.id).get((kind, locale), NONE)
    version = mail_texts.version_of(session(), programme_id=kept.id, kind=kind, locale=locale)
    form = Form(values={"subject": [own.subject], "words": [own.words], "version": [str(version)]})
    return page(kept, kind, locale, form, sample(kept, kind, locale, own))


@blueprint.post("/<kind>/<locale>")
@signed_in
def write(programme_id: UUID, kind: str, locale: str) -> Page:
    """Save; or, by another button, only look at it or send it to oneself."""
    kept = programme_or_404(programme_id)
    known_or_404(kind, locale)
    act = request.form.get("act", "save")
    try:
        typed = typed_words()
        own = OwnWords(subject=typed.get("subject", ""), words=typed.get("words", ""))
    except Invalid as wrong:
        return page(kept, kind, locale, filled(request.form, wrong.problems), None), 422
    if act == "preview":
        return page(kept, kind, locale, filled(request.form), sample(kept, kind, locale, own))
    asked: dict[str, Any] = {"programme_id": kept.id, "kind": kind, "locale": locale, "own": own}
    if act == "test":
        mail_id = mail_texts.send_to_me(session(), **asked, by=me().id, now=now(), links=our_links())
        ring_after_commit("mail", mail_id)
        flash(_("A test mail is on its way to %(address)s. Nothing is saved yet.", address=me().email))
        return page(kept, kind, locale, filled(request.form), sample(kept, kind, locale, own))
    mail_texts.write(session(), **asked, seen=typed.get("version", 0), by=me().id, now=now())
    flash(_("Saved. The next mails of this kind begin with it."))
    return redirect(url_for(".edit", programme_id=kept.id, kind=kind, locale=locale), 303)


def typed_words() -> dict[str, Any]:
    schema = MailTextSchema()
    fields = request.form.copy()
    fields.poplist("act")
    typed: dict[str, Any] = load(schema, schema_input(fields, schema))
    return typed


def known_or_404(kind: str, locale: str) -> None:
    if kind not in mail_texts.KINDS or locale not in LANGUAGES:
        raise NotFound("")


def sample(kept: ProgrammeSetup, kind: str, locale: str, own: OwnWords) -> Mail:
    return mail_texts.preview(
        session(), programme_id=kept.id, kind=kind, locale=locale, own=own, now=now(), links=our_links()
    )


def our_links() -> Any:
    return current_app.extensions["evenhand.links"]


def page(kept: ProgrammeSetup, kind: str, locale: str, form: Form, mail: Mail | None) -> str:
    return render_template(
        "organiser/setup/mail_text.html",
        **frame(kept),
        kind=kind,
        locale=locale,
        language=LANGUAGES[locale],
        title=code_word(kind),
        who=mail_texts.KINDS[kind],
        places=PLACES,
        form=form,
        links=pages.links(form.problems),
        mail=mail,
    )
