"""The mapping file of an import: which column of which file becomes which field of a person's row."""

from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from matcher.domain.errors import Invalid, Problem
from matcher.domain.sentences import say

TEXT_FIELDS = (
    "email",
    "name",
    "function",
    "site",
    "department",
    "grade",
    "zone",
    "manager",
    "capacity",
    "mentors_wanted",
    "most_load",
    "goals",
    "identity_wish",
    "hours",
    "facilitates",
    "experienced",
)
LIST_FIELDS = ("roles", "languages", "topics_offered", "topics_sought", "characteristics")
FIELDS = (*TEXT_FIELDS, *LIST_FIELDS)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Use the field only in rows where this column says this (case ignored)."""

    column: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where one field comes from: columns joined by a blank, or the same value in every row."""

    columns: tuple[str, ...] = ()
    value: str | None = None
    split: str | None = None
    values: MappingOf[str, str] = field(default_factory=lambda: MappingProxyType({}))
    ladder: tuple[str, ...] = ()
    only_if: Condition | None = None
    optional: bool = False

    @property
    def headers(self) -> tuple[str, ...]:
        """Every column it reads."""
        return self.columns + ((self.only_if.column,) if self.only_if else ())


@dataclass(frozen=True, kw_only=True)
class FileMapping:
    """What one file says: the sources of its fields, and the columns left aside on purpose."""

    name: str
    sources: MappingOf[str, Source]
    ignore: tuple[str, ...] = ()
    ignore_unknown: bool = False

    @property
    def expected(self) -> tuple[str, ...]:
        """The headers it must find, in the order of the fields."""
        read = (
            header for source in self.sources.values() if not source.optional for header in source.headers
        )
        return tuple(dict.fromkeys(read))

    @property
    def known(self) -> tuple[str, ...]:
        """The headers it can read or leaves aside."""
        read = (header for source in self.sources.values() for header in source.headers)
        return tuple(dict.fromkeys((*read, *self.ignore)))


@dataclass(frozen=True, kw_only=True)
class ImportMapping:
    """The whole mapping: one entry a file, found by the file's name without its ending."""

    title: str
    files: tuple[FileMapping, ...]

    def of(self, stem: str) -> FileMapping | None:
        """The mapping of the file of that name; the only one there is fits any name."""
        if len(self.files) == 1:
            return self.files[0]
        return next((one for one in self.files if one.name == stem), None)


class ConditionSchema(Schema):
    column = fields.String(required=True)
    says = fields.String(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Condition:
        return Condition(**data)


class SourceSchema(Schema):
    column = fields.String()
    columns = fields.List(fields.String(), validate=validate.Length(min=1, max=5))
    value = fields.String()
    split = fields.String(validate=validate.Length(min=1, max=3))
    values = fields.Dict(keys=fields.String(), values=fields.String())
    ladder = fields.List(fields.String(), validate=validate.Length(min=2, max=50))
    only_if = fields.Nested(ConditionSchema)
    optional = fields.Boolean(load_default=False)

    @validates_schema
    def one_origin(self, data: dict[str, Any], **_: Any) -> None:
        if sum(name in data for name in ("column", "columns", "value")) != 1:
            raise ValidationError(say("Say one of: column, columns, value."))

    @post_load
    def build(self, data: dict[str, Any], **_: Any) -> Source:
        columns = tuple(data.pop("columns", ())) or ((data.pop("column"),) if "column" in data else ())
        data["ladder"] = tuple(data.get("ladder", ()))
        data["values"] = MappingProxyType(dict(data.get("values", {})))
        return Source(columns=columns, **data)


class FileSchema(Schema):
    fields_ = fields.Dict(
        keys=fields.String(
            validate=validate.OneOf(FIELDS, error="“{input}” is not a field. Known: {choices}.")
        ),
        values=fields.Nested(SourceSchema),
        data_key="fields",
        load_default=dict,
    )
    ignore = fields.List(fields.String(), load_default=list)
    ignore_unknown = fields.Boolean(load_default=False)


class MappingSchema(FileSchema):
    version = fields.Integer(required=True, strict=True, validate=validate.OneOf([1]))
    title = fields.String(required=True)
    files = fields.Dict(keys=fields.String(), values=fields.Nested(FileSchema), load_default=dict)


def mapping_from(data: MappingOf[str, Any], *, fixed: MappingOf[str, str] | None = None) -> ImportMapping:
    """Build the mapping from a parsed TOML or JSON file; `fixed` values replace what it says of those fields.

    Raises Invalid listing every fault with its JSON Pointer.
    """
    try:
        loaded: dict[str, Any] = MappingSchema().load(dict(data))
    except ValidationError as error:
        raise Invalid(tuple(_problems(error.messages, ""))) from error
    unknown = sorted(set(fixed or {}) - set(FIELDS))
    if unknown:
        raise Invalid(tuple(Problem(pointer=f"/{name}", sentence=_not_a_field(name)) for name in unknown))
    constants = {name: Source(value=value) for name, value in (fixed or {}).items()}
    parts = loaded["files"] or {"people": {"fields_": {}, "ignore": [], "ignore_unknown": False}}
    files = tuple(_file(name, loaded, part, constants) for name, part in parts.items())
    return ImportMapping(title=loaded["title"], files=files)


def _file(
    name: str, whole: MappingOf[str, Any], part: MappingOf[str, Any], constants: MappingOf[str, Source]
) -> FileMapping:
    sources = {**whole["fields_"], **part["fields_"], **constants}
    missing = [field for field in ("email", "name") if field not in sources]
    if missing:
        raise Invalid(
            tuple(
                Problem(
                    pointer=f"/files/{name}/fields",
                    sentence=say("The field “{field}” is needed.", field=field),
                )
                for field in missing
            )
        )
    return FileMapping(
        name=name,
        sources=MappingProxyType(sources),
        ignore=(*whole["ignore"], *part["ignore"]),
        ignore_unknown=whole["ignore_unknown"] or part["ignore_unknown"],
    )


def _not_a_field(name: str) -> str:
    return say("“{name}” is not a field. Known: {known}.", name=name, known=tuple(FIELDS))


def _problems(messages: Any, pointer: str) -> list[Problem]:
    """marshmallow's nested messages as a flat list of pointers and sentences."""
    if isinstance(messages, dict):
        return [
            problem
            for key, inner in messages.items()
            for problem in _problems(
                inner, pointer if key in {"_schema", "key", "value"} else f"{pointer}/{key}"
            )
        ]
    if isinstance(messages, list):
        return [problem for inner in messages for problem in _problems(inner, pointer)]
    return [Problem(pointer=pointer or "/", sentence=str(messages))]
