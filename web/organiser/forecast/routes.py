"""The forecast before matching: sign-ups, supply and demand, chances and what would help, reminders."""

from datetime import date
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from matcher.domain.sign_up.supply import Demand, SignedUp, demand_of
from matcher.services.cycle import cycles
from matcher.services.cycle.lists import CycleLine
from matcher.services.forecast import lists as forecast_lists
from matcher.services.forecast import reminders
from matcher.services.forecast.options import Chances, chances_in_full
from matcher.services.ports import SolverCrashed, SolverRefused, SolverTimedOut
from matcher.services.programme.programmes import policy_of
from matcher.services.sign_up.preview import ahead_of_utc
from matcher.store.rows import present_policy
from web.account.identity import me, signed_in
from web.clock import now
from web.counting import counting, crowds, kept, unheard
from web.database import ring_after_commit, session
from web.language import _, ngettext
from web.organiser.finding import mine_or_404
from web.organiser.forecast import view as pages
from web.parts.words import figure
from web.tones import nothing_done

blueprint = Blueprint("forecast", __name__, url_prefix="/organise/<uuid:cycle_id>/before")
ANY_MAIL = UUID(int=0)
AT_ONCE = 2_000
"""With more people, the charts come after the page."""

Days = tuple[tuple[date, int], ...]


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    people = forecast_lists.people(session(), line.id)
    whole = bool(request.args.get("count"))
    return render_template(
        "organiser/forecast/index.html",
        cycle=line,
        people=people,
        view=demanded(line) if whole or people <= AT_ONCE else None,
        chances=counted(line) if whole and people else None,
        segments=reminders.segments(session(), cycle_id=line.id, by=me().id, now=now()),
    )


@blueprint.get("/demand")
@signed_in
def demand(cycle_id: UUID) -> str:
    """The charts of many people: fetched once the rest is there."""
    line = mine_or_404(cycle_id)
    return render_template("organiser/forecast/_demand.html", cycle=line, view=demanded(line))


@blueprint.get("/chances")
@signed_in
def chances(cycle_id: UUID) -> str:
    """The part of the page that takes a moment: fetched once the rest is there."""
    line = mine_or_404(cycle_id)
    return render_template("organiser/forecast/_options.html", cycle=line, chances=counted(line))


@blueprint.post("/reminders")
@signed_in
def remind(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    written = reminders.send(
        session(),
        cycle_id=line.id,
        chosen=frozenset(request.form.getlist("segment")),
        by=me().id,
        now=now(),
        links=current_app.extensions["evenhand.links"],
    )
    ring_after_commit("mail", ANY_MAIL)
    if written:
        flash(
            ngettext(
                "One reminder is on its way.",
                "%(count)s reminders are on their way.",
                written,
                count=figure(written),
            )
        )
    else:
        nothing_done(_("Nobody was written to. Choose a group in which somebody can be reminded."))
    return redirect(url_for(".index", cycle_id=line.id), 303)


def demanded(line: CycleLine) -> pages.DemandView:
    """Sign-ups by day, supply and demand, by the reader's clock."""
    zone, policy = me().zone, policy_of(session(), line.programme_id)
    ahead = ahead_of_utc(zone, line.starts_on)

    def found() -> tuple[Days, Demand]:
        crowd = crowds()(session(), cycles.of(session(), line.id))
        people = [SignedUp.of(one.profile, circles=policy.circles.on) for one in crowd.members]
        days = forecast_lists.sign_ups_by_day(session(), line.id, zone)
        return days, demand_of(people, minutes=policy.session_minutes, ahead=ahead)

    return pages.demand(*kept(("demand", line.id, zone), (state_of(line), ahead), found))


def counted(line: CycleLine) -> pages.ChancesView | str:
    """The chances, or a sentence why they could not be counted."""

    def found() -> Chances:
        return chances_in_full(
            session(),
            cycle_id=line.id,
            by=me().id,
            zone=me().zone,
            now=now(),
            count=counting(),
            report=unheard,
            read=crowds(),
        )

    try:
        mark = state_of(line), now().date()
        return pages.chances(kept(("chances", line.id, me().zone), mark, found))
    except (SolverCrashed, SolverRefused, SolverTimedOut):
        return _("The options could not be counted this time. Nothing has changed. Try again in a minute.")


def state_of(line: CycleLine) -> tuple[object, ...]:
    """Changes whenever who is in the cycle, what they said, or the policy does."""
    number = present_policy(session(), line.programme_id).number
    return *forecast_lists.crowd_mark(session(), line.id), number
