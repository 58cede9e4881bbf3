"""The lists of a draft: pairs, who waits, circles as a board, the rota, and what concerns one person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from uuid import UUID

from matcher.domain.explain import FIT_WORDS, Reason, fit_word, open_reasons
from matcher.domain.facts import Couple, couple
from matcher.domain.people import ROLE_WORDS, Answers, Person, Role, key
from matcher.domain.policy import Policy
from matcher.domain.rules import RULES
from matcher.domain.said import term
from matcher.store.review_queries import Left
from matcher.store.tables import DraftCircle, DraftDuty, DraftPair
from web.language import N_, _, in_words, ngettext
from web.pages import levels, meeting
from web.pages.words import figure, number, upper_first

TONES = {"weak": "stop", "fair": "warm", "adequate": "", "good": "on", "very good": "good"}
ORDER_WORDS = {
    "weakest": N_("Weakest fit first"),
    "strongest": N_("Strongest fit first"),
    "mentee": N_("By mentee"),
    "mentor": N_("By mentor"),
}
KEPT_APART = frozenset({"not_blocked", "reporting_line", "no_repeat", "same_person"})


@dataclass(frozen=True, kw_only=True)
class Part:
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
    parts: tuple[Part, ...]


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """Somebody without a partner: what they read, and what only organisers do."""

    person: Person
    role: str
    sentences: tuple[str, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A member of a circle on the board."""

    person: Person
    about: str


@dataclass(frozen=True, kw_only=True)
class Board:
    """One circle: when it meets in the reader's time, how mixed it is, who met before."""

    number: int
    when: str
    seats: tuple[Seat, ...]
    mix: str
    met: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RotaRow:
    """A person's duties by session: each cell the letters and words of what they have; opted out of what."""

    person: Person
    cells: tuple[tuple[tuple[str, str, int], ...], ...]
    count: int
    declined: str


@dataclass(frozen=True, kw_only=True)
class Rota:
    """A circle's duties: people down, sessions across."""

    number: int
    rows: tuple[RotaRow, ...]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Fact:
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
        parts=tuple(map(_part, reasons)),
    )


def _part(reason: Reason) -> Part:
    share = round(100 * reason.points / reason.most) if reason.most else 0
    said = _("%(points)s of %(most)s", points=figure(reason.points), most=figure(reason.most))
    return Part(sentence=reason.sentence, points=said, share=share)


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


def board(
    circle: DraftCircle, people: Mapping[UUID, Person], sat: Mapping[Couple, int], zone: str, monday: date
) -> Board:
    """One circle on the board. sat: how many cycles ago two people last sat together."""
    members = [people[UUID(member)] for member in circle.members]
    return Board(
        number=circle.number,
        when=meeting.usual(circle.slot, zone, monday),
        seats=tuple(Seat(person=one, about=_about(one)) for one in members),
        mix=_mix(members),
        met=tuple(_met(members, sat)),
    )


def _about(one: Person) -> str:
    said = tuple(word for word in (one.function, one.site) if word)
    return " · ".join(said)


def _mix(members: Sequence[Person]) -> str:
    functions, sites = ({key(word) for word in words if word} for words in _columns(members))
    return _(
        "%(functions)s and %(sites)s among %(people)s people",
        functions=ngettext("%(num)s function", "%(num)s functions", len(functions)),
        sites=ngettext("%(num)s site", "%(num)s sites", len(sites)),
        people=number(len(members)),
    )


def _columns(members: Sequence[Person]) -> tuple[list[str], list[str]]:
    return [one.function for one in members], [one.site for one in members]


def _met(members: Sequence[Person], sat: Mapping[Couple, int]) -> Iterable[str]:
    for one, other in combinations(members, 2):
        ago = sat.get(couple(one.id, other.id))
        if ago is not None:
            yield ngettext(
                "%(first)s and %(other)s sat together in the cycle before.",
                "%(first)s and %(other)s sat together %(num)s cycles ago.",
                ago,
                first=one.name,
                other=other.name,
            )


def letters(duties: Sequence[str]) -> dict[str, str]:
    """A letter for each duty, its first that no other has taken; else its number."""
    taken: dict[str, str] = {}
    for place, duty in enumerate(duties, start=1):
        said = in_words(term(duty)).upper()
        free = (sign for sign in said if sign.isalpha() and sign not in taken.values())
        taken[duty] = next(free, str(place))
    return taken


def rota(
    circle: DraftCircle,
    turns: Sequence[DraftDuty],
    people: Mapping[UUID, Person],
    answers: Mapping[UUID, Answers],
    policy: Policy,
) -> Rota:
    """The duties of one circle as a field of people and sessions."""
    rows = tuple(
        _rota_row(people[UUID(member)], turns, answers.get(UUID(member)), policy) for member in circle.members
    )
    load = Counter(row.count for row in rows)
    said = _("Everybody has %(least)s to %(most)s duties.", least=min(load), most=max(load))
    if len(load) == 1:
        said = ngettext("Everybody has %(num)s duty.", "Everybody has %(num)s duties.", min(load))
    return Rota(number=circle.number, rows=rows, sentence=said)


def _rota_row(person: Person, turns: Sequence[DraftDuty], said: Answers | None, policy: Policy) -> RotaRow:
    signs = letters(policy.duties)
    mine = [turn for turn in turns if turn.person_id == person.id]
    declined = {key(duty) for duty in said.duties_declined} if said else set()
    return RotaRow(
        person=person,
        cells=tuple(
            tuple(
                (signs[turn.duty], named(turn.duty), policy.duties.index(turn.duty) % 3)
                for turn in mine
                if turn.session == session
            )
            for session in range(policy.sessions)
        ),
        count=len(mine),
        declined=", ".join(named(duty) for duty in policy.duties if key(duty) in declined),
    )


def named(duty: str) -> str:
    """A duty as a heading names it."""
    return upper_first(in_words(term(duty)))


def legend(duties: Sequence[str]) -> tuple[tuple[str, str, int], ...]:
    """Each duty's letter, name and colour."""
    signs = letters(duties)
    return tuple((signs[duty], named(duty), place % 3) for place, duty in enumerate(duties))


def facts(person: Person, answers: Answers | None) -> tuple[Fact, ...]:
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
    return tuple(Fact(title=title, words=words) for title, words in told if words)


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
