"""A draft in detail, a page at a time: pairs, who waits, circles, rota, one person, who else it could be."""

from collections.abc import Container
from urllib.parse import quote
from uuid import UUID

from flask import Blueprint, current_app, render_template, request

from matcher.domain.errors import NotFound
from matcher.domain.matching.explain import FIT_WORDS, points_of
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from matcher.services.publishing import sign_offs
from matcher.services.review import draft_lists
from matcher.services.review import lists as review_lists
from matcher.services.review.lists import ORDERS, AskedPairs, DraftHead
from web.account.identity import me, signed_in
from web.database import session
from web.language import _
from web.organiser.draft import others_view as partners
from web.organiser.draft import summary_view
from web.organiser.draft import view as pages
from web.organiser.finding import mine_or_404, page_number
from web.participant.sign_up.view import monday_of
from web.parts import boards

blueprint = Blueprint("draft", __name__, url_prefix="/organise/<uuid:cycle_id>/drafts/<uuid:draft_id>")
ON_A_PAGE, LEFT_ON_A_PAGE = 25, 15
CIRCLES_ON_A_PAGE = 12
LONGEST = 200
WEAKEST = 5


def head_or_404(cycle_id: UUID, draft_id: UUID) -> tuple[CycleLine, DraftHead]:
    """The draft, if it is one of a cycle the person here organises."""
    line = mine_or_404(cycle_id)
    head = review_lists.head(session(), draft_id)
    if head is None or head.cycle_id != line.id:
        raise NotFound("")
    return line, head


@blueprint.get("")
@signed_in
def index(cycle_id: UUID, draft_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    shown = summary_view.view(
        head,
        review_lists.counts(session(), draft_id),
        cycle=line,
        published=cycle_lists.published_by(session(), line.id),
        zone=me().zone,
    )
    __, weakest = review_lists.pairs(session(), draft_id, AskedPairs(), first=0, most=WEAKEST)
    people = draft_lists.people_of_pairs(session(), weakest)
    return render_template(
        "organiser/draft/index.html",
        cycle=line,
        draft=head,
        view=shown,
        second=sign_offs.wanted(session(), line.programme_id),
        weakest=[pages.pair_row(pair, people, head.policy) for pair in weakest],
    )


@blueprint.get("/pairs")
@signed_in
def pairs(cycle_id: UUID, draft_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    first = (page_number() - 1) * ON_A_PAGE
    asked = asked_pairs(head)
    count, found = review_lists.pairs(session(), head.id, asked, first=first, most=ON_A_PAGE)
    people = draft_lists.people_of_pairs(session(), found)
    functions, sites = review_lists.functions_and_sites(session(), line.id)
    return render_template(
        "organiser/draft/pairs.html",
        cycle=line,
        draft=head,
        rows=[pages.pair_row(pair, people, head.policy) for pair in found],
        caption=pages.caption(first, len(found), count),
        asked=asked,
        fit=chosen("fit", FIT_WORDS),
        fits=pages.fits(),
        orders=pages.orders(),
        functions=pages.some(functions, _("Any function")),
        sites=pages.some(sites, _("Any site")),
        page=page_number(),
        last=last_page(count, ON_A_PAGE),
        address=address(),
    )


def asked_pairs(head: DraftHead) -> AskedPairs:
    """Which pairs the address asks for; what it cannot ask for is left out."""
    word = chosen("fit", FIT_WORDS)
    least, below = points_of(word, head.policy) if word else (0, None)
    return AskedPairs(
        find=text("find"),
        function=text("function"),
        site=text("site"),
        least=least,
        below=below,
        order=chosen("order", ORDERS) or "weakest",
    )


@blueprint.get("/waiting")
@signed_in
def waiting(cycle_id: UUID, draft_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    first = (page_number() - 1) * LEFT_ON_A_PAGE
    role = chosen("role", dict(pages.roles()))
    count, found = review_lists.waiting(
        session(), head.id, find=text("find"), role=role, first=first, most=LEFT_ON_A_PAGE
    )
    people = draft_lists.mentors_of_fixes(session(), found)
    return render_template(
        "organiser/draft/waiting.html",
        cycle=line,
        draft=head,
        rows=[pages.waiting_row(one, people) for one in found],
        caption=pages.caption(first, len(found), count),
        find=text("find"),
        role=role,
        roles=pages.roles(),
        page=page_number(),
        last=last_page(count, LEFT_ON_A_PAGE),
        address=address(),
    )


@blueprint.get("/circles")
@signed_in
def circles(cycle_id: UUID, draft_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    found = draft_lists.circles(
        session(), head, first=(page_number() - 1) * CIRCLES_ON_A_PAGE, most=CIRCLES_ON_A_PAGE
    )
    monday = monday_of(line.starts_on)
    return render_template(
        "organiser/draft/circles.html",
        cycle=line,
        draft=head,
        boards=[boards.board(one, found.people, found.sat, me().zone, monday) for one in found.circles],
        page=page_number(),
        last=last_page(found.count, CIRCLES_ON_A_PAGE),
        address=address(),
    )


@blueprint.get("/rota")
@signed_in
def rota(cycle_id: UUID, draft_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    found = draft_lists.circles(
        session(), head, first=(page_number() - 1) * CIRCLES_ON_A_PAGE, most=CIRCLES_ON_A_PAGE
    )
    turns = draft_lists.turns(session(), head, found)
    return render_template(
        "organiser/draft/duties.html",
        cycle=line,
        draft=head,
        rotas=[
            boards.rota(one, turns.duties.get(one.number, ()), found.people, turns.answers, head.policy)
            for one in found.circles
        ],
        legend=boards.legend(head.policy.duties),
        sessions=range(1, head.policy.sessions + 1),
        page=page_number(),
        last=last_page(found.count, CIRCLES_ON_A_PAGE),
        address=address(),
    )


@blueprint.get("/people/<uuid:person_id>")
@signed_in
def person(cycle_id: UUID, draft_id: UUID, person_id: UUID) -> str:
    line, head = head_or_404(cycle_id, draft_id)
    found = draft_lists.person(session(), head, person_id)
    if found is None:
        raise NotFound("")
    return render_template(
        "organiser/draft/person.html",
        cycle=line,
        draft=head,
        one=found.person,
        facts=pages.facts(found.person, found.answers),
        rows=[pages.pair_row(pair, found.people, head.policy) for pair in found.pairs],
        waiting=[pages.waiting_row(one, found.people) for one in found.waiting],
        circle=found.circle,
        asks="evenhand.what_if" in current_app.extensions and partners.may_ask(found.answers),
        turns=[turn for turn in found.duties if turn.circle is None],
        circle_turns=[turn for turn in found.duties if turn.circle is not None],
        named=boards.named,
    )


@blueprint.get("/people/<uuid:person_id>/others")
@signed_in
def others(cycle_id: UUID, draft_id: UUID, person_id: UUID) -> str:
    """Who else it could be, and what one of them would cost, asked of a solver that stays warm."""
    line, head = head_or_404(cycle_id, draft_id)
    found = draft_lists.person(session(), head, person_id)
    prices = current_app.extensions.get("evenhand.what_if")
    if found is None or prices is None:
        raise NotFound("")
    listed = prices.alternatives(session(), head.id, person_id)
    other = next((one for one in listed if str(one.person.id) == text("other") and not one.now), None)
    asked = None
    if other is not None:
        couple = partners.couple_of(found.person, found.answers, other.person)
        answer = prices.why_not(session(), head.id, *couple)
        asked = partners.asked_of(other, couple, answer)
    return render_template(
        "organiser/draft/others.html",
        cycle=line,
        draft=head,
        one=found.person,
        rows=[partners.other_row(one, head.policy) for one in listed],
        asked=asked,
        tries="what_if.index" in current_app.view_functions,
    )


def text(name: str) -> str:
    """A word of the address, cut to what a name can be."""
    return request.args.get(name, "").strip()[:LONGEST]


def chosen(name: str, known: Container[str]) -> str:
    """A word of the address, if it is one of these."""
    said = text(name)
    return said if said in known else ""


def last_page(count: int, each: int) -> int:
    """The number of the last page."""
    return max(1, -(-count // each))


def address() -> str:
    """This list again, to be followed by `page=`."""
    kept = [(name, value) for name, value in request.args.items() if name != "page" and value]
    return "?" + "".join(f"{name}={quote(value)}&" for name, value in kept)
