"""Cycles as far along as a test needs them, by the real solver."""

import re
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat
from matcher.services.cycle import cycles
from matcher.services.cycle import lists as cycle_lists
from matcher.services.matching import runs
from matcher.services.programme import programmes
from matcher.services.publishing import publication
from matcher.services.review import draft_summary
from tests import in_process
from tests.builders import NOON, a_policy, enrolled
from tests.web.conftest import Together
from tests.web.visitors import Site, Visitor

CIRCLES = CircleFormat(on=True, smallest=4, target=4, largest=5)


@dataclass(frozen=True, kw_only=True)
class Drafted:
    """A closed cycle with a draft to review: the addresses of both pages."""

    page: str
    draft: str
    draft_id: UUID


def people(
    site: Site, together: Together, *, pairs: int, peers: int = 0, unlucky: int = 0
) -> dict[str, UUID]:
    """So many pairs to be, peers for circles, and mentees for whom there is no place; ids by name."""
    kinds = (
        (Role.MENTOR, "Mentor", pairs),
        (Role.MENTEE, "Mentee", pairs + unlucky),
        (Role.PEER, "Peer", peers),
    )
    with site.open_session.begin() as session:
        programmes.set_policy(
            session, programme_id=together.programme_id, policy=a_policy(circles=CIRCLES), by=None, now=NOON
        )
        return {
            f"{word} {number}": enrolled(session, together.cycle_id, role, name=f"{word} {number}")
            for role, word, count in kinds
            for number in range(count)
        }


def drafted(site: Site, together: Together) -> Drafted:
    """Close the cycle and solve it."""
    with site.open_session.begin() as session:
        run_id = cycles.close(session, cycle_id=together.cycle_id, by=together.organiser, now=site.now)
    solved(site, run_id)
    with site.open_session() as session:
        draft_id = cycle_lists.runs(session, together.cycle_id)[0].draft_id
    assert draft_id is not None, "The run led to no draft."
    page = f"/organise/{together.cycle_id}"
    return Drafted(page=page, draft=f"{page}/drafts/{draft_id}", draft_id=draft_id)


def solved(site: Site, run_id: UUID) -> None:
    """Work on the run as a worker does."""
    runs.solve(
        site.open_session, run_id, run_solver=in_process.solved, clock=site.clock, worker="the tests' own"
    )


def published(site: Site, together: Together) -> None:
    """Draft and publish."""
    found = drafted(site, together)
    with site.open_session.begin() as session:
        publication.publish(
            session,
            draft_id=found.draft_id,
            seen_hash=draft_summary.summary(session, found.draft_id).hash,
            by=together.organiser,
            now=site.now,
            links=site.app.extensions["evenhand.links"],
        )


def hash_on(visitor: Visitor, draft: str) -> str:
    """The hash the draft's page would send back."""
    found = re.search(r'name="seen_hash" value="(\w+)"', visitor.get(draft).text)
    assert found is not None, "The draft's page has no hash."
    return found[1]
