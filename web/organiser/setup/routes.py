"""Setting a programme up: made from a template, described, its form, its sessions, who runs it."""

from typing import Any, Literal, cast
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from marshmallow import Schema
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matcher.domain.errors import Changed, Invalid, Problem
from matcher.domain.policy.policy import Policy, RuleUse
from matcher.domain.sign_up.form import Asking, FormSettings
from matcher.schemas.problems import load
from matcher.schemas.setting_up import (
    FREE,
    AboutSchema,
    NewProgrammeSchema,
    PersonSchema,
    SessionsSchema,
    form_schema,
    formats,
)
from matcher.services.cycle import lists as cycle_lists
from matcher.services.programme import lists as programme_lists
from matcher.services.programme import policies, programme_templates, programmes, roles
from matcher.services.programme.lists import ProgrammeSetup
from matcher.services.programme.topics import stored_as
from web.account.identity import me, signed_in
from web.clock import now
from web.database import session
from web.forms import Form, filled, schema_input
from web.language import _, current
from web.organiser.setup import view as pages
from web.organiser.setup.finding import founder_or_404, named, programme_or_404
from web.parts.cycle_row import row

blueprint = Blueprint("setup", __name__, url_prefix="/organise/programmes")

Page = str | Response | tuple[str, int]


def sent(schema: Schema, fields: MultiDict[str, str] | None = None) -> Any:
    """What was typed, as the schema reads it. Raises Invalid."""
    return load(schema, schema_input(request.form if fields is None else fields, schema))


@blueprint.get("/new")
@signed_in
def new() -> str:
    founder_or_404()
    return new_page(Form(values={"template": ["mixed"]}))


def new_page(form: Form) -> str:
    known = pages.patterns(programme_templates.templates())
    return render_template(
        "organiser/setup/new.html", form=form, links=pages.links(form.problems), patterns=known
    )


@blueprint.post("/new")
@signed_in
def create() -> Page:
    founder_or_404()
    try:
        typed = sent(NewProgrammeSchema())
        programme_id = programme_templates.found(
            session(),
            template=typed["template"],
            name=typed["name"],
            slug=typed.get("slug") or programmes.short(typed["name"]),
            language=current().language,
            by=me().id,
            named=named(),
            now=now(),
        )
    except Invalid as wrong:
        return new_page(filled(request.form, wrong.problems)), 422
    flash(_("%(name)s is there. Look through its parts, then plan its first cycle.", name=typed["name"]))
    return redirect(url_for(".programme", programme_id=programme_id), 303)


@blueprint.get("/<uuid:programme_id>")
@signed_in
def programme(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    lines = cycle_lists.organised_cycles(session(), me().id)
    rows = [row(line) for line in lines if line.programme_id == kept.id]
    return render_template("organiser/setup/programme.html", **frame(kept), cycles=rows)


@blueprint.get("/<uuid:programme_id>/about")
@signed_in
def about(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    return part("about", kept, pages.about(kept))


@blueprint.post("/<uuid:programme_id>/about")
@signed_in
def describe(programme_id: UUID) -> Page:
    kept = programme_or_404(programme_id)
    try:
        typed = sent(AboutSchema())
        programmes.describe(
            session(),
            programme_id=kept.id,
            name=typed["name"],
            slug=typed.get("slug") or kept.slug,
            about=typed.get("about", ""),
            settings={"sign_off": typed["sign_off"]},
            seen=typed.get("version", 0),
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        return part("about", kept, filled(request.form, wrong.problems)), 422
    return saved("about", kept)


@blueprint.get("/<uuid:programme_id>/form")
@signed_in
def form(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    return part("form", kept, pages.asking(kept), questions=pages.questions(policy_of(kept)))


@blueprint.post("/<uuid:programme_id>/form")
@signed_in
def ask(programme_id: UUID) -> Page:
    kept = programme_or_404(programme_id)
    typed = MultiDict(request.form)
    typed["topics"] = request.form.get("topics", "").replace("\r", "").replace("\n", ",")
    try:
        said = sent(form_schema(), typed)
        topics = () if said["all_topics"] else tuple(stored_as(word) for word in said.get("topics", ()))
        present = dict(FormSettings.from_data(kept.form).ask)
        asked = {name: Asking(said[f"ask_{name}"]) for name in FREE if f"ask_{name}" in said}
        programmes.set_form(
            session(),
            programme_id=kept.id,
            form=FormSettings(ask={**present, **asked}),
            topics=topics,
            seen=said.get("version"),
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        questions = pages.questions(policy_of(kept))
        return part("form", kept, filled(request.form, wrong.problems), questions=questions), 422
    return saved("form", kept)


@blueprint.get("/<uuid:programme_id>/sessions")
@signed_in
def sessions(programme_id: UUID) -> str:
    kept = programme_or_404(programme_id)
    seen, policy = policies.present(session(), programme_id=kept.id, by=me().id)
    return sessions_page(kept, pages.sessions(policy, seen))


def sessions_page(kept: ProgrammeSetup, form: Form, told: str = "") -> str:
    counted = programme_lists.signed_up_as(session(), kept.id)
    return part("sessions", kept, form, chosen=pages.chosen(counted), told=told)


@blueprint.post("/<uuid:programme_id>/sessions")
@signed_in
def meet(programme_id: UUID) -> Page:
    kept = programme_or_404(programme_id)
    try:
        said = sent(SessionsSchema())
        policy = with_sessions(policy_of(kept), said)
        if not said["sure"]:
            ask_first(kept, policy)
        policies.save(
            session(),
            programme_id=kept.id,
            policy=policy,
            seen=said.get("version", 0),
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        return sessions_page(kept, filled(request.form, wrong.problems)), 422
    except Changed as other:
        number, _policy = policies.present(session(), programme_id=kept.id, by=me().id)
        typed = Form(values={**filled(request.form).values, "version": [str(number)]})
        return sessions_page(kept, typed, other.sentence), 409
    return saved("sessions", kept)


def ask_first(kept: ProgrammeSetup, policy: Policy) -> None:
    """Raises Invalid where the policy takes a role away that people signed up for."""
    gone = set(policy_of(kept).roles) - set(policy.roles)
    counted = programme_lists.signed_up_as(session(), kept.id)
    sentence = pages.taken_away(counted, gone, policy.roles)
    if sentence:
        raise Invalid((Problem(pointer="/sure", sentence=sentence),))


def with_sessions(policy: Policy, said: dict[str, Any]) -> Policy:
    """The policy with other sessions; two people must share as many minutes as one lasts. Raises Invalid."""
    minutes = said["session_minutes"]
    rules = tuple(
        RuleUse(name=rule.name, params={"minutes": minutes}) if rule.name == "shared_session" else rule
        for rule in policy.rules
    )
    return policy.replace(
        pairs=said["pairs"],
        circles=formats(said, policy.circles),
        sessions=said["sessions"],
        session_minutes=minutes,
        every_weeks=said["every_weeks"],
        duties=said.get("duties") or policy.duties,
        pair_duties=said["pair_duties"],
        rules=rules,
    )


@blueprint.get("/<uuid:programme_id>/people")
@signed_in
def people(programme_id: UUID) -> str:
    return people_page(programme_or_404(programme_id), Form())


def people_page(kept: ProgrammeSetup, form: Form) -> str:
    found = roles.holders(session(), kept.id)
    offices = [(office, pages.with_office(found, office)) for office in ("organiser", "handler")]
    return part("people", kept, form, offices=offices)


@blueprint.post("/<uuid:programme_id>/people")
@signed_in
def add(programme_id: UUID) -> Page:
    kept = programme_or_404(programme_id)
    try:
        typed = sent(PersonSchema())
    except Invalid as wrong:
        return people_page(kept, filled(request.form, wrong.problems)), 422
    roles.add(session(), programme_id=kept.id, **typed, by=me().id, now=now())
    flash(_("%(address)s is added, and sees it after signing in.", address=typed["email"]))
    return redirect(url_for(".people", programme_id=kept.id), 303)


@blueprint.post("/<uuid:programme_id>/people/<any(organiser, handler):office>/<uuid:person_id>/remove")
@signed_in
def remove(programme_id: UUID, office: str, person_id: UUID) -> Response:
    kept = programme_or_404(programme_id)
    held = cast(Literal["organiser", "handler"], office)
    roles.remove(session(), programme_id=kept.id, person_id=person_id, office=held, by=me().id, now=now())
    if person_id == me().id and office == "organiser":
        flash(_("You no longer organise %(programme)s.", programme=kept.name))
        return redirect(url_for("home.index"), 303)
    flash(
        _(
            "They no longer do this for %(programme)s. They stay signed up where they were.",
            programme=kept.name,
        )
    )
    return redirect(url_for(".people", programme_id=kept.id), 303)


def frame(kept: ProgrammeSetup) -> dict[str, Any]:
    """What every part of a programme shows around itself."""
    return {"programme": kept, "tabs": pages.tabs(kept.id)}


def part(name: str, kept: ProgrammeSetup, form: Form, **more: Any) -> str:
    """One part of a programme with its form."""
    links = pages.links(form.problems)
    return render_template(f"organiser/setup/{name}.html", **frame(kept), form=form, links=links, **more)


def saved(name: str, kept: ProgrammeSetup) -> Response:
    flash(_("Saved."))
    return redirect(url_for(f".{name}", programme_id=kept.id), 303)


def policy_of(kept: ProgrammeSetup) -> Policy:
    return Policy.from_data(kept.policy)
