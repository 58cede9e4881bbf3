"""Programmes: the standing scheme with its organisers and its versioned policy."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from matcher.domain.access import may_organise
from matcher.domain.errors import Changed, Invalid, NotFound, Problem
from matcher.domain.policy.policy import Policy
from matcher.domain.sentences import say
from matcher.domain.sign_up.form import FormSettings
from matcher.services import audit
from matcher.store.rows import present_policy, standing, to_change
from matcher.store.tables import PersonRow, PolicyVersion, Programme, ProgrammeRole
from matcher.store.types import canonical

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60
SIGNING = 2
TWO_NEEDED = say("A sign-off needs two organisers. Add a second one first.")


def create(
    session: Session,
    *,
    name: str,
    slug: str,
    policy: Policy,
    topics: tuple[str, ...] = (),
    by: UUID | None,
    now: datetime,
    id: UUID | None = None,  # noqa: A002 (chance as an argument)
) -> UUID:
    """A new programme under a policy; `by` becomes its organiser. Raises Invalid: name, slug, slug taken."""
    problems = [*_faults(name, slug)]
    if not problems and session.scalar(select(Programme.id).where(Programme.slug == slug)):
        problems = [
            Problem(pointer="/slug", sentence=say("There is a programme at “{slug}” already.", slug=slug))
        ]
    if problems:
        raise Invalid(tuple(problems))
    programme = Programme(id=id or uuid4(), slug=slug, name=name.strip(), topics=list(topics), created_at=now)
    session.add(programme)
    session.flush()
    _store_policy(session, programme.id, policy, number=1, by=by, now=now)
    audit.append(session, act="programme created", about=programme.id, by=by, now=now, payload={"slug": slug})
    if by is not None:
        add_organiser(session, programme_id=programme.id, person_id=by, by=None, now=now)
    return programme.id


def add_organiser(
    session: Session, *, programme_id: UUID, person_id: UUID, by: UUID | None, now: datetime
) -> None:
    """Let somebody organise the programme; once is enough."""
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    if standing(session, programme_id=programme_id, person_id=person_id).organises:
        return
    session.add(ProgrammeRole(programme_id=programme_id, person_id=person_id, role="organiser", given_at=now))
    about = {"person": str(person_id)}
    audit.append(session, act="organiser added", about=programme_id, by=by, now=now, payload=about)


def add_handler(
    session: Session, *, programme_id: UUID, person_id: UUID, by: UUID | None, now: datetime
) -> None:
    """Let somebody receive requests for help; once is enough."""
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    if standing(session, programme_id=programme_id, person_id=person_id).handles:
        return
    session.add(ProgrammeRole(programme_id=programme_id, person_id=person_id, role="handler", given_at=now))
    about = {"person": str(person_id)}
    audit.append(session, act="handler added", about=programme_id, by=by, now=now, payload=about)


def set_policy(
    session: Session, *, programme_id: UUID, policy: Policy, by: UUID | None, now: datetime
) -> int:
    """Store a new version of the policy; its number. The same policy again keeps the present version."""
    to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    present = present_policy(session, programme_id)
    if present.hash == _hash(policy):
        return present.number
    number = present.number + 1
    _store_policy(session, programme_id, policy, number=number, by=by, now=now)
    audit.append(
        session,
        act="policy set",
        about=programme_id,
        by=by,
        now=now,
        payload={"number": number, "hash": _hash(policy)},
    )
    return number


def set_form(
    session: Session,
    *,
    programme_id: UUID,
    form: FormSettings,
    by: UUID | None,
    now: datetime,
    topics: tuple[str, ...] | None = None,
    about: str | None = None,
    seen: int | None = None,
) -> None:
    """Ask these questions from now on; `topics` (none: the whole list) and `about` where given.

    Who has signed up keeps their answers. Raises NotFound for anybody but an organiser, and Changed where
    `seen`, the version on the page, is no longer the present one.
    """
    row = to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    _still(row, seen)
    row.form = form.to_data()
    if topics is not None:
        row.topics = list(topics)
    if about is not None:
        row.about = about
    row.version += 1
    session.flush()
    audit.append(session, act="form set", about=programme_id, by=by, now=now, payload=form.to_data())


def describe(
    session: Session,
    *,
    programme_id: UUID,
    name: str,
    slug: str,
    about: str,
    settings: Mapping[str, Any],
    seen: int,
    by: UUID | None,
    now: datetime,
) -> None:
    """Another name, address, text or switches (of which those not named stay as they are).

    `seen`: the version that was on the page. Raises Invalid, Changed if somebody was first, NotFound.
    """
    row = to_change(session, Programme, programme_id, "programme")
    require_organiser(session, programme_id, by)
    _still(row, seen)
    problems = [*_faults(name, slug)]
    taken = select(Programme.id).where(Programme.slug == slug, Programme.id != programme_id)
    if settings.get("sign_off") and organisers_left(session, programme_id) < SIGNING:
        problems.append(Problem(pointer="/sign_off", sentence=TWO_NEEDED))
    if not problems and session.scalar(taken):
        said = say("There is a programme at “{slug}” already.", slug=slug)
        problems = [Problem(pointer="/slug", sentence=said)]
    if problems:
        raise Invalid(tuple(problems))
    row.name, row.slug, row.about = name.strip(), slug, about
    row.settings = {**row.settings, **settings}
    row.version += 1
    session.flush()
    payload = {"slug": slug, **settings}
    audit.append(session, act="programme changed", about=programme_id, by=by, now=now, payload=payload)


def organisers_left(session: Session, programme_id: UUID, *, without: UUID | None = None) -> int:
    """How many organisers could act: whoever's account has ended cannot. `without`: as if they had gone."""
    held = select(func.count(ProgrammeRole.id)).join(PersonRow, PersonRow.id == ProgrammeRole.person_id)
    held = held.where(
        ProgrammeRole.programme_id == programme_id, ProgrammeRole.role == "organiser", PersonRow.active
    )
    if without is not None:
        held = held.where(PersonRow.id != without)
    return session.scalar(held) or 0


def policy_of(session: Session, programme_id: UUID) -> Policy:
    """The present policy. Raises NotFound."""
    return Policy.from_data(present_policy(session, programme_id).data)


def short(name: str) -> str:
    """An address made from a name: its letters and digits in ASCII, with hyphens between the words."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST_SLUG].strip("-") or "mentoring"


def by_slug(session: Session, slug: str) -> UUID:
    """The programme at this address. Raises NotFound."""
    programme_id = session.scalar(select(Programme.id).where(Programme.slug == slug))
    if programme_id is None:
        raise NotFound(say("There is no such programme."))
    return programme_id


def require_organiser(session: Session, programme_id: UUID, by: UUID | None) -> None:
    """Raises NotFound for anybody else: who may not see a programme's workshop is not told that it exists."""
    if not may_organise(standing(session, programme_id=programme_id, person_id=by)):
        raise NotFound(say("There is no such page for you."))


def _still(row: Programme, seen: int | None) -> None:
    """Raises Changed when the programme is no longer as it was on the page."""
    if seen is not None and row.version != seen:
        raise Changed(say("“{name}” was changed by somebody else meanwhile. Look at it anew.", name=row.name))


def _store_policy(
    session: Session, programme_id: UUID, policy: Policy, *, number: int, by: UUID | None, now: datetime
) -> None:
    session.add(
        PolicyVersion(
            programme_id=programme_id,
            number=number,
            data=policy.to_data(),
            hash=_hash(policy),
            created_at=now,
            created_by=by,
        )
    )
    session.flush()


def _hash(policy: Policy) -> str:
    return hashlib.sha256(canonical(policy.to_data()).encode()).hexdigest()


def _faults(name: str, slug: str) -> list[Problem]:
    problems = []
    if not 1 <= len(name.strip()) <= 200:
        problems.append(Problem(pointer="/name", sentence=say("Enter a name of 1 to 200 characters.")))
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        said = say(
            "“{slug}” cannot be an address. Use a to z, 0 to 9 and single hyphens, at most {longest_slug}.",
            slug=slug,
            longest_slug=LONGEST_SLUG,
        )
        problems.append(Problem(pointer="/slug", sentence=said, value=slug))
    return problems
