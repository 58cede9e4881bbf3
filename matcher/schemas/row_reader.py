"""Rows of a large file, read quickly: a cell that says what an earlier cell said is not examined again."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from matcher.domain.people import Role
from matcher.schemas.import_rows import ImportedPerson, RowSchema

Text = str | list[str]


class RowReader:
    """Reads row after row as RowSchema does, and remembers every cell that was right. offered: as there."""

    def __init__(self, offered: tuple[Role, ...] = tuple(Role)) -> None:
        self._schema = RowSchema(offered)
        self._known: dict[tuple[str, str | tuple[str, ...]], Any] = {}

    def read(self, row: Mapping[str, Text]) -> ImportedPerson:
        """The person of a row. Raises marshmallow's ValidationError, as RowSchema.load does."""
        try:
            data = {name: self._cell(name, text) for name, text in row.items()}
            if not {"email", "name"} <= data.keys():
                raise ValidationError("needed")
            self._schema.own_manager(data)
        except (ValidationError, KeyError):
            # Something is wrong: the schema itself says what, all of it at once.
            loaded: ImportedPerson = self._schema.load(dict(row))
            return loaded
        return ImportedPerson(**data)

    def _cell(self, name: str, text: Text) -> Any:
        key = (name, text if isinstance(text, str) else tuple(text))
        if key not in self._known:
            self._known[key] = self._schema.fields[name].deserialize(text)
        return self._known[key]
