"""The sign-up form: what we know already, what can be chosen, what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from matcher.domain.people import ROLE_WORDS, Answers, Person, Role, key
from matcher.domain.policy.policy import Policy
from matcher.domain.sign_up.form import QUESTIONS, AskedQuestions
from matcher.schemas.enrolment import LEAST_HALF_HOURS
from matcher.schemas.fields import zone_names
from matcher.services.programme.topics import TopicGroup
from web.forms import Form, anchor_of
from web.language import N_, _, current, in_words
from web.parts import week
from web.parts.words import listed, number

ROLES = (
    ("mentor", N_("Mentor"), N_("You share what you know, about an hour every other week.")),
    ("mentee", N_("Mentee"), N_("You meet somebody who has been where you are going.")),
    ("peer", N_("Peer"), N_("You meet %(least)s to %(most)s others in a circle, as equals.")),
)
LANGUAGES = (
    N_("English"),
    N_("German"),
    N_("French"),
    N_("Spanish"),
    N_("Portuguese"),
    N_("Italian"),
    N_("Polish"),
    N_("Turkish"),
    N_("Hindi"),
    N_("Mandarin"),
)
HIGHEST_GRADE = 12
GRADE_WISHES = (
    ("", N_("any level is welcome")),
    ("near", N_("one or two steps ahead of me")),
    ("far", N_("three steps ahead of me or more")),
    ("same", N_("on my own level")),
    ("below", N_("earlier on the ladder than I am")),
)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice: what is sent, what is read, whether it is ticked."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class OptionGroup:
    """Choices under one heading; open where something is ticked."""

    title: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)


def stored(
    person: Person,
    answers: Answers | None,
    addresses: Mapping[UUID, str],
    monday: date,
    roles: tuple[Role, ...],
) -> Form:
    """The form filled with what the person has said so far; hours in their own time. Of roles only those the
    programme has; where there is one, it is theirs."""
    values: dict[str, list[str]] = {
        "name": [person.name],
        "function": [person.function],
        "department": [person.department],
        "site": [person.site],
        "grade": [] if person.grade is None else [str(person.grade)],
        "zone": [person.zone],
        "languages": list(person.languages),
        "capacity": ["1"],
        "mentors_wanted": ["1"],
    }
    if answers is not None:
        values |= said(answers, addresses)
        values["hours"] = week.spans(answers.week.local(person.zone, monday))
    offered = [role.value for role in roles]
    values["roles"] = [role for role in values.get("roles", ()) if role in offered]
    if len(offered) == 1:
        values["roles"] = offered
    return Form(values=values)


def said(answers: Answers, addresses: Mapping[UUID, str]) -> dict[str, list[str]]:
    """Stored answers as the form's values."""
    return {
        "roles": [role.value for role in answers.roles],
        "capacity": [str(answers.capacity)],
        "mentors_wanted": [str(answers.mentors_wanted)],
        "topics_offered": list(answers.topics_offered),
        "topics_sought": list(answers.topics_sought),
        "goals": [answers.goals],
        "wishes": [addresses[person] for person in answers.wishes if person in addresses],
        "not_with": [addresses[person] for person in answers.not_with if person in addresses],
        "characteristics": [", ".join(answers.characteristics)] if answers.characteristics else [],
        "identity_wish": [answers.identity_wish],
        "identity_consent": ["yes"] if answers.identity_wish or answers.characteristics else [],
        "duties_declined": list(answers.duties_declined),
        "experienced": ["yes"] if answers.experienced else [],
        "most_load": [] if answers.most_load is None else [str(answers.most_load)],
        "grade_wish": [answers.grade_wish],
    }


def roles_of(policy: Policy) -> tuple[tuple[str, str, str], ...]:
    """The roles there are: what is sent, the name, and what it means here."""
    sizes = {"least": number(policy.circles.smallest - 1), "most": number(policy.circles.largest - 1)}
    in_pairs = _("You meet one or two others, as equals.")
    return tuple(
        (value, _(name), in_pairs if value == "peer" and policy.circles.of_pairs else _(says, **sizes))
        for value, name, says in ROLES
        if value in set(policy.roles)
    )


def options(
    form: Form,
    *,
    policy: Policy,
    topics: tuple[TopicGroup, ...],
    duties: Iterable[str],
    used: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    """Everything the template offers to choose from, own words of earlier included."""
    hours = form.values.get("hours", ())
    early, late = week.rows(hours, week.EARLY), week.rows(hours, week.LATE)
    return {
        "roles": roles_of(policy),
        "offered": topic_options(topics, form.values.get("topics_offered", ())),
        "sought": topic_options(topics, form.values.get("topics_sought", ())),
        "languages_offered": _ticked(LANGUAGES, form.values.get("languages", ())),
        "grades": _grades(form.one("grade")),
        "grade_wishes": tuple((value, _(words)) for value, words in GRADE_WISHES),
        "zones": zone_names(),
        "duties": _ticked(duties, form.values.get("duties_declined", ())),
        "used": used,
        "week": week.rows(hours, week.USUAL),
        "early": early,
        "late": late,
        "early_or_late_chosen": any(box.chosen for row in (*early, *late) for box in row.boxes),
        "links": [(anchor_of(problem), problem.sentence) for problem in form.problems],
        "least_hours": LEAST_HALF_HOURS // 2,
    }


def lost(roles: tuple[Role, ...]) -> str:
    """What to tell somebody who signed up for roles that are gone."""
    if not roles:
        return ""
    return _(
        "You signed up as %(roles)s. This programme does not have that any more, so nobody is found for you "
        "in it. Look at what you can choose now, and send the form again.",
        roles=listed(in_words(ROLE_WORDS[role]) for role in roles),
    )


def topic_options(groups: tuple[TopicGroup, ...], chosen: Iterable[str]) -> tuple[OptionGroup, ...]:
    """The topics in their groups, in the reader's language; own words in a group of their own."""
    language = current().language
    ticked = {key(word): word for word in chosen}
    shown = []
    for group in groups:
        heading = group.title.in_language(language) if group.title else _("Topics of this programme")
        options = tuple(
            Option(value=one.name, label=one.in_language(language), chosen=key(one.name) in ticked)
            for one in group.topics
        )
        shown.append(OptionGroup(title=heading, options=options))
    listed = {key(option.value) for group in shown for option in group.options}
    own = tuple(
        Option(value=word, label=word, chosen=True) for at, word in ticked.items() if at not in listed
    )
    return (OptionGroup(title=_("Your own topics"), options=own), *shown) if own else tuple(shown)


def _ticked(offered: Iterable[str], chosen: Iterable[str]) -> tuple[Option, ...]:
    """What is offered, then own words that are not among it; equals by case once."""
    ticked = {key(word): word for word in chosen}
    words = {key(word): word for word in offered}
    for at, word in ticked.items():
        words.setdefault(at, word)
    return tuple(Option(value=word, label=_(word), chosen=at in ticked) for at, word in words.items())


def _grades(mine: str) -> tuple[tuple[str, str], ...]:
    """The usual steps, and the person's own where their ladder is longer."""
    steps = [str(step) for step in range(HIGHEST_GRADE + 1)]
    more = [mine] if mine and mine not in steps else []
    return (("", _("I would rather not say")), *((step, step) for step in (*steps, *more)))


@dataclass(frozen=True, kw_only=True)
class SoFar:
    """How far the form is: needed answers that are there, of how many, and the fields still to fill in."""

    done: int
    of: int
    missing: tuple[str, ...]


def so_far(form: Form, asked: AskedQuestions) -> SoFar:
    """What a programme that asks these questions still needs."""
    wanted = tuple(_needed(form, asked))
    missing = tuple(name for name in wanted if not _filled(form, name))
    return SoFar(done=len(wanted) - len(missing), of=len(wanted), missing=missing)


def _needed(form: Form, asked: AskedQuestions) -> Iterable[str]:
    for question in asked.asking:
        if question == "topics":
            chosen = [Role(role) for role in form.values.get("roles", ()) if role in set(Role)]
            yield from asked.topics_of(chosen)
        elif asked.needs(question):
            yield QUESTIONS[question].fields[0]


def _filled(form: Form, name: str) -> bool:
    if name == "hours":
        minutes = [value.rsplit("-", 1)[-1] for value in form.values.get(name, ())]
        return sum(int(one) for one in minutes if one in {"30", "60"}) >= 30 * LEAST_HALF_HOURS
    return any(text.strip() for at in (name, f"{name}_own") for text in form.values.get(at, ()))


def monday_of(start: date) -> date:
    """The Monday of the week in which the cycle starts: the clocks as they stand then."""
    return start - timedelta(days=start.weekday())
