"""The programme's page, the sign-up form and one's own match."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.policy import Policy
from matcher.schemas.enrolment import SignUpSchema
from matcher.schemas.problems import load
from matcher.services import enrolment
from matcher.services import participant as participants
from matcher.services.sign_up import sign_up as sign_somebody_up
from matcher.store import page_queries
from matcher.store.page_queries import CycleLine, ProgrammeLine
from web.account.identity import here, me, signed_in
from web.clock import now
from web.database import session
from web.forms import Form, filled, schema_input
from web.pages import my_match as my_matches
from web.pages import programmes
from web.pages import sign_up as sign_ups
from web.pages.words import SIX, day

participant = Blueprint("participant", __name__, url_prefix="/c/<slug>")


def programme_or_404(slug: str) -> ProgrammeLine:
    found = page_queries.programme(session(), slug)
    if found is None:
        raise NotFound("")
    return found


def cycle_of(programme: ProgrammeLine) -> CycleLine:
    if programme.cycle is None:
        raise NotFound("")
    return programme.cycle


def policy_of(programme: ProgrammeLine) -> Policy:
    return Policy.from_data(programme.policy) if programme.policy else Policy()


@participant.get("")
def cycle(slug: str) -> str:
    programme = programme_or_404(slug)
    person = here()
    mine = page_queries.enrolled_in(session(), person.id) if person else frozenset()
    enrolled = programme.cycle is not None and programme.cycle.id in mine
    sessions = policy_of(programme).sessions
    shown = programmes.view(programme, enrolled=enrolled, sessions=sessions)
    return render_template(
        "participant/cycle.html", programme=programme, view=shown, six=SIX, asked=programmes.ASKED
    )


@participant.get("/sign-up")
@signed_in
def sign_up(slug: str) -> str:
    programme = programme_or_404(slug)
    open_cycle = open_or_409(cycle_of(programme))
    person = me()
    known = enrolment.of(session(), open_cycle.id, person.id)
    answers = known.answers if known else None
    named = [*answers.wishes, *answers.not_with] if answers else []
    addresses = page_queries.addresses_of(session(), named)
    monday = sign_ups.monday_of(open_cycle.starts_on)
    form = sign_ups.stored(person, answers, addresses, monday)
    return sign_up_page(programme, form, enrolled=known is not None)


@participant.post("/sign-up")
@signed_in
def save(slug: str) -> Response | tuple[str, int]:
    programme = programme_or_404(slug)
    open_cycle = open_or_409(cycle_of(programme))
    schema = SignUpSchema()
    try:
        sign_somebody_up(
            session(),
            cycle_id=open_cycle.id,
            person=me(),
            said=load(schema, schema_input(request.form, schema)),
            monday=sign_ups.monday_of(open_cycle.starts_on),
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        return sign_up_page(programme, filled(request.form, wrong.problems), enrolled=False), 422
    flash(f"Your answers are saved. You can change them until {day(open_cycle.closes_on)}.")
    return redirect(url_for(".cycle", slug=slug), 303)


def open_or_409(cycle: CycleLine) -> CycleLine:
    if cycle.state is not CycleState.OPEN:
        raise WrongState(
            f"Sign-up for {cycle.name} is closed, so answers can no longer be changed. "
            "What you saved is kept. If something important has changed, write to your organiser."
        )
    return cycle


def sign_up_page(programme: ProgrammeLine, form: Form, *, enrolled: bool) -> str:
    cycle = cycle_of(programme)
    policy = policy_of(programme)
    offers = sign_ups.options(
        form,
        topics=programme.topics,
        duties=policy.duties if policy.circles.on else (),
        used=page_queries.words_in_use(session()),
    )
    return render_template(
        "participant/sign_up.html",
        programme=programme,
        cycle=cycle,
        closes=day(cycle.closes_on),
        enrolled=enrolled,
        form=form,
        asks_identity=any(use.name == "identity" for use in policy.criteria),
        **offers,
    )


@participant.get("/my-match")
@signed_in
def my_match(slug: str) -> str:
    programme = programme_or_404(slug)
    present = cycle_of(programme)
    if present.id not in page_queries.enrolled_in(session(), me().id):
        raise NotFound("")
    found = participants.my_match(session(), present.id, me().id)
    shown = my_matches.view(
        found,
        cycle=present,
        me=me(),
        policy=policy_of(programme),
        reasons=page_queries.pair_reasons(session(), present.id, me().id) if found.pairs else {},
        turns=page_queries.circle_turns(session(), present.id, me().id) if found.circle else (),
        now=now(),
    )
    return render_template("participant/my_match.html", programme=programme, cycle=present, view=shown)


@participant.post("/leave")
@signed_in
def leave(slug: str) -> Response:
    programme = programme_or_404(slug)
    enrolment.leave(session(), cycle_id=cycle_of(programme).id, person_id=me().id, by=me().id, now=now())
    flash("You have left this cycle. Thank you for telling us; you are welcome back any time.")
    return redirect(url_for(".cycle", slug=slug), 303)
