"""The lists of a draft: pairs, who waits, circles as a board, the rota, and what concerns one person."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from matcher.domain.matching.explain import FIT_WORDS, Reason, fit_word, open_reasons
from matcher.domain.people import ROLE_WORDS, Answers, Person, Role
from matcher.domain.policy.policy import Policy
from matcher.domain.policy.rules import RULES
from matcher.domain.sentences import term
from matcher.services.review.lists import Left
from matcher.store.tables import DraftPair
from web.language import N_, _, in_words
from web.parts import levels
from web.parts.words import figure, upper_first

TONES = {"weak": "stop", "fair": "warm", "adequate": "", "good": "on", "very good": "good"}
ORDER_WORDS = {
    "weakest": N_("Weakest fit first"),
    "strongest": N_("Strongest fit first"),
    "mentee": N_("By mentee"),
    "mentor": N_("By mentor"),
}


@dataclass(frozen=True, kw_only=True)
class CriterionPoints:
    """What one criterion gave a pair: its sentence, and the points of the most it can give."""

    sentence: str
    points: str
    share: int


@dataclass(frozen=True, kw_only=True)
class PairRow:
    """A pair in the table."""

    mentee: Person
    mentor: Person
    fit: str
    tone: str
    parts: tuple[CriterionPoints, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """Somebody without a partner: what they read, and what only organisers do."""

    person: Person
    role: str
    sentences: tuple[str, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerFact:
    """One answer of somebody."""

    title: str
    words: str


def pair_row(pair: DraftPair, people: Mapping[UUID, Person], policy: Policy) -> PairRow:
    """A pair with what each criterion gave it, wishes and identity left out."""
    reasons = open_reasons(Reason(**data) for data in pair.reasons["all"])
    word = fit_word(pair.points, policy)
    return PairRow(
        mentee=people[pair.mentee_id],
        mentor=people[pair.mentor_id],
        fit=in_words(levels.level(word)),
        tone=TONES.get(word, ""),
        parts=tuple(part(levels.in_hundredths(reason, policy)) for reason in reasons),
    )


def part(reason: Reason) -> CriterionPoints:
    share = round(100 * reason.points / reason.most) if reason.most else 0
    said = _("%(points)s of %(most)s", points=figure(reason.points), most=figure(reason.most))
    return CriterionPoints(sentence=reason.sentence, points=said, share=share)


def caption(first: int, shown: int, count: int) -> str:
    """Which part of a list is shown."""
    if not count:
        return _("Nobody here is as asked.")
    return _("%(first)s to %(last)s of %(whole)s", first=first + 1, last=first + shown, whole=figure(count))


def fits() -> list[tuple[str, str]]:
    """The levels to choose from."""
    return [("", _("Any fit")), *((word, upper_first(in_words(said))) for word, said in FIT_WORDS.items())]


def orders() -> list[tuple[str, str]]:
    """The ways to sort."""
    return [(name, _(words)) for name, words in ORDER_WORDS.items()]


def roles() -> list[tuple[str, str]]:
    """The roles to choose from."""
    return [("", _("Any role")), *((role.value, in_words(ROLE_WORDS[role])) for role in Role)]


def some(words: Iterable[str], anything: str) -> list[tuple[str, str]]:
    """Words to choose from, after one that leaves it open."""
    return [("", anything), *((word, word) for word in words)]


def waiting_row(left: Left, people: Mapping[UUID, Person]) -> WaitingRow:
    """Somebody left over with what would place them."""
    return WaitingRow(
        person=left.person,
        role=in_words(ROLE_WORDS[Role(left.role)]),
        sentences=left.sentences,
        fixes=fixes(left, people),
    )


def fixes(left: Left, people: Mapping[UUID, Person]) -> tuple[str, ...]:
    """The easiest change that places somebody and moves nobody else, as the solver found and checked it."""
    fix = left.fix
    if not fix:
        return ()
    mentor = people.get(UUID(fix["mentor"])) if fix["mentor"] else None
    told = [_change(fix["change"], mentor, tuple(fix["rules"]))]
    if fix["mentees"]:
        told.insert(
            0,
            _(
                "%(mentees)s mentees can only meet the same mentors, who have %(places)s places in all.",
                mentees=figure(fix["mentees"]),
                places=figure(fix["places"]),
            ),
        )
    return tuple(told)


def _change(change: str, mentor: Person | None, rules: tuple[str, ...]) -> str:
    if mentor is None:
        return _("Only another mentor would help: nobody here could take this person, whatever is changed.")
    lifted = tuple(RULES[rule].blocks for rule in rules)
    if change == "place":
        return _(
            "One more place with %(mentor)s would do it, and nobody else would move.", mentor=mentor.name
        )
    if change == "rule":
        return _(
            "%(mentor)s has a free place; what stands in the way: %(rules)s.",
            mentor=mentor.name,
            rules=lifted,
        )
    return _(
        "%(mentor)s comes nearest, with one more place; what stands in the way: %(rules)s.",
        mentor=mentor.name,
        rules=lifted,
    )


def facts(person: Person, answers: Answers | None) -> tuple[AnswerFact, ...]:
    """What somebody said, as far as organisers may read it: no wishes, no "not with", nothing sensitive."""
    told = [
        (_("E-mail"), person.email),
        (_("Function"), person.function),
        (_("Department"), person.department),
        (_("Site"), person.site),
        (_("Level"), "" if person.grade is None else str(person.grade)),
        (_("Languages"), _("%(languages)s", languages=tuple(map(term, person.languages)))),
        (_("Time zone"), person.zone),
    ]
    if answers is not None:
        told += _said(answers)
    return tuple(AnswerFact(title=title, words=words) for title, words in told if words)


def _said(answers: Answers) -> list[tuple[str, str]]:
    mentor = Role.MENTOR in answers.roles
    free = answers.week.bits.bit_count() / 2
    return [
        (_("Signed up as"), _("%(roles)s", roles=tuple(ROLE_WORDS[role] for role in answers.roles))),
        (_("Places for mentees"), str(answers.capacity) if mentor else ""),
        (_("Topics sought"), _topics(answers.topics_sought)),
        (_("Topics offered"), _topics(answers.topics_offered)),
        (_("Goals"), answers.goals),
        (_("Free hours a week"), figure(free)),
    ]


def _topics(topics: Sequence[str]) -> str:
    return _("%(topics)s", topics=tuple(map(term, topics))) if topics else ""
