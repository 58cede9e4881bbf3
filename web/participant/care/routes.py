"""When it is hard: this is not working, I need help, a pause, leaving and coming back."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.people import EnrolmentState
from matcher.domain.sentences import say
from matcher.mail.links import Links
from matcher.schemas.care import HelpSchema, PartingSchema, ReplySchema
from matcher.schemas.problems import load
from matcher.services.during import care_lists
from matcher.services.during.care_lists import MyCycle, MyGroup
from matcher.services.help import escalations
from matcher.services.repair import partings
from matcher.store.rows import people_by_id
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import Form, filled, schema_input
from web.language import _
from web.participant.care import view as pages

blueprint = Blueprint("care", __name__, url_prefix="/c/<slug>/care")
ANY_MAIL = UUID(int=0)


def links() -> Links:
    found: Links = current_app.extensions["evenhand.links"]
    return found


def my_cycle_or_404(slug: str) -> MyCycle:
    """The cycle this person is or was in, also after leaving it."""
    found = care_lists.my_cycle(session(), slug, me().id)
    if found is None:
        raise NotFound("")
    return found


def changing_or_409(slug: str) -> MyCycle:
    """The same, as long as something can be changed in it."""
    cycle = my_cycle_or_404(slug)
    if cycle.over:
        raise WrongState(say("“{cycle}” is over. Nothing in it can be changed any more.", cycle=cycle.name))
    return cycle


def group_or_404(cycle: MyCycle, group_id: UUID) -> MyGroup:
    """A pair or circle this person is in now."""
    mine = care_lists.my_groups(session(), cycle.id, me().id)
    found = next((one for one in mine if one.id == group_id), None)
    if found is None:
        raise NotFound("")
    return found


def back(slug: str) -> Response:
    return redirect(url_for(".index", slug=slug), 303)


@blueprint.get("")
@signed_in
def index(slug: str) -> str:
    cycle = my_cycle_or_404(slug)
    shown = pages.view(
        cycle,
        care_lists.my_groups(session(), cycle.id, me().id),
        partings.can_be_taken_back(session(), cycle.id, me().id, now()),
        escalations.asked(session(), programme_id=cycle.programme_id, person_id=me().id),
        zone=me().zone,
    )
    return render_template("participant/care/index.html", cycle=cycle, view=shown)


@blueprint.get("/not-working/<uuid:group_id>")
@signed_in
def not_working(slug: str, group_id: UUID) -> str:
    cycle = changing_or_409(slug)
    return parting_page(cycle, group_or_404(cycle, group_id), Form())


def parting_page(cycle: MyCycle, line: MyGroup, form: Form) -> str:
    return render_template(
        "participant/care/not_working.html",
        cycle=cycle,
        group=pages.group(line),
        circle=bool(line.number),
        choices=pages.choices(),
        form=form,
        anchors=pages.anchors(form),
    )


@blueprint.post("/not-working/<uuid:group_id>")
@signed_in
def part(slug: str, group_id: UUID) -> Response | tuple[str, int]:
    cycle = changing_or_409(slug)
    line = group_or_404(cycle, group_id)
    schema = PartingSchema()
    try:
        afterwards = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return parting_page(cycle, line, filled(request.form, wrong.problems)), 422
    partings.part(
        session(), group_id=group_id, person_id=me().id, afterwards=afterwards, now=now(), links=links()
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(_("It has ended. The others are told that, and what happens next, and nothing else."))
    return back(slug)


@blueprint.post("/take-back/<uuid:parting_id>")
@signed_in
def take_back(slug: str, parting_id: UUID) -> Response:
    cycle = changing_or_409(slug)
    partings.take_back(
        session(), cycle_id=cycle.id, parting_id=parting_id, person_id=me().id, now=now(), links=links()
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(_("Taken back, and the others are told. Duties that somebody took over meanwhile stay with them."))
    return back(slug)


@blueprint.get("/pause")
@signed_in
def pause(slug: str) -> str:
    return render_template("participant/care/pause.html", cycle=changing_or_409(slug))


@blueprint.post("/pause")
@signed_in
def begin_pause(slug: str) -> Response:
    cycle = changing_or_409(slug)
    partings.pause(session(), cycle_id=cycle.id, person_id=me().id, now=now())
    flash(_("You are taking a pause. When you are ready, one click is enough."))
    return back(slug)


@blueprint.get("/leave")
@signed_in
def leave(slug: str) -> str:
    cycle = changing_or_409(slug)
    groups = care_lists.my_groups(session(), cycle.id, me().id) if cycle.under_way else ()
    return render_template(
        "participant/care/leave.html", cycle=cycle, groups=[pages.group(one).name for one in groups]
    )


@blueprint.post("/leave")
@signed_in
def go(slug: str) -> Response:
    cycle = changing_or_409(slug)
    partings.leave(session(), cycle_id=cycle.id, person_id=me().id, by=me().id, now=now(), links=links())
    ring_after_commit("mail", ANY_MAIL)
    flash(_("You have left this cycle. Thank you for telling us; you are welcome back any time."))
    return back(slug)


@blueprint.post("/come-back")
@signed_in
def come_back(slug: str) -> Response:
    cycle = changing_or_409(slug)
    paused = cycle.enrolled is EnrolmentState.PAUSED
    whole = partings.come_back(session(), cycle_id=cycle.id, person_id=me().id, now=now(), links=links())
    ring_after_commit("mail", ANY_MAIL)
    if whole:
        flash(_("Welcome back. Duties that somebody took over meanwhile stay with them."))
    elif paused:
        flash(_("Welcome back. You are on the waitlist: we look for somebody for you."))
    else:
        flash(_("Welcome back. Your place was given up; you are on the waitlist for a new one."))
    return back(slug)


@blueprint.get("/help", endpoint="help")
@signed_in
def help_form(slug: str) -> str:
    return help_page(my_cycle_or_404(slug), Form())


def help_page(cycle: MyCycle, form: Form) -> str:
    companions = care_lists.companions(session(), cycle.id, me().id)
    known = people_by_id(session(), companions).values()
    return render_template(
        "participant/care/help.html",
        cycle=cycle,
        form=form,
        anchors=pages.anchors(form),
        handlers=escalations.handlers_for(session(), programme_id=cycle.programme_id, person_id=me().id),
        companions=sorted(known, key=lambda one: (one.name, one.id)),
        operator=links().sender_address,
    )


@blueprint.post("/help")
@signed_in
def ask(slug: str) -> Response | tuple[str, int]:
    cycle = my_cycle_or_404(slug)
    schema = HelpSchema()
    try:
        said = load(schema, schema_input(request.form, schema))
        case = escalations.ask(
            session(),
            cycle_id=cycle.id,
            person_id=me().id,
            handler_id=said["handler"],
            about=said["about"],
            text=said["text"],
            now=now(),
            links=links(),
        )
    except Invalid as wrong:
        return help_page(cycle, filled(request.form, wrong.problems)), 422
    ring_after_commit("mail", ANY_MAIL)
    if case.other.id == said["handler"]:
        flash(_("%(name)s has your request now, and nobody else.", name=case.other.name))
    else:
        flash(
            _(
                "Your request went to %(name)s instead, because it is about the person you chose. "
                "They do not learn of it.",
                name=case.other.name,
            )
        )
    return redirect(url_for(".thread", slug=slug, case_id=case.id), 303)


def mine_or_404(slug: str, case_id: UUID) -> MyCycle:
    """The case, asked by this person in this programme; a handler has a page of their own."""
    cycle = my_cycle_or_404(slug)
    case = escalations.thread(session(), case_id=case_id, person_id=me().id)
    if not case.asked_by_me or case.programme_id != cycle.programme_id:
        raise NotFound("")
    return cycle


@blueprint.get("/help/<uuid:case_id>")
@signed_in
def thread(slug: str, case_id: UUID) -> str:
    return thread_page(mine_or_404(slug, case_id), case_id, Form())


def thread_page(cycle: MyCycle, case_id: UUID, form: Form) -> str:
    case = escalations.thread(session(), case_id=case_id, person_id=me().id)
    return render_template(
        "participant/care/thread.html",
        cycle=cycle,
        view=pages.thread(case, me().zone),
        form=form,
        anchors=pages.anchors(form),
    )


@blueprint.post("/help/<uuid:case_id>")
@signed_in
def reply(slug: str, case_id: UUID) -> Response | tuple[str, int]:
    cycle = mine_or_404(slug, case_id)
    schema = ReplySchema()
    try:
        said = load(schema, schema_input(request.form, schema))
    except Invalid as wrong:
        return thread_page(cycle, case_id, filled(request.form, wrong.problems)), 422
    escalations.reply(
        session(), case_id=case_id, person_id=me().id, text=said["text"], now=now(), links=links()
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(_("Sent."))
    return redirect(url_for(".thread", slug=slug, case_id=case_id), 303)


@blueprint.post("/help/<uuid:case_id>/close")
@signed_in
def close(slug: str, case_id: UUID) -> Response:
    mine_or_404(slug, case_id)
    escalations.close(session(), case_id=case_id, person_id=me().id, now=now())
    flash(_("Closed. Ninety days from now all of it is destroyed."))
    return redirect(url_for(".thread", slug=slug, case_id=case_id), 303)


@blueprint.post("/help/<uuid:case_id>/withdraw")
@signed_in
def withdraw(slug: str, case_id: UUID) -> Response:
    mine_or_404(slug, case_id)
    escalations.withdraw(session(), case_id=case_id, person_id=me().id, now=now())
    flash(_("Taken back. Nothing of it is kept."))
    return back(slug)
