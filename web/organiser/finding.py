"""What an organiser's address names, or 404: nobody else learns that it exists."""

from uuid import UUID

from flask import request

from matcher.domain.errors import Invalid, NotFound, Problem
from matcher.domain.sentences import say
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine
from web.account.identity import me
from web.database import session

MOST_PAGES = 10_000


def mine_or_404(cycle_id: UUID) -> CycleLine:
    """The cycle, if the person here organises it."""
    found = cycle_lists.organised_cycle(session(), cycle_id, me().id)
    if found is None:
        raise NotFound("")
    return found


def run_of_or_404(line: CycleLine, run_id: UUID) -> None:
    """The run belongs to the cycle."""
    if run_id not in {known.id for known in cycle_lists.runs(session(), line.id)}:
        raise NotFound("")


def draft_of_or_404(line: CycleLine, draft_id: UUID) -> None:
    """The draft belongs to the cycle."""
    if draft_id not in {known.draft_id for known in cycle_lists.runs(session(), line.id)}:
        raise NotFound("")


def page_number() -> int:
    """The page of a list that was asked for, from 1. Raises Invalid naming the largest."""
    asked = request.args.get("page", "1")
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked[:6]) <= MOST_PAGES:
        said = say("Ask for a page from 1 to {most}.", most=MOST_PAGES)
        raise Invalid((Problem(pointer="/page", sentence=said),))
    return int(asked)
