"""A programme as its organisers set it up: its parts, its questions, what a form shows at first."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from matcher.domain.dates import FIELDS, Dates
from matcher.domain.errors import Problem
from matcher.domain.people import ROLE_WORDS, Role
from matcher.domain.policy.policy import CircleFormat, Policy
from matcher.domain.sign_up.form import NEVER_NEEDED, QUESTIONS, Asking, FormSettings
from matcher.services.programme.lists import ProgrammeSetup
from matcher.services.programme.programme_templates import Template
from matcher.services.programme.roles import RoleHolder
from web.forms import Form, anchor_of
from web.language import N_, _, current, in_words, ngettext
from web.participant.sign_up.questions import PURPOSES, TITLES
from web.parts.words import figure, listed, upper_first

PARTS = (
    ("setup.programme", N_("Cycles")),
    ("setup.about", N_("About")),
    ("setup.form", N_("Form")),
    ("setup.sessions", N_("Sessions")),
    ("setup.people", N_("Organisers")),
    ("mail_texts.index", N_("Mail texts")),
)
ASKING = (
    (Asking.OFF, N_("not asked")),
    (Asking.OPTIONAL, N_("may be answered")),
    (Asking.NEEDED, N_("must be answered")),
)
DAYS = {
    "opens_on": N_("Sign-up opens"),
    "closes_on": N_("Last day of sign-up"),
    "starts_on": N_("Sessions start"),
    "ends_on": N_("Sessions end"),
}


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """A template as a choice."""

    key: str
    name: str
    says: str


@dataclass(frozen=True, kw_only=True)
class QuestionRow:
    """A question, what its answers are for and who reads them; without options: always asked, as it is."""

    name: str
    title: str
    why: str
    who: str
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class MailTextRow:
    """A kind of mail: what it is called, who gets it, by language whether it has own words, and why it is not
    sent now, if it is not."""

    kind: str
    name: str
    who: str
    languages: tuple[tuple[str, str, bool], ...]
    idle: str


def idle(kind: str, policy: Policy) -> str:
    """Why no mail of this kind is sent under this policy; empty where it is."""
    if kind in ("circle_introduction", "circle_changed") and not policy.circles.on:
        return _("Not sent now: this programme has no peers.")
    if kind == "introduction" and not policy.pairs and not policy.circles.of_pairs:
        return _("Not sent now: this programme has no pairs.")
    return ""


def tabs(programme_id: UUID) -> list[tuple[str, str]]:
    """Address and name of each part of the programme."""
    return [(url_for(route, programme_id=programme_id), _(name)) for route, name in PARTS]


def patterns(known: Mapping[str, Template]) -> tuple[Pattern, ...]:
    """The templates in the reader's language."""
    language = current().language
    return tuple(
        Pattern(
            key=key,
            name=one.in_language(one.name, language),
            says=one.in_language(one.says, language),
        )
        for key, one in known.items()
    )


def links(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """Where the summary of what is wrong leads."""
    return [(anchor_of(problem), problem.sentence) for problem in problems]


def about(kept: ProgrammeSetup) -> Form:
    """What stands in the form about the programme."""
    return Form(
        values={
            "name": [kept.name],
            "slug": [kept.slug],
            "about": [kept.about],
            "sign_off": ["yes"] if kept.settings.get("sign_off") else [],
            "version": [str(kept.version)],
        }
    )


def asking(kept: ProgrammeSetup) -> Form:
    """What stands in the form about the questions."""
    present = FormSettings.from_data(kept.form)
    asks = {
        f"ask_{name}": [present.ask.get(name, question.asking).value]
        for name, question in QUESTIONS.items()
        if not question.fixed
    }
    whole = {"all_topics": ["yes"]} if not kept.topics else {}
    seen = {"version": [str(kept.version)]}
    return Form(values={**asks, **whole, **seen, "topics": ["\n".join(kept.topics)]})


def questions(policy: Policy) -> tuple[QuestionRow, ...]:
    """Every question the matching under this policy can use, in the order of the form."""
    used = [question for question in QUESTIONS.values() if question.fits(policy)]
    return tuple(
        QuestionRow(
            name=question.name,
            title=upper_first(_(TITLES[question.name])),
            why=_(_purpose(question.name)[0]),
            who=_(_purpose(question.name)[1]),
            options=() if question.fixed else _options(question.name),
        )
        for question in used
    )


def _purpose(name: str) -> tuple[str, str]:
    return next(((one.why, one.who) for one in PURPOSES if name in one.questions), ("", ""))


def _options(name: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (asking.value, _(words))
        for asking, words in ASKING
        if asking is not Asking.NEEDED or name not in NEVER_NEEDED
    )


def sessions(policy: Policy, seen: int) -> Form:
    """What stands in the form about how people meet; `seen`: the version of the policy."""
    sizes = policy.circles if policy.circles.on and not policy.circles.of_pairs else CircleFormat()
    numbers = {
        "smallest": sizes.smallest,
        "target": sizes.target,
        "largest": sizes.largest,
        "sessions": policy.sessions,
        "session_minutes": policy.session_minutes,
        "every_weeks": policy.every_weeks,
    }
    return Form(
        values={
            **{name: [str(number)] for name, number in numbers.items()},
            "version": [str(seen)],
            "circles": [groups(policy.circles)],
            "pairs": ["yes"] if policy.pairs else [],
            "duties": [", ".join(policy.duties)],
            "pair_duties": ["yes"] if policy.pair_duties else [],
        }
    )


def chosen(counted: Counter[tuple[Role, ...]]) -> tuple[str, ...]:
    """How many people have signed up in each role, in cycles that are not published yet."""
    by_role = {role: sum(many for roles, many in counted.items() if role in roles) for role in Role}
    return tuple(
        ngettext(
            "%(count)s person has signed up as %(role)s.",
            "%(count)s people have signed up as %(role)s.",
            many,
            count=figure(many),
            role=in_words(ROLE_WORDS[role]),
        )
        for role, many in by_role.items()
        if many
    )


def taken_away(counted: Counter[tuple[Role, ...]], gone: Set[Role], left: Collection[Role]) -> str:
    """What it means for people who signed up when these roles are gone; empty where it concerns nobody."""
    touched = sum(many for roles, many in counted.items() if gone & set(roles))
    alone = sum(many for roles, many in counted.items() if not set(roles) & set(left))
    if not touched:
        return ""
    first = ngettext(
        "%(count)s person has signed up as %(roles)s. They keep their answers, but are not matched as that.",
        "%(count)s people have signed up as %(roles)s. They keep their answers, but are not matched as that.",
        touched,
        count=figure(touched),
        roles=listed(in_words(ROLE_WORDS[role]) for role in Role if role in gone),
    )
    if not alone:
        return first
    second = ngettext(
        "%(count)s of them chose nothing else and is not matched at all, unless they choose anew.",
        "%(count)s of them chose nothing else and are not matched at all, unless they choose anew.",
        alone,
        count=figure(alone),
    )
    return f"{first} {second}"


def groups(circles: CircleFormat) -> str:
    """Which groups of peers there are: none, peers (pairs and trios) or circles."""
    if not circles.on:
        return "none"
    return "peers" if circles.of_pairs else "circles"


def plan(name: str, dates: Dates, version: int | None = None) -> Form:
    """What stands in the form about a cycle."""
    days = {field: [getattr(dates, field).isoformat()] for field in FIELDS}
    seen = {"version": [str(version)]} if version is not None else {}
    return Form(values={"name": [name], **days, **seen})


def days() -> list[tuple[str, str]]:
    """Each day of a cycle and what it is called."""
    return [(field, _(DAYS[field])) for field in FIELDS]


def with_office(found: Iterable[RoleHolder], office: str) -> list[RoleHolder]:
    """Those who hold this office."""
    return [one for one in found if one.office == office]
