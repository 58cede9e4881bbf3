"""The sign-up form as it stands before anything is typed: what we know already, and what can be chosen."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from matcher.domain.people import Answers, Person
from matcher.schemas.enrolment import LEAST_HALF_HOURS
from matcher.schemas.fields import zone_names
from web.forms import Form, anchor_of
from web.pages import week

ROLES = (
    ("mentor", "Mentor", "You share what you know, about an hour every other week."),
    ("mentee", "Mentee", "You meet somebody who has been where you are going."),
    ("peer", "Peer", "You meet four or five others in a circle, as equals."),
)
LANGUAGES = ("English", "German", "French", "Spanish", "Portuguese", "Italian", "Polish", "Hindi", "Mandarin")
GRADES = (("", "I would rather not say"), *((str(step), str(step)) for step in range(13)))


def stored(person: Person, answers: Answers | None, addresses: Mapping[UUID, str], monday: date) -> Form:
    """The form filled with what the person has said so far; hours in their own time."""
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
        "duties_declined": list(answers.duties_declined),
        "experienced": ["yes"] if answers.experienced else [],
        "most_load": [] if answers.most_load is None else [str(answers.most_load)],
    }


def options(
    form: Form, *, topics: Iterable[str], duties: Iterable[str], used: Mapping[str, tuple[str, ...]]
) -> dict[str, Any]:
    """Everything the template offers to choose from, own words of earlier included."""
    hours = form.values.get("hours", ())
    early, late = week.rows(hours, week.EARLY), week.rows(hours, week.LATE)
    return {
        "roles": ROLES,
        "offered": both(topics, form.values.get("topics_offered", ())),
        "sought": both(topics, form.values.get("topics_sought", ())),
        "languages": both(LANGUAGES, form.values.get("languages", ())),
        "grades": GRADES,
        "zones": zone_names(),
        "duties": both(duties, form.values.get("duties_declined", ())),
        "used": used,
        "week": week.rows(hours, week.USUAL),
        "early": early,
        "late": late,
        "early_or_late_chosen": any(box.chosen for row in (*early, *late) for box in row.boxes),
        "links": [(anchor_of(problem), problem.sentence) for problem in form.problems],
        "least_hours": LEAST_HALF_HOURS // 2,
    }


def both(offered: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
    """What is offered, then own words that are not among it; equals by case once."""
    words: dict[str, str] = {}
    for word in (*offered, *own):
        words.setdefault(word.casefold(), word)
    return tuple(words.values())


def monday_of(start: date) -> date:
    """The Monday of the week in which the cycle starts: the clocks as they stand then."""
    return start - timedelta(days=start.weekday())
