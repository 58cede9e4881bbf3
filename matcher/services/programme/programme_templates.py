"""The patterns a new programme is made from: a policy, a form and a text about it, ready to be changed."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from uuid import UUID

from sqlalchemy.orm import Session

from matcher.domain.errors import Invalid, NotAllowed, Problem
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.domain.sign_up.form import FORMAT, FormSettings
from matcher.services.programme import programmes
from matcher.services.programme.lists import organises

WHERE = "templates"
ORDER = ("classic", "peer-circles", "buddies", "reverse", "mixed")
SOURCE = "en"


@dataclass(frozen=True, kw_only=True)
class Template:
    """One pattern; name, says and about by language."""

    key: str
    name: Mapping[str, str]
    says: Mapping[str, str]
    about: Mapping[str, str]
    policy: Policy
    form: FormSettings

    def in_language(self, said: Mapping[str, str], language: str) -> str:
        """One of its texts in this language, else in English."""
        return said.get(language, said[SOURCE]).strip()


@cache
def templates() -> Mapping[str, Template]:
    """All patterns by key, in the order in which they are offered."""
    return {key: _read(key) for key in ORDER}


def may_found(session: Session, *, person_id: UUID | None, named: bool) -> bool:
    """Whether somebody may make a programme: the operator, whom the operator `named`, or an organiser."""
    return person_id is None or named or organises(session, person_id)


def found(
    session: Session,
    *,
    template: str,
    name: str,
    slug: str,
    language: str,
    by: UUID,
    named: bool = False,
    now: datetime,
) -> UUID:
    """A programme made from a pattern; `by` organises it. Its id.

    Raises NotAllowed for who may not, Invalid for an unknown pattern, a bad name or a taken address.
    """
    if not may_found(session, person_id=by, named=named):
        raise NotAllowed(say("Only who organises a programme can make another one."))
    pattern = templates().get(template)
    if pattern is None:
        raise Invalid((Problem(pointer="/template", sentence=say("Choose one of these.")),))
    programme_id = programmes.create(session, name=name, slug=slug, policy=pattern.policy, by=by, now=now)
    programmes.set_form(
        session,
        programme_id=programme_id,
        form=pattern.form,
        about=pattern.in_language(pattern.about, language),
        by=by,
        now=now,
    )
    return programme_id


def _read(key: str) -> Template:
    text = files("matcher.services.programme").joinpath(f"{WHERE}/{key}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Template(
        key=key,
        name=data["name"],
        says=data["says"],
        about=data["about"],
        policy=Policy.from_data(data["policy"]),
        form=FormSettings.from_data({FORMAT: data["form"]}),
    )
