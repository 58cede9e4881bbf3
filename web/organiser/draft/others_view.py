"""Who else could be somebody's partner, and what it would cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.people import Answers, Person, Role
from matcher.domain.policy.policy import Policy
from matcher.services.review.prices import Alternative, WhyNotAnswer
from web.language import _, in_words
from web.organiser.draft.view import TONES, CriterionPoints, part
from web.parts import levels
from web.parts.words import listed


@dataclass(frozen=True, kw_only=True)
class OtherRow:
    """Somebody who could be the partner instead."""

    person: Person
    fit: str
    tone: str
    now: bool
    parts: tuple[CriterionPoints, ...]


@dataclass(frozen=True, kw_only=True)
class PartnerPrice:
    """What it would cost to pair somebody with `name`; ready: the solver has answered."""

    name: str
    mentee: UUID
    mentor: UUID
    sentences: tuple[str, ...]
    moved: tuple[str, ...]
    ready: bool


def may_ask(answers: Answers | None) -> bool:
    """Only mentees and mentors have other partners one could think of."""
    return answers is not None and bool({Role.MENTEE, Role.MENTOR} & set(answers.roles))


def other_row(one: Alternative, policy: Policy) -> OtherRow:
    """Somebody who could be the partner instead, with what each criterion would give."""
    return OtherRow(
        person=one.person,
        fit=in_words(levels.level(one.word)),
        tone=TONES.get(one.word, ""),
        now=one.now,
        parts=tuple(part(levels.in_hundredths(reason, policy)) for reason in one.reasons),
    )


def couple_of(one: Person, answers: Answers | None, other: Person) -> tuple[UUID, UUID]:
    """Mentee and mentor of the two."""
    as_mentee = answers is not None and Role.MENTEE in answers.roles
    return (one.id, other.id) if as_mentee else (other.id, one.id)


def asked_of(other: Alternative, couple: tuple[UUID, UUID], answer: WhyNotAnswer) -> PartnerPrice:
    """The answer, with everybody whose partner would change."""
    moved = answer.price.moved if answer.price else ()
    return PartnerPrice(
        name=other.person.name,
        mentee=couple[0],
        mentor=couple[1],
        sentences=answer.sentences,
        moved=tuple(
            _(
                "%(mentee)s: %(before)s → %(after)s",
                mentee=one.mentee.name,
                before=_names(one.before),
                after=_names(one.after),
            )
            for one in moved
        ),
        ready=answer.ready,
    )


def _names(people: Sequence[Person]) -> str:
    return listed(one.name for one in people) if people else _("nobody")
