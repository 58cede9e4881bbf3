"""What organisers type when they set a programme up."""

from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from matcher.domain.policy.policy import CircleFormat
from matcher.domain.sentences import say
from matcher.domain.sign_up.form import QUESTIONS, Asking
from matcher.schemas.fields import DateField, LineField, MailAddress, OneOf, Prose, WholeNumber, Words, YesNo

ASKING = tuple(asking.value for asking in Asking)
FREE = tuple(name for name, question in QUESTIONS.items() if not question.fixed)
"""Questions a programme decides about."""
GIVE_IT = say("Give the programme a name, for example Mentoring in Finance.")


NOBODY = say("Choose mentors and mentees, peers, or both: people need something to sign up for.")


class NewProgrammeSchema(Schema):
    """A pattern, a name and an address."""

    template = LineField(required=True, most=40, empty=say("Choose one of these."))
    name = LineField(required=True, most=100, empty=GIVE_IT)
    slug = LineField(most=60)


class AboutSchema(Schema):
    """What a programme is called, where it is found and what it says of itself."""

    name = LineField(required=True, most=100, empty=GIVE_IT)
    slug = LineField(most=60)
    about = Prose(most=2_000)
    sign_off = YesNo()
    version = WholeNumber(least=1, most=999_999_999)


class SessionsSchema(Schema):
    """Who meets and how: mentors and mentees, groups of peers, how often, how long, with which duties.

    sure: yes to taking a role away that people signed up for.
    """

    pairs = YesNo()
    sure = YesNo()
    circles = OneOf(("none", "peers", "circles"), required=True)
    smallest = WholeNumber(least=2, most=8)
    target = WholeNumber(least=2, most=8)
    largest = WholeNumber(least=2, most=8)
    sessions = WholeNumber(least=1, most=64, required=True)
    session_minutes = WholeNumber(least=30, most=480, required=True)
    every_weeks = WholeNumber(least=1, most=12, required=True)
    duties = Words(most=5, letters_each=40)
    pair_duties = YesNo()
    version = WholeNumber(least=1, most=999_999_999)

    @validates_schema(skip_on_field_errors=True)
    def _sizes(self, data: dict[str, Any], **_: Any) -> None:
        if data["circles"] == "none" and not data["pairs"]:
            raise ValidationError({"pairs": [NOBODY]})
        if data["circles"] != "circles":
            return
        sizes = [data.get(name) for name in ("smallest", "target", "largest")]
        if None in sizes:
            raise ValidationError({"target": [say("Say how many people a circle has.")]})
        if sizes != sorted(sizes, key=lambda size: size or 0):
            said = say("The smallest comes first, then what you aim for, then the largest.")
            raise ValidationError({"target": [said]})


class PersonSchema(Schema):
    """Somebody's address, and what they are to be."""

    email = MailAddress(required=True)
    office = OneOf(("organiser", "handler"), required=True)


class MailTextSchema(Schema):
    """A programme's own words in one mail."""

    subject = LineField(most=150)
    words = Prose(most=3_000)
    version = WholeNumber(least=0, most=999_999_999)


class PlanSchema(Schema):
    """A cycle's name and its days; those that are settled are not sent."""

    name = LineField(required=True, most=80, empty=say("Give the cycle a name, for example Spring 2027."))
    opens_on = DateField()
    closes_on = DateField()
    starts_on = DateField()
    ends_on = DateField()
    version = WholeNumber(least=1, most=999_999_999)


class LastDaySchema(Schema):
    """Another last day of a cycle."""

    ends_on = DateField(required=True)


class TopicsSchema(Schema):
    """The topics of a programme, and whether it offers the whole list."""

    topics = Words(most=300, letters_each=60)
    all_topics = YesNo()
    version = WholeNumber(least=1, most=999_999_999)


def form_schema() -> Schema:
    """Topics, and for each question of FREE how it is asked, as ask_NAME."""
    asks = {f"ask_{name}": OneOf(ASKING) for name in FREE}
    return TopicsSchema.from_dict({**TopicsSchema._declared_fields, **asks})()


def formats(said: dict[str, Any], present: CircleFormat) -> CircleFormat:
    """The groups of peers that were chosen: none, pairs and trios, or circles of some size."""
    kind = said["circles"]
    if kind == "none":
        return CircleFormat(on=False, history=present.history)
    if kind == "peers":
        return CircleFormat(smallest=2, target=2, largest=3, history=present.history)
    return CircleFormat(
        smallest=said["smallest"], target=said["target"], largest=said["largest"], history=present.history
    )
