"""What the sign-up form asks the database: who else is signed up, without saying who."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.people import EnrolmentState, Role
from matcher.domain.sign_up.preview import Signed, words
from matcher.store.tables import Enrolment, Person


def signed_up(session: Session, cycle_id: UUID, *, but: UUID) -> tuple[Signed, ...]:
    """Everybody active in the cycle but this person: only what may be counted."""
    rows = session.execute(
        select(Enrolment.answers, Person.languages)
        .join(Person, Person.id == Enrolment.person_id)
        .where(
            Enrolment.cycle_id == cycle_id,
            Enrolment.person_id != but,
            Enrolment.state == EnrolmentState.ACTIVE.value,
            Person.active,
        )
    )
    return tuple(
        Signed(
            roles=frozenset(Role(role) for role in answers["roles"]),
            places=answers["capacity"],
            offered=words(answers["topics_offered"]),
            sought=words(answers["topics_sought"]),
            languages=words(languages),
            bits=int(answers["week"], 16),
        )
        for answers, languages in rows
    )
