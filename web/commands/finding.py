"""Which cycle, mapping or policy a word on the command line means."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from matcher.domain.errors import NotFound
from matcher.domain.policy.policy import Policy
from matcher.schemas.mapping import ImportMapping, mapping_from
from matcher.schemas.settings_file import read_settings
from matcher.services.cycle import lists as cycle_lists
from matcher.services.cycle.lists import CycleLine

OURS = files("matcher.services.imports").joinpath("mappings")


def mapping_named(word: str, fixed: Mapping[str, str]) -> ImportMapping:
    """The mapping in that file (TOML or JSON), or the one of ours with that name. Raises Invalid."""
    return mapping_from(_data(word, ".toml", "mapping"), fixed=fixed)


def policy_named(word: str) -> Policy:
    """The policy in that file (JSON or TOML), or the one of ours with that name. Raises Invalid."""
    return Policy.from_data(_data(word, ".json", "policy"))


def fixed_values(pairs: Sequence[str]) -> dict[str, str]:
    """FIELD=VALUE pairs as a table."""
    split = [pair.partition("=") for pair in pairs]
    wrong = [pair for pair, (_, sign, _) in zip(pairs, split, strict=True) if not sign]
    if wrong:
        raise click.UsageError(f"“{wrong[0]}” is not of the form FIELD=VALUE, as in capacity=2.")
    return {field: value for field, _, value in split}


def cycle_of(session: Session, slug: str) -> CycleLine:
    """The present cycle of the programme of that short name. Raises NotFound, naming those there are."""
    programme = cycle_lists.programme(session, slug)
    if programme is not None and programme.cycle is not None:
        return programme.cycle
    known = ", ".join(one.slug for one in cycle_lists.shown_programmes(session) if one.cycle) or "none yet"
    raise NotFound(f"There is no programme “{slug}” with a cycle. Known: {known}. `matcher start` makes one.")


def _data(word: str, ending: str, kind: str) -> dict[str, Any]:
    path = Path(word)
    ours = OURS.joinpath(f"{word}{ending}")
    if path.is_file():
        data, name = path.read_bytes(), word
    elif path.name == word and ours.is_file():
        data, name = ours.read_bytes(), ours.name
    else:
        known = sorted(Path(one.name).stem for one in OURS.iterdir() if one.name.endswith(ending))
        raise click.ClickException(
            f"There is no {kind} file “{word}”. Give a path, or one of ours: {', '.join(known)}."
        )
    return read_settings(data, name=name)
