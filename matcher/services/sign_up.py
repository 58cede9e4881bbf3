"""Signing up for a cycle: addresses become people and answers an enrolment, or all problems are told."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Person
from matcher.schemas.enrolment import SignUp
from matcher.services import enrolment, people


def sign_up(
    session: Session, *, cycle_id: UUID, person: Person, said: SignUp, monday: date, by: UUID, now: datetime
) -> UUID:
    """Keep what the person says about themselves and enrol them; `monday` dates the local hours.

    Raises Invalid for addresses nobody has, and whatever enrolling refuses; then nothing is kept.
    """
    known = people.by_addresses(session, [*said.wishes, *said.not_with])
    problems = tuple(unknown_people(said, person, known))
    if problems:
        raise Invalid(problems)
    people.update(
        session,
        person.id,
        name=said.name,
        function=said.function,
        department=said.department,
        site=said.site,
        grade=said.grade,
        zone=said.zone,
        languages=said.languages,
    )
    answers = said.answers(known, monday)
    return enrolment.enrol(session, cycle_id=cycle_id, person_id=person.id, answers=answers, by=by, now=now)


def unknown_people(said: SignUp, person: Person, known: Mapping[str, UUID]) -> Iterator[Problem]:
    """A problem for each line that names nobody here, or the person themselves."""
    for field, addresses in (("wishes", said.wishes), ("not_with", said.not_with)):
        for place, address in enumerate(addresses):
            pointer = f"/{field}/{place}"
            if address not in known:
                sentence = f"Line {place + 1}: we know nobody with the address {address[:60]}."
                yield Problem(pointer=pointer, sentence=sentence)
            elif known[address] == person.id:
                yield Problem(pointer=pointer, sentence=f"Line {place + 1} is your own address.")
