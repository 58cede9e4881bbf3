"""The programme an organiser's address names, or 404; and whom the operator lets make a new one."""

from uuid import UUID

from matcher.domain.errors import NotFound
from matcher.services.programme import lists as programme_lists
from matcher.services.programme.lists import ProgrammeSetup
from matcher.services.programme.programme_templates import may_found
from web.account.identity import me, offices
from web.database import session


def programme_or_404(programme_id: UUID) -> ProgrammeSetup:
    """The programme, if the person here organises it."""
    found = programme_lists.programme(session(), programme_id, me().id)
    if found is None:
        raise NotFound("")
    return found


def named() -> bool:
    """Whether the operator's setting names the person here."""
    return "founder" in offices()


def founder_or_404() -> None:
    """Only for who may make a programme."""
    if not may_found(session(), person_id=me().id, named=named()):
        raise NotFound("")
