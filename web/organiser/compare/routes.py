"""Drafts of a cycle side by side."""

from uuid import UUID

from flask import Blueprint, render_template, request

from matcher.domain.errors import Invalid, NotFound, Problem
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.services.cycle import lists as cycle_lists
from matcher.services.fairness import reports
from matcher.services.review import comparison as review_comparison
from matcher.services.review.comparison import DraftLine
from web.account.identity import me, signed_in
from web.database import ring_after_commit, session
from web.organiser.compare import view as pages
from web.organiser.finding import mine_or_404, page_number

blueprint = Blueprint("compare", __name__, url_prefix="/organise/<uuid:cycle_id>/compare")
MOST_COMPARED = 4


@blueprint.get("")
@signed_in
def index(cycle_id: UUID) -> str:
    line = mine_or_404(cycle_id)
    known = review_comparison.drafts(session(), line.id)
    chosen = _chosen(known)
    found = [(draft, reports.of(session(), draft.id)) for draft in chosen]
    for draft, report in found:
        if report is None:
            ring_after_commit("report", draft.id)
    columns = [(draft, report) for draft, report in found if report is not None]
    page = page_number()
    policy = Policy.from_data(cycle_lists.policy_data(session(), line.programme_id))
    both = (chosen[0].id, chosen[1].id) if len(chosen) > 1 else None
    differing = review_comparison.differing(session(), *both) if both else 0
    return render_template(
        "organiser/compare/index.html",
        cycle=line,
        choices=pages.choices(known, [draft.id for draft in chosen], me().zone),
        names=[pages.name_of(draft) for draft in chosen],
        tables=pages.tables(columns),
        waiting=len(found) - len(columns),
        rows=pages.partner_rows(review_comparison.partners(session(), *both, page), policy) if both else (),
        differing=differing,
        page=page,
        last=max(1, -(-differing // review_comparison.ON_A_PAGE)),
        asked=[draft.id for draft in chosen],
    )


def _chosen(known: tuple[DraftLine, ...]) -> tuple[DraftLine, ...]:
    """Those asked for in the order of the list, or the newest two. Raises NotFound and Invalid."""
    asked = set(request.args.getlist("draft"))
    if not asked:
        return known[-2:]
    chosen = tuple(one for one in known if str(one.id) in asked)
    if len(chosen) != len(asked):
        raise NotFound("")
    if not 2 <= len(chosen) <= MOST_COMPARED:
        said = say("Choose from two to {most} drafts.", most=MOST_COMPARED)
        raise Invalid((Problem(pointer="/draft", sentence=said),))
    return chosen
