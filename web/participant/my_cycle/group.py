"""One pair or circle of mine: its sessions, goals, guide and duties, my notes, and the invitation."""

from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask import Response as Answer
from werkzeug.wrappers import Response

from matcher.domain.during.question_bank import LISTENING
from matcher.domain.errors import Changed, DomainError, Invalid, NotFound, WrongState
from matcher.domain.policy.policy import Policy
from matcher.schemas.my_cycle import GoalSchema, NoteSchema, StepSchema
from matcher.schemas.problems import load
from matcher.services.calendar import invitations
from matcher.services.cycle.lists import CycleLine
from matcher.services.duties import ledger
from matcher.services.duties import offers as duties_offers
from matcher.services.groups import goals, notes
from matcher.services.groups import lists as groups_lists
from matcher.services.groups import my_match as participants
from matcher.services.groups.my_match import MyCircle, MyMatch, MyPair
from matcher.services.groups.notes import Note
from matcher.services.groups.published import published
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import Form, filled, schema_input
from web.language import _, in_words
from web.participant.my_cycle import duties_view as boards
from web.participant.my_cycle import group_view as pages
from web.participant.my_cycle.routes import CALENDAR, my_cycle_or_404

blueprint = Blueprint("my_group", __name__, url_prefix="/c/<slug>/my-match/<uuid:group_id>")

Mine = tuple[CycleLine, MyMatch, MyPair | MyCircle]
Page = str | tuple[str, int]


def mine_or_404(slug: str, group_id: UUID) -> Mine:
    """My pair or circle of that id; everybody else finds nothing."""
    cycle = my_cycle_or_404(slug)
    found = participants.my_match(session(), cycle.id, me().id)
    one = found.group(group_id)
    if one is None:
        raise NotFound("")
    return cycle, found, one


@blueprint.get("")
@signed_in
def index(slug: str, group_id: UUID) -> str:
    return page(mine_or_404(slug, group_id))


def page(
    mine: Mine,
    *,
    note_form: Form | None = None,
    goal_form: Form | None = None,
    step_form: tuple[UUID, Form] | None = None,
    clash: Note | None = None,
) -> str:
    """The page of a pair or circle, with whatever form was refused filled in again."""
    cycle, found, one = mine
    shown = pages.view(one, me(), found.policy or Policy(), now())
    names = {each.id: each.name for each in shown.companions} | {me().id: _("you")}
    lines = groups_lists.goals(session(), [one.id]).get(one.id, ())
    note = notes.mine(session(), group_id=one.id, person_id=me().id)
    kept = Form(values={"text": [note.text], "version": [str(note.version)]})
    return render_template(
        "participant/my_cycle/group.html",
        cycle=cycle,
        group=shown,
        goals=pages.goals_of(lines, names),
        note=note,
        note_form=note_form or kept,
        clash=clash,
        goal_form=goal_form or Form(),
        step_form=step_form or (None, Form()),
        care_here=url_for("care.not_working", slug=cycle.slug, group_id=one.id),
    )


@blueprint.post("/note")
@signed_in
def save_note(slug: str, group_id: UUID) -> Response | Page:
    mine = mine_or_404(slug, group_id)
    schema = NoteSchema()
    try:
        said = load(schema, schema_input(request.form, schema))
        notes.save(session(), group_id=group_id, **said, by=me().id, now=now())
    except Invalid as wrong:
        return page(mine, note_form=filled(request.form, wrong.problems)), 422
    except notes.Clash as clash:
        form = Form(values={"text": request.form.getlist("text"), "version": [str(clash.stored.version)]})
        return page(mine, note_form=form, clash=clash.stored), 409
    flash(_("Your note is saved. Nobody else can read it."))
    return back(slug, group_id, "note")


@blueprint.post("/goals")
@signed_in
def add_goal(slug: str, group_id: UUID) -> Response | Page:
    mine = mine_or_404(slug, group_id)
    try:
        said = load(GoalSchema(), schema_input(request.form, GoalSchema()))
    except Invalid as wrong:
        return page(mine, goal_form=filled(request.form, wrong.problems)), 422
    goals.add(session(), group_id=group_id, **said, by=me().id, now=now())
    flash(_("The goal is there for all of you. Small steps make it easier: add the first."))
    return back(slug, group_id, "goals")


@blueprint.post("/goals/<uuid:goal_id>/<any(reached, open, remove, restore):act>")
@signed_in
def change_goal(slug: str, group_id: UUID, goal_id: UUID, act: str) -> Response:
    mine_or_404(slug, group_id)
    by, at = me().id, now()
    if act in {"reached", "open"}:
        goals.reach(session(), group_id=group_id, goal_id=goal_id, reached=act == "reached", by=by, now=at)
        flash(_("Well done. The goal is reached.") if act == "reached" else _("The goal is open again."))
    elif act == "remove":
        goals.remove(session(), group_id=group_id, goal_id=goal_id, by=by, now=at)
        flash(_("The goal is taken away. You can put it back below."))
    else:
        goals.put_back(session(), group_id=group_id, goal_id=goal_id, by=by, now=at)
        flash(_("The goal is back."))
    return back(slug, group_id, "goals")


@blueprint.post("/goals/<uuid:goal_id>/steps")
@signed_in
def add_step(slug: str, group_id: UUID, goal_id: UUID) -> Response | Page:
    mine = mine_or_404(slug, group_id)
    try:
        said = load(StepSchema(), schema_input(request.form, StepSchema()))
    except Invalid as wrong:
        return page(mine, step_form=(goal_id, filled(request.form, wrong.problems))), 422
    goals.add_step(session(), group_id=group_id, goal_id=goal_id, **said, by=me().id, now=now())
    return back(slug, group_id, "goals")


@blueprint.post("/steps/<uuid:step_id>/<any(done, open, remove, restore):act>")
@signed_in
def change_step(slug: str, group_id: UUID, step_id: UUID, act: str) -> Response:
    mine_or_404(slug, group_id)
    by, at = me().id, now()
    if act in {"done", "open"}:
        goals.tick(session(), group_id=group_id, step_id=step_id, done=act == "done", by=by, now=at)
    else:
        goals.keep_step(session(), group_id=group_id, step_id=step_id, kept=act == "restore", by=by, now=at)
        flash(
            _("The step is back.") if act == "restore" else _("The step is taken away. You can put it back.")
        )
    return back(slug, group_id, "goals")


@blueprint.get("/guide")
@signed_in
def guide(slug: str, group_id: UUID) -> str:
    cycle, found, one = mine_or_404(slug, group_id)
    shown = pages.view(one, me(), found.policy or Policy(), now())
    lines = groups_lists.goals(session(), [one.id]).get(one.id, ())
    return render_template(
        "participant/my_cycle/guide.html",
        cycle=cycle,
        group=shown,
        chapters=pages.chapters(one, found.mine, lines, coming=shown.coming),
        listening=LISTENING,
    )


@blueprint.get("/invitation.ics")
@signed_in
def invitation(slug: str, group_id: UUID) -> Answer:
    mine_or_404(slug, group_id)
    links = current_app.extensions["evenhand.links"]
    content = invitations.again(session(), group_id=group_id, person_id=me().id, links=links, now=now())
    answer = make_response(content)
    answer.headers["Content-Type"] = CALENDAR
    answer.headers["Content-Disposition"] = 'attachment; filename="invitation.ics"'
    return answer


@blueprint.get("/duties")
@signed_in
def board(slug: str, group_id: UUID) -> str:
    return board_page(slug, group_id)


def board_page(slug: str, group_id: UUID, *, told: str = "") -> str:
    """What can change hands, and who has held how much; `told` where an act came too late."""
    cycle = my_cycle_or_404(slug)
    # Three answers from one reading: it is most of the page's time.
    known = published(session(), cycle.id, person=me().id)
    found = participants.my_match(session(), cycle.id, me().id, found=known)
    one = found.group(group_id)
    if one is None:
        raise NotFound("")
    shown = pages.view(one, me(), found.policy or Policy(), now())
    people = {me().id: me(), **{each.id: each for each in pages.others(one, me())}}
    offers = duties_offers.offers(session(), cycle_id=cycle.id, person_id=me().id, now=now(), found=known)
    book = ledger.ledger(session(), cycle_id=cycle.id, now=now(), person_id=me().id, found=known)
    page_of = next((each for each in book if each.group_id == one.id), None)
    return render_template(
        "participant/my_cycle/duties.html",
        cycle=cycle,
        group=shown,
        board=boards.duties(one, offers, me(), people, now()),
        ledger=boards.ledger_rows(page_of.entries, me()) if page_of else (),
        told=told,
    )


@blueprint.post("/duties/<uuid:duty_id>/offer")
@signed_in
def offer(slug: str, group_id: UUID, duty_id: UUID) -> Response | Page:
    require_duty_of_group(slug, group_id, duty_id)
    wanted = request.form.get("in_return_for", "")
    try:
        asked = UUID(wanted) if wanted else None
    except ValueError:
        raise NotFound("") from None
    try:
        duties_offers.offer(session(), duty_id=duty_id, by=me().id, now=now(), in_return_for=asked)
    except (Changed, WrongState) as late:
        return too_late(slug, group_id, late)
    flash(_("Your duty is offered. It stays yours until somebody takes it, and you get a mail then."))
    return back(slug, group_id, None)


@blueprint.post("/offers/<uuid:offer_id>/<any(take, withdraw):act>")
@signed_in
def settle(slug: str, group_id: UUID, offer_id: UUID, act: str) -> Response | Page:
    require_duty_of_group(slug, group_id, duties_offers.duty_of(session(), offer_id))
    try:
        if act == "take":
            willing = request.form.get("willing") == "yes"
            links = current_app.extensions["evenhand.links"]
            duties_offers.take(
                session(), offer_id=offer_id, by=me().id, now=now(), links=links, willing=willing
            )
            ring_after_commit("mail", offer_id)
            flash(_("It is yours now. You both get a mail with the changed invitation."))
        else:
            duties_offers.withdraw(session(), offer_id=offer_id, by=me().id, now=now())
            flash(_("The offer is withdrawn. The duty stays yours."))
    except (Changed, WrongState) as late:
        return too_late(slug, group_id, late)
    return back(slug, group_id, None)


def require_duty_of_group(slug: str, group_id: UUID, duty_id: UUID) -> None:
    """The duty is one of this pair or circle of mine; every other is not found under its address."""
    _cycle, _found, one = mine_or_404(slug, group_id)
    if duty_id not in {turn.id for turn in one.turns}:
        raise NotFound("")


def too_late(slug: str, group_id: UUID, late: DomainError) -> Page:
    """The board as it is by now, with what happened in between."""
    return board_page(slug, group_id, told=in_words(late.sentence)), 409


def back(slug: str, group_id: UUID, part: str | None) -> Response:
    """To the part of the page the act belongs to; the board for duties."""
    if part is None:
        return redirect(url_for(".board", slug=slug, group_id=group_id), 303)
    return redirect(url_for(".index", slug=slug, group_id=group_id, _anchor=part), 303)
