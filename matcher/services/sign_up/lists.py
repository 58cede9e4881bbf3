"""What the sign-up form asks the database: who else is signed up, without saying who."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.people import EnrolmentState, Role
from matcher.domain.sign_up.preview import SignedUpAnswers, words
from matcher.store.tables import EnrolmentRow, PersonRow


def signed_up(session: Session, cycle_id: UUID, *, but: UUID) -> tuple[SignedUpAnswers, ...]:
    """Everybody active in the cycle but this person: only what may be counted."""
    rows = session.execute(
        select(EnrolmentRow.answers, PersonRow.languages)
        .join(PersonRow, PersonRow.id == EnrolmentRow.person_id)
        .where(
            EnrolmentRow.cycle_id == cycle_id,
            EnrolmentRow.person_id != but,
            EnrolmentRow.state == EnrolmentState.ACTIVE.value,
            PersonRow.active,
        )
    )
    return tuple(
        SignedUpAnswers(
            roles=frozenset(Role(role) for role in answers["roles"]),
            places=answers["capacity"],
            offered=words(answers["topics_offered"]),
            sought=words(answers["topics_sought"]),
            languages=words(languages),
            bits=int(answers["week"], 16),
        )
        for answers, languages in rows
    )
