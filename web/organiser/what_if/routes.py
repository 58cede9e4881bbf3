"""What if: choose a change by hand, see its price, apply it with a reason or drop it; undo; run again."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from matcher.domain.errors import Invalid, NotFound, WrongState
from matcher.domain.lifecycle import CycleState
from matcher.domain.matching.change_sentences import sentence
from matcher.domain.matching.changes import Apart, Change, Forbid, Pin, Places, RuleSwitch, Weight
from matcher.domain.people import Role
from matcher.domain.policy.policy import Policy
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.matching import runs
from matcher.services.review import changes as review_changes
from matcher.services.review.prices import DraftBasis
from matcher.services.review.what_if import WhatIf, mentors_in
from web.account.identity import me, signed_in
from web.clock import now
from web.database import ring_after_commit, session
from web.forms import filled
from web.language import _, in_words
from web.organiser.finding import mine_or_404
from web.organiser.what_if import view as pages

KEY = "evenhand.what_if"
LONGEST_NAME = 60
PEERS = ("peer", "second")
WHO = (
    ("mentee", Role.MENTEE),
    ("other", Role.MENTEE),
    ("mentor", Role.MENTOR),
    *((name, Role.PEER) for name in PEERS),
)
"""Whom the form asks for, and in which role."""

blueprint = Blueprint("what_if", __name__, url_prefix="/organise/<uuid:cycle_id>/what-if")


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    return _page(mine_or_404(cycle_id), request.args)


@blueprint.post("")
@signed_in
def apply(cycle_id: UUID) -> Response | tuple[str, int]:
    """Note the change for the next run, with its price as far as it is known."""
    line = mine_or_404(cycle_id)
    draft_id = _newest_draft(line)
    if draft_id is None:
        raise WrongState(_("There is no draft to change yet."))
    base, policy = _prices().standing(session(), draft_id)
    change = _change(base, policy, draft_id, request.form)
    if change is None:
        return _page(line, request.form), 422
    price = _price_now(draft_id, change)
    try:
        review_changes.make(
            session(),
            cycle_id=line.id,
            change=change,
            reason=request.form.get("reason", ""),
            price=price,
            by=me().id,
            now=now(),
        )
    except Invalid as wrong:
        return _page(line, request.form, wrong), 422
    flash(_("The change is noted. The next run makes it; nothing is sent to anybody."))
    return _back(line)


@blueprint.post("/<uuid:change_id>/undo")
@signed_in
def undo(cycle_id: UUID, change_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    if change_id not in {one.id for one in review_changes.history(session(), cycle_id=line.id, by=me().id)}:
        raise NotFound("")
    review_changes.undo(session(), change_id=change_id, by=me().id, now=now())
    flash(_("The change is undone. The next run is made without it."))
    return _back(line)


@blueprint.post("/run")
@signed_in
def run(cycle_id: UUID) -> Response:
    line = mine_or_404(cycle_id)
    run_id = runs.queue(session(), cycle_id=line.id, by=me().id, now=now())
    ring_after_commit("solve", run_id)
    flash(_("A new run has begun, with the changes made by hand."))
    return redirect(url_for("overview.cycle", cycle_id=line.id), 303)


def _price_now(draft_id: UUID, change: Change) -> dict[str, Any]:
    """The figures as far as they are known at this moment. Whether it can be made the act itself says."""
    try:
        if isinstance(change, Apart):
            return _prices().apart(session(), draft_id, change).to_data()
        price = _prices().what_if(session(), draft_id, change, patience=0)
    except WrongState:
        return {}
    return price.to_data() if price else {}


def _page(line: CycleLine, fields: MultiDict[str, str], wrong: Invalid | None = None) -> str:
    draft_id = _newest_draft(line)
    made = review_changes.history(session(), cycle_id=line.id, by=me().id)
    inside = review_changes.contained(session(), draft_id) if draft_id else ()
    shown: dict[str, Any] = {
        "cycle": line,
        "past": pages.past(made, inside, me().zone),
        "ahead": {one.number for one in made if one.undone_at is None} != set(inside),
        "form": filled(fields),
        "reason": fields.get("reason", ""),
        "reason_wrong": [in_words(one.sentence) for one in wrong.problems] if wrong else [],
        "kind": fields.get("kind", ""),
        "open": draft_id is not None and line.state is CycleState.REVIEW,
        "undoable": line.state in (CycleState.CLOSED, CycleState.REVIEW),
    }
    if draft_id is not None and shown["open"] and shown["kind"]:
        shown |= _choice(draft_id, fields)
    return render_template("organiser/what_if/index.html", kinds=pages.kinds(), **shown)


def _choice(draft_id: UUID, fields: MultiDict[str, str]) -> dict[str, Any]:
    """What can be chosen, and the price once it is."""
    base, policy = _prices().standing(session(), draft_id)
    options = {
        name: pages.found(
            base.profiles, role, fields.get(f"{name}_find", "")[:LONGEST_NAME], fields.get(name, "")
        )
        for name, role in WHO
    }
    chosen = _with_only_found(fields, options)
    shown: dict[str, Any] = {
        "options": options,
        "form": filled(chosen),
        "criteria": pages.criteria(policy),
        "rules": pages.rules(policy),
        "most_places": pages.MOST_PLACES,
        "most_found": pages.MOST_FOUND,
    }
    try:
        change = _change(base, policy, draft_id, chosen)
        if change is None:
            return shown
        review_changes.require_not_own(change, me().id)
        shown["sentence"] = in_words(sentence(change, {one.id: one.person for one in base.profiles.values()}))
        if isinstance(change, Apart):
            seats = _prices().apart(session(), draft_id, change)
            return {**shown, "seats": pages.seats(change, seats, base.profiles)}
        price = _prices().what_if(session(), draft_id, change)
    except WrongState as refused:
        return {**shown, "refused": in_words(refused.sentence)}
    if price is None:
        return {**shown, "waiting": True}
    return {**shown, "priced": pages.priced(price)}


def _with_only_found(
    fields: MultiDict[str, str], options: dict[str, list[pages.Option]]
) -> MultiDict[str, str]:
    """Whoever is the only one of that name is chosen."""
    chosen = MultiDict(fields)
    for name, found in options.items():
        if not chosen.get(name) and len(found) == 1:
            chosen[name] = found[0][0]
    return chosen


def _change(base: DraftBasis, policy: Policy, draft_id: UUID, fields: MultiDict[str, str]) -> Change | None:
    """The change chosen; None while something is missing. Raises WrongState for a swap of nothing."""
    try:
        return _of_people(base, draft_id, fields) or _of_policy(policy, fields)
    except ValueError:
        # A number or word the form does not offer: ask again.
        return None


def _of_people(base: DraftBasis, draft_id: UUID, fields: MultiDict[str, str]) -> Change | None:
    kind = fields.get("kind", "")
    mentee, other, mentor = (_person(base, fields.get(name, "")) for name in ("mentee", "other", "mentor"))
    if kind == "swap" and mentee and other and mentee != other:
        return _swap(draft_id, mentee, other)
    peers = sorted(one for one in (_person(base, fields.get(name, "")) for name in PEERS) if one)
    if kind == "apart" and len(set(peers)) == len(PEERS):
        return Apart(couple=(peers[0], peers[1]))
    if kind == "capacity" and mentor and fields.get("places"):
        return Places(mentor=mentor, places=int(fields["places"][:3]))
    if kind in ("pin", "forbid") and mentee and mentor:
        couple = (mentee, mentor)
        return Pin(couples=(couple,)) if kind == "pin" else Forbid(couple=couple)
    return None


def _of_policy(policy: Policy, fields: MultiDict[str, str]) -> Change | None:
    kind = fields.get("kind", "")
    if kind == "weight" and fields.get("criterion") and fields.get("weight"):
        return Weight(criterion=fields["criterion"], weight=int(fields["weight"][:3]))
    if kind == "rule" and (rule := fields.get("rule")):
        return RuleSwitch(rule=rule, holds=rule not in {use.name for use in policy.rules})
    return None


def _person(base: DraftBasis, sent: str) -> UUID | None:
    return next((one for one in base.profiles if str(one) == sent), None)


def _swap(draft_id: UUID, first: UUID, second: UUID) -> Pin:
    mentors = [mentors_in(session(), draft_id, one) for one in (first, second)]
    couples = [(one, theirs[0]) for one, theirs in ((first, mentors[1]), (second, mentors[0])) if theirs]
    if not couples:
        raise WrongState(_("Neither of them has a mentor in this draft; there is nothing to swap."))
    return Pin(couples=tuple(couples))


def _newest_draft(line: CycleLine) -> UUID | None:
    return next((one.draft_id for one in cycle_lists.runs(session(), line.id) if one.draft_id), None)


def _prices() -> WhatIf:
    prices: WhatIf = current_app.extensions[KEY]
    return prices


def _back(line: CycleLine) -> Response:
    return redirect(url_for(".index", cycle_id=line.id), 303)
