"""A cycle as organisers plan it: its name and its four dates."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, post_load, validates_schema

from matcher.domain.dates import ORDER
from matcher.domain.sentences import say
from matcher.schemas.fields import DateField, LineField, OpaqueId


@dataclass(frozen=True, kw_only=True)
class NewCycle:
    """A cycle not yet made: opens_on <= closes_on <= starts_on <= ends_on."""

    name: str
    opens_on: date
    closes_on: date
    starts_on: date
    ends_on: date


class NewCycleSchema(Schema):
    """Name and dates of a new cycle; the dates must follow one another."""

    name = LineField(required=True, most=80, empty=say("Give the cycle a name, for example Spring 2027."))
    opens_on = DateField(required=True)
    closes_on = DateField(required=True)
    starts_on = DateField(required=True)
    ends_on = DateField(required=True)

    @validates_schema(skip_on_field_errors=False)
    def _in_order(self, data: dict[str, Any], **_: Any) -> None:
        wrong = {
            later: [sentence]
            for earlier, later, sentence in ORDER
            if earlier in data and later in data and data[later] < data[earlier]
        }
        if wrong:
            raise ValidationError(wrong)

    @post_load
    def _value(self, data: dict[str, Any], **_: Any) -> NewCycle:
        return NewCycle(**data)


class PublishSchema(Schema):
    """The draft an organiser saw, by its hash: what is published is what was reviewed."""

    seen_hash = LineField(required=True, most=128, empty=say("Open the draft again before you publish it."))
    nonce = OpaqueId()
