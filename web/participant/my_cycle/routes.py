"""My cycle: the timeline, my match and why, my circle, the waitlist, and my calendar."""

import flask
from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.errors import NotFound
from matcher.domain.lifecycle import CycleState
from matcher.services.calendar import feeds
from matcher.services.cycle.lists import CycleLine
from matcher.services.groups import lists as groups_lists
from matcher.services.groups import my_match as participants
from matcher.services.groups import sharing as sharings
from matcher.services.groups import waitlist
from matcher.services.groups.my_match import MyMatch
from matcher.services.groups.sharing import SharedPart
from matcher.services.sign_up import enrolment
from web.account.identity import me, signed_in
from web.clock import now
from web.database import session
from web.language import _
from web.participant.my_cycle import sharing_view
from web.participant.my_cycle import view as pages

blueprint = Blueprint("my_cycle", __name__, url_prefix="/c/<slug>/my-match")
feed = Blueprint("feed", __name__)

UNDER_WAY = (CycleState.PUBLISHED, CycleState.RUNNING)
FRESH = "calendar_address"
CALENDAR = "text/calendar; charset=utf-8"


def my_cycle_or_404(slug: str) -> CycleLine:
    """My cycle of this programme: the one under way, or else the newest I am in."""
    mine = groups_lists.my_cycles(session(), slug, me().id)
    found = next((one for one in mine if one.state in UNDER_WAY), next(iter(mine), None))
    if found is None:
        raise NotFound("")
    return found


@blueprint.get("")
@signed_in
def overview(slug: str) -> str:
    cycle = my_cycle_or_404(slug)
    found = participants.my_match(session(), cycle.id, me().id)
    groups = [*(one.id for one in found.pairs), *(one.id for one in found.circles)]
    waits = bool(found.waiting)
    shown = pages.view(
        found,
        cycle=cycle,
        me=me(),
        goals=groups_lists.goals(session(), groups) if groups else {},
        places=waitlist.places(session(), cycle.id, me().id) if waits else {},
        goes_first=waits and waitlist.goes_first(session(), cycle.id, me().id),
        now=now(),
    )
    return render_template(
        "participant/my_cycle/index.html",
        cycle=cycle,
        view=shown,
        open_cycle=groups_lists.open_cycle_name(session(), slug) if nothing(found) else None,
        said_progress=pages.said_progress,
        care=url_for("care.index", slug=slug),
    )


def nothing(found: MyMatch) -> bool:
    """Whether somebody waits for a partner, in all roles or one."""
    return bool(found.waiting) or not (found.pairs or found.circles)


@blueprint.get("/sharing")
@signed_in
def sharing(slug: str) -> str:
    cycle = my_cycle_or_404(slug)
    known = enrolment.of(session(), cycle.id, me().id)
    chosen = sharings.shared(session(), cycle.id, [me().id]).get(me().id, frozenset())
    return render_template(
        "participant/my_cycle/sharing.html",
        cycle=cycle,
        parts=sharing_view.parts(known.answers if known else None, me(), chosen),
    )


@blueprint.post("/sharing")
@signed_in
def share(slug: str) -> Response:
    cycle = my_cycle_or_404(slug)
    wanted = [part for part in SharedPart if part.name.lower() in request.form.getlist("share")]
    sharings.choose(session(), cycle_id=cycle.id, parts=wanted, by=me().id, now=now())
    if wanted:
        flash(_("Saved. Your partners see what you ticked, and nothing else of your answers."))
    else:
        flash(_("Saved. Your partners see nothing of your answers."))
    return redirect(url_for(".sharing", slug=slug), 303)


@blueprint.get("/calendar")
@signed_in
def calendar(slug: str) -> str:
    cycle = my_cycle_or_404(slug)
    token = flask.session.pop(FRESH, None)
    links = current_app.extensions["evenhand.links"]
    address = f"{links.home()}calendar/{token}.ics" if token else ""
    return render_template(
        "participant/my_cycle/calendar.html",
        cycle=cycle,
        found=participants.my_match(session(), cycle.id, me().id),
        address=address,
        webcal=address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1),
        made_at=feeds.made_at(session(), me().id),
    )


@blueprint.post("/calendar")
@signed_in
def make_calendar(slug: str) -> Response:
    my_cycle_or_404(slug)
    # Shown once, on the next page: the database keeps only its hash.
    flask.session[FRESH] = feeds.make(session(), by=me().id, now=now())
    flash(_("Your calendar address is ready. Copy it now: it is shown only this once."))
    return redirect(url_for(".calendar", slug=slug), 303)


@blueprint.post("/calendar/end")
@signed_in
def end_calendar(slug: str) -> Response:
    my_cycle_or_404(slug)
    feeds.end(session(), by=me().id, now=now())
    flash(_("The address has ended. Calendars that knew it find nothing there any more."))
    return redirect(url_for(".calendar", slug=slug), 303)


@feed.get("/calendar/<token>.ics")
def series(token: str) -> Response:
    """The calendar file, for programs: no sign-in, no cookie, the address is the secret."""
    links = current_app.extensions["evenhand.links"]
    found = feeds.calendar(session(), token=token, links=links)
    answer = make_response(found.content)
    answer.headers["Content-Type"] = CALENDAR
    answer.headers["Content-Disposition"] = 'inline; filename="evenhand.ics"'
    answer.set_etag(found.etag)
    # Programs ask often; they may keep a copy, proxies between may not.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)
