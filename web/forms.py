"""From a form to a schema's input and back: blanks become missing, lists stay lists, nothing is lost."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema
from werkzeug.datastructures import MultiDict

from matcher.domain.errors import Problem
from matcher.schemas.enrolment import Addresses, RolesField, WeekGridField
from matcher.schemas.fields import WholeNumber, Words, YesNo

WHOLE = re.compile(r"-?[0-9]{1,9}", re.ASCII)
OURS = frozenset({"csrf_token"})
LISTS = (RolesField, WeekGridField, Words)


@dataclass(frozen=True, kw_only=True)
class Form:
    """What stands in a form now, field by field, and what is wrong with it."""

    values: Mapping[str, list[str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def one(self, name: str, otherwise: str = "") -> str:
        """What stands in a field with one value."""
        return next(iter(self.values.get(name, ())), otherwise)

    def has(self, name: str, value: str) -> bool:
        """Whether a choice is ticked."""
        return value in self.values.get(name, ())

    def wrong(self, name: str) -> tuple[str, ...]:
        """The sentences about one field, those about its own words included."""
        steps = {name, f"{name}_own"}
        return tuple(p.sentence for p in self.problems if p.pointer.split("/")[1:2] and field_of(p) in steps)

    @property
    def general(self) -> tuple[str, ...]:
        """Sentences about the whole form."""
        return tuple(p.sentence for p in self.problems if not p.pointer)


def field_of(problem: Problem) -> str:
    """The name of the field a problem points at."""
    return problem.pointer.split("/")[1] if problem.pointer else ""


def anchor_of(problem: Problem) -> str:
    """Where the summary's link leads: the field itself, also for its own words."""
    return field_of(problem).removesuffix("_own")


def filled(form: MultiDict[str, str], problems: tuple[Problem, ...] = ()) -> Form:
    """The form as it was sent."""
    return Form(values={name: list(values) for name, values in form.lists()}, problems=problems)


def schema_input(form: MultiDict[str, str], schema: Schema) -> dict[str, Any]:
    """What the schema reads. Fields it does not know are passed on, so that it refuses them."""
    sent = {name: form.getlist(name) for name in form if name not in OURS}
    known = {
        name: read(schema.fields[name], values) for name, values in sent.items() if name in schema.fields
    }
    unknown = {name: values for name, values in sent.items() if name not in schema.fields}
    unticked = {name: False for name, kind in schema.fields.items() if isinstance(kind, YesNo)}
    return {**unticked, **{name: value for name, value in known.items() if value is not None}, **unknown}


def read(kind: object, values: list[str]) -> Any:
    """One field's values as its schema wants them; None for a blank."""
    if isinstance(kind, Addresses):
        return [line for line in re.split(r"[\n,;]", "\n".join(values)) if line.strip()]
    if isinstance(kind, LISTS):
        return [part for value in values for part in value.split(",") if part.strip()]
    if isinstance(kind, YesNo):
        return values[-1] == "yes"
    text = values[-1].strip()
    if isinstance(kind, WholeNumber) and WHOLE.fullmatch(text):
        return int(text)
    return values[-1] if text else None
