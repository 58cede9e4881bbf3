"""Signing up for a cycle: addresses become people and answers an enrolment, or all problems are told."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, Problem
from matcher.domain.people import Person
from matcher.domain.sentences import say
from matcher.domain.sign_up.form import USUAL, AskedQuestions
from matcher.schemas.enrolment import SignUp
from matcher.services.account import people
from matcher.services.programme.topics import stored_as
from matcher.services.sign_up import consents, enrolment, form_drafts

ABOUT_THE_PERSON = ("name", "function", "department", "site", "grade", "zone", "languages")


def sign_up(
    session: Session,
    *,
    cycle_id: UUID,
    person: Person,
    said: SignUp,
    monday: date,
    by: UUID,
    now: datetime,
    asked: AskedQuestions = USUAL,
) -> UUID:
    """Keep what the person says about themselves and enrol them; `monday` dates the local hours.

    What the form did not ask of the person stays as it was; the begun form has done its service. Raises
    Invalid for addresses nobody has, and whatever enrolling refuses; then nothing is kept.
    """
    known = known_people(session, said, person)
    told = {name: getattr(said, name) for name in ABOUT_THE_PERSON if name in asked.fields}
    people.update(session, person.id, **told)
    answers = in_our_words(said).answers(known, monday)
    enrolled = enrolment.enrol(
        session, cycle_id=cycle_id, person_id=person.id, answers=answers, by=by, now=now
    )
    if answers.identity_wish or answers.characteristics:
        consents.give(session, cycle_id=cycle_id, person_id=person.id, now=now)
    form_drafts.discard(session, cycle_id=cycle_id, person_id=person.id)
    return enrolled


def known_people(session: Session, said: SignUp, person: Person) -> dict[str, UUID]:
    """Everybody the person names, by address. Raises Invalid for addresses nobody has, and for their own."""
    known = people.by_addresses(session, [*said.wishes, *said.not_with])
    problems = tuple(unknown_people(said, person, known))
    if problems:
        raise Invalid(problems)
    return known


def in_our_words(said: SignUp) -> SignUp:
    """Topics somebody typed in another language become those of the list, each once."""
    offered, sought = (
        tuple(dict.fromkeys(stored_as(topic) for topic in topics))
        for topics in (said.topics_offered, said.topics_sought)
    )
    return replace(said, topics_offered=offered, topics_sought=sought)


def unknown_people(said: SignUp, person: Person, known: Mapping[str, UUID]) -> Iterator[Problem]:
    """A problem for each line that names nobody here, or the person themselves."""
    for field, addresses in (("wishes", said.wishes), ("not_with", said.not_with)):
        for place, address in enumerate(addresses):
            pointer = f"/{field}/{place}"
            if address not in known:
                unknown = "Line {line}: we know nobody with the address {address}."
                sentence = say(unknown, line=place + 1, address=address[:60])
                yield Problem(pointer=pointer, sentence=sentence)
            elif known[address] == person.id:
                yield Problem(
                    pointer=pointer, sentence=say("Line {line} is your own address.", line=place + 1)
                )
