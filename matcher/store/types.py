"""Column types that mean the same on SQLite's STRICT tables and on PostgreSQL."""
# ruff: noqa: ARG002 (the signatures are those of SQLAlchemy)

import json
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Dialect, Integer, Text, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from matcher.domain.sentences import TranslatableText, from_data, is_data


def _sqlite(dialect: Dialect) -> bool:
    return dialect.name == "sqlite"


class Id(TypeDecorator[UUID]):
    """A UUID; on SQLite its 36 characters."""

    impl = Uuid
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _sqlite(dialect) else Uuid())

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> Any:
        return str(value) if value is not None and _sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> UUID | None:
        return UUID(value) if isinstance(value, str) else value


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC to the microsecond; a naive one is refused on the way in."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _sqlite(dialect) else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; expected an aware time.")
        return _as_text(value) if _sqlite(dialect) else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


@lru_cache(maxsize=8)
def _as_text(value: datetime) -> str:
    """One width for all, so that texts sort as times do. All rows of one act tell the same moment."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")


class DateColumn(TypeDecorator[date]):
    """A date, on SQLite as YYYY-MM-DD."""

    impl = Date
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Text() if _sqlite(dialect) else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        return value.isoformat() if value is not None and _sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Flag(TypeDecorator[bool]):
    """True or false, on SQLite 1 or 0."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if _sqlite(dialect) else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:
        return int(value) if value is not None and _sqlite(dialect) else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:
        return None if value is None else bool(value)


class Big(TypeDecorator[int]):
    """A whole number of up to 63 bits."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Integer() if _sqlite(dialect) else BigInteger())


class Data(TypeDecorator[Any]):
    """JSON as canonical text: keys sorted, no blanks, so that equal data are equal texts and equal hashes.

    Sentences keep their pattern and values, so that they can be read in another language.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else canonical(_kept(value))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return None if value is None else _DECODER.decode(value)


class Sentence(TypeDecorator[str]):
    """One sentence as text, with its pattern and values if it has them."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return canonical(value.to_data()) if isinstance(value, TranslatableText) else value

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        # The keys are sorted: nothing but a sentence of ours begins like this.
        return from_data(json.loads(value)) if value and value.startswith('{"say":') else value


def canonical(value: Any) -> str:
    """The one JSON text of a value; sentences count as what they read in English, whatever made them."""
    return _ENCODER.encode(value)


def _kept(value: Any) -> Any:
    if isinstance(value, TranslatableText):
        return value.to_data()
    if isinstance(value, dict):
        return {name: each if type(each) in _AS_THEY_ARE else _kept(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [each if type(each) in _AS_THEY_ARE else _kept(each) for each in value]
    return value


def _read(found: dict[str, Any]) -> Any:
    return from_data(found) if is_data(found) else found


_AS_THEY_ARE = {str, int, bool, float, type(None)}
"""Looked at where they stand: a call for each would take most of the time."""
# Made once: a column of thousands of rows would make one for each.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
_DECODER = json.JSONDecoder(object_hook=_read)
