"""The programme's page and one's own match; the sign-up form is in signing_up."""

from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import NotFound
from matcher.domain.sign_up.form import FormSettings
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine, ProgrammeLine
from matcher.services.repair import partings
from matcher.services.sign_up import consents
from web.account.identity import here, me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.home import view as home_view
from web.language import _
from web.participant.sign_up.questions import asked_lines
from web.participant.sign_up.sheet import policy_of
from web.parts.words import six

blueprint = Blueprint("participant", __name__, url_prefix="/c/<slug>")
ANY_MAIL = UUID(int=0)


def programme_or_404(slug: str) -> ProgrammeLine:
    found = cycle_lists.programme(session(), slug)
    if found is None:
        raise NotFound("")
    return found


def cycle_of(programme: ProgrammeLine) -> CycleLine:
    if programme.cycle is None:
        raise NotFound("")
    return programme.cycle


@blueprint.get("")
def cycle(slug: str) -> str:
    programme = programme_or_404(slug)
    person = here()
    mine = cycle_lists.enrolled_in(session(), person.id) if person else frozenset()
    enrolled = programme.cycle is not None and programme.cycle.id in mine
    policy = policy_of(programme)
    asked = FormSettings.from_data(programme.form).asked(policy)
    consent = programme.cycle and person and consents.given(session(), programme.cycle.id, person.id)
    return render_template(
        "participant/cycle.html",
        programme=programme,
        view=home_view.view(programme, enrolled=enrolled, sessions=policy.sessions),
        six=six(),
        asked=asked_lines(asked),
        consent=bool(consent),
    )


@blueprint.post("/leave")
@signed_in
def leave(slug: str) -> Response:
    programme = programme_or_404(slug)
    partings.leave(
        session(),
        cycle_id=cycle_of(programme).id,
        person_id=me().id,
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", ANY_MAIL)
    flash(_("You have left this cycle. Thank you for telling us; you are welcome back any time."))
    return redirect(url_for(".cycle", slug=slug), 303)
