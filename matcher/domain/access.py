"""Who may do what: predicates over what is known of a person."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What somebody is in a programme. `person` None is the operator's own command line."""

    person: UUID | None
    organises: bool = False
    handles: bool = False


def may_organise(standing: Standing) -> bool:
    """Open and close cycles, set policies, run the matching, review, publish."""
    return standing.person is None or standing.organises


def may_answer_for(standing: Standing, somebody: UUID) -> bool:
    """Enrol somebody or change their answers: the person, or an organiser who imports them."""
    return standing.person == somebody or may_organise(standing)
