"""Check-ins, partings and requests for help, as forms send them."""

from typing import Any
from uuid import UUID

from marshmallow import Schema, ValidationError, post_load

from matcher.domain.during.check_in import Met, RoundAnswer
from matcher.domain.during.parting import Afterwards
from matcher.domain.sentences import say
from matcher.schemas.fields import OneOf, OpaqueId, Prose, WholeNumber, Words

MOST_TEXT = 2_000
MOST_STORED = 4_000
"""Characters a column takes: letters with their marks and joiners."""


class Told(Prose):
    """Something told in confidence, at most 2,000 letters; `empty` is the sentence where nothing is said."""

    def __init__(self, *, empty: str = "", **kwargs: Any) -> None:
        super().__init__(most=MOST_TEXT, **kwargs)
        self.empty = empty

    def read(self, value: Any) -> str:
        text = super().read(value)
        if len(text) > MOST_STORED:
            raise ValidationError(say("That is too long with all its marks. Write it more plainly."))
        if not text and self.empty:
            raise ValidationError(self.empty)
        return text


class CheckInSchema(Schema):
    """The three questions."""

    met = OneOf(
        tuple(Met),
        required=True,
        error_messages={"required": say("Choose the answer that fits best."), "null": say("Choose one.")},
    )
    helpful = WholeNumber(least=1, most=5, required=True)
    comment = Told(load_default="")

    @post_load
    def answer(self, data: dict[str, Any], **_: Any) -> RoundAnswer:
        return RoundAnswer(met=Met(data["met"]), helpful=data["helpful"], comment=data["comment"])


class PartingSchema(Schema):
    """What somebody would like afterwards."""

    afterwards = OneOf(
        tuple(Afterwards),
        required=True,
        error_messages={"required": say("Choose what you would like now."), "null": say("Choose one.")},
    )

    @post_load
    def chosen(self, data: dict[str, Any], **_: Any) -> Afterwards:
        return Afterwards(data["afterwards"])


NOTHING_SAID = say("Write a few words, so that somebody can help you.")


class ReplySchema(Schema):
    """One message of a thread."""

    text = Told(
        required=True, empty=NOTHING_SAID, error_messages={"required": NOTHING_SAID, "null": NOTHING_SAID}
    )


class HelpSchema(ReplySchema):
    """A request for help: to whom, about whom if about anybody, and what."""

    handler = OpaqueId(required=True, error_messages={"required": say("Choose whom you would like to ask.")})
    about = Words(most=60, letters_each=36, load_default=())

    @post_load
    def ids(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        one = OpaqueId()
        try:
            about = tuple(one.read(each) for each in data["about"])
        except ValidationError as error:
            raise ValidationError({"about": error.messages}) from None
        return {**data, "about": about}


class BlockSchema(Schema):
    """Whom somebody shall not meet again."""

    other = OpaqueId(required=True)

    @post_load
    def who(self, data: dict[str, UUID], **_: Any) -> UUID:
        return data["other"]
