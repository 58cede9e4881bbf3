"""Every page of the site: made from its own map of addresses, so that none can be forgotten.

Who adds a page whose address has a new part in it says in `Setting.of` where its value comes from.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from matcher.domain.lifecycle import CycleState, PairState
from matcher.domain.policy.policy import Policy
from matcher.domain.sign_up.form_draft import Typed
from matcher.mail import folder
from matcher.services.account import sign_in
from matcher.services.cycle import cycles
from matcher.services.imports import uploads
from matcher.services.imports.files import SourceFile
from matcher.services.programme import programmes
from matcher.services.sign_up import form_drafts
from matcher.store.participant_tables import CheckIn, CheckInInvitation, Escalation, EscalationMessage
from matcher.store.rows import present_policy
from matcher.store.tables import (
    CircleMember,
    Cycle,
    Draft,
    Pair,
    Programme,
    ProgrammeRole,
    Publication,
    WaitlistRow,
)

NOT_PAGES = {
    "static": "files",
    "home.healthz": "for a machine",
    "home.readyz": "for a machine",
    "development.letter_html": "a mail as it is, framed by development.letter",
    "forecast.chances": "a part of a page, fetched once the rest is there",
    "forecast.demand": "a part of a page, fetched once the rest is there",
    "overview.run": "a part of a page, fetched while a run goes on",
    "runs.live": "a part of a page, fetched while runs go on",
    "my_group.invitation": "a file for a calendar",
    "feed.series": "a file for a calendar",
    "log.table": "a spreadsheet",
    "fairness.page": "a file that stands alone",
    "fairness.xlsx": "a workbook",
    "fairness.problem": "a file for the check",
    "fairness.plan": "a file for the check",
    "mails.live": "a part of a page, fetched while mails leave",
    "people.download": "a spreadsheet",
    "imports.template": "a spreadsheet",
    "imports.problems": "a spreadsheet",
    "earlier_pairs.template": "a spreadsheet",
    "earlier_pairs.problems": "a spreadsheet",
}
"""Addresses that answer GET with something else than a page of ours."""

VISITORS = (
    ("/organise", "organiser"),
    ("/handle", "handler"),
    ("/sign-in", "nobody"),
    ("/check-in", "nobody"),
)
MINUTES = 24 * 60


@dataclass(frozen=True, kw_only=True)
class Place:
    """One page, and as whom one looks at it: nobody, participant, unlucky, organiser or handler."""

    name: str
    path: str
    visitor: str


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Who visits, and the value of each part of an address."""

    people: Mapping[str, UUID]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, session: Session, now: datetime, *, mails: Path | None = None) -> "Setting":
        """What to look at in a database with a published cycle; adds what such a cycle may lack."""
        cycle = session.scalars(
            select(Cycle).join(Publication, Publication.cycle_id == Cycle.id).order_by(Cycle.number.desc())
        ).first()
        assert cycle is not None, "There is no published cycle to look at."
        programme = session.get_one(Programme, cycle.programme_id)
        pair = session.scalars(
            select(Pair)
            .where(Pair.cycle_id == cycle.id, Pair.state == PairState.ACTIVE.value)
            .order_by(Pair.mentee_id.in_(select(CircleMember.person_id)).desc(), Pair.id)
        ).first()
        assert pair is not None, "There is no pair to look at."
        roles = session.scalars(select(ProgrammeRole).where(ProgrammeRole.programme_id == programme.id)).all()
        organiser = next(role.person_id for role in roles if role.role == "organiser")
        handler = next((role.person_id for role in roles if role.role == "handler"), None)
        if handler is None:
            handler = session.scalars(select(Pair.mentor_id).where(Pair.mentor_id != pair.mentor_id)).first()
            assert handler is not None, "There is nobody who could be asked for help."
            programmes.add_handler(session, programme_id=programme.id, person_id=handler, by=None, now=now)
        unlucky = session.scalars(
            select(WaitlistRow.person_id).where(WaitlistRow.cycle_id == cycle.id)
        ).first()
        letters = folder.letters(mails) if mails is not None else ()
        open_slug = _an_open_cycle(session, programme, now)
        _a_begun_form(session, open_slug, unlucky or pair.mentee_id, now)
        return cls(
            people={
                "participant": pair.mentee_id,
                "organiser": organiser,
                "handler": handler,
                **({"unlucky": unlucky} if unlucky else {}),
            },
            values={
                "slug": programme.slug,
                "programme_id": programme.id,
                "kind": "introduction",
                "locale": "en",
                "cycle_id": cycle.id,
                "draft_id": session.scalars(select(Draft.id).where(Draft.cycle_id == cycle.id)).first(),
                "group_id": pair.id,
                "person_id": pair.mentee_id,
                "case_id": _a_case(session, programme.id, pair.mentee_id, handler, now),
                "check_in.form": {"token": _a_check_in(session, cycle.id, pair.mentee_id, now)},
                "account.link": {
                    "token": sign_in.give(session, person_id=organiser, now=now, minutes=MINUTES)
                },
                "sign_up.form": {"slug": open_slug},
                "sign_up.summary": {"slug": open_slug},
                "upload_id": _files(
                    session, cycle.id, organiser, b"email,name,band\na@example.org,A,Owl\n", now
                ),
                "imports.check": {
                    "upload_id": _files(session, cycle.id, organiser, b"email,name\na,\n", now)
                },
                "earlier_pairs.check": {
                    "upload_id": _files(
                        session, cycle.id, organiser, b"mentor_email,mentee_email\na,b\n", now
                    )
                },
                "letter_id": letters[0].id if letters else None,
            },
        )

    def part(self, endpoint: str, name: str) -> Any:
        """The value of one part of an address of this endpoint."""
        own = self.values.get(endpoint, {})
        found = own.get(name, self.values.get(name))
        if found is None:
            raise LookupError(
                f"{endpoint}: no value for {name}; say in tests/web/places.py where it is found."
            )
        return found


def places(app: Flask, setting: Setting) -> tuple[Place, ...]:
    """All pages, each once, and a few twice: as somebody else sees them."""
    return (*_mapped(app, setting), *_more(setting))


def _mapped(app: Flask, setting: Setting) -> Iterator[Place]:
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in NOT_PAGES:
            continue
        values = {name: setting.part(rule.endpoint, name) for name in sorted(rule.arguments)}
        path = app.url_map.bind("localhost").build(rule.endpoint, values)
        visitor = next((who for start, who in VISITORS if rule.rule.startswith(start)), "participant")
        if rule.endpoint == "sign_up.summary" and "unlucky" in setting.people:
            visitor = "unlucky"
        yield Place(name=rule.endpoint.replace(".", "-"), path=path, visitor=visitor)


def _more(setting: Setting) -> Iterator[Place]:
    slug = setting.values["slug"]
    yield Place(name="home-nobody", path="/", visitor="nobody")
    yield Place(name="cycle-nobody", path=f"/c/{slug}", visitor="nobody")
    yield Place(name="error-404", path="/no-such-page", visitor="nobody")
    yield Place(name="error-410", path="/sign-in/this-link-was-used", visitor="nobody")
    yield Place(name="my-data-organiser", path="/my-data", visitor="organiser")
    if "unlucky" in setting.people:
        yield Place(name="unmatched", path=f"/c/{slug}/my-match", visitor="unlucky")


def _a_case(session: Session, programme_id: UUID, asker: UUID, handler: UUID, now: datetime) -> UUID:
    """A request for help; of the two who may read it, both pages are looked at."""
    theirs = (Escalation.asked_by == asker) & (Escalation.handler_id == handler)
    found = session.scalars(select(Escalation.id).where(theirs)).first()
    if found is not None:
        return found
    case_id = uuid4()
    session.add(
        Escalation(
            id=case_id,
            programme_id=programme_id,
            asked_by=asker,
            handler_id=handler,
            concerns=[],
            asked_at=now,
        )
    )
    session.flush()
    said = "We could not agree on how often to meet. Could you talk with us?"
    session.add(EscalationMessage(escalation_id=case_id, by_id=asker, text=said, at=now))
    session.flush()
    return case_id


def _an_open_cycle(session: Session, like: Programme, now: datetime) -> str:
    """A programme to sign up for; if there is none, one under the same policy. Its address."""
    found = session.scalars(
        select(Programme.slug)
        .join(Cycle, Cycle.programme_id == Programme.id)
        .where(Cycle.state == CycleState.OPEN.value)
    ).first()
    if found is not None:
        return found
    policy = Policy.from_data(present_policy(session, like.id).data)
    slug = f"to-sign-up-{uuid4().hex[:8]}"
    programme_id = programmes.create(
        session, name="Mentoring for everyone", slug=slug, policy=policy, topics=like.topics, by=None, now=now
    )
    today = now.date()
    cycle_id = cycles.create(
        session,
        programme_id=programme_id,
        name="The next cycle",
        opens_on=today,
        closes_on=today + timedelta(days=20),
        starts_on=today + timedelta(days=35),
        ends_on=today + timedelta(days=200),
        by=None,
        now=now,
    )
    cycles.open_(session, cycle_id=cycle_id, by=None, now=now)
    return slug


def _files(session: Session, cycle_id: UUID, organiser: UUID, content: bytes, now: datetime) -> UUID:
    """A file of people that was handed in, and how it is to be read."""
    file = SourceFile(name="people.csv", data=content)
    first = uploads.keep(session, [file], cycle_id=cycle_id, person_id=organiser, now=now)
    fields = {"email": {"column": "email"}, "name": {"column": "name"}}
    how = {"version": 1, "title": "people", "fields": fields, "ignore_unknown": True}
    uploads.choose(session, first, how=how, full=False)
    return first


def _a_check_in(session: Session, cycle_id: UUID, person_id: UUID, now: datetime) -> str:
    number = 1 + len(session.scalars(select(CheckIn.id).where(CheckIn.cycle_id == cycle_id)).all())
    row = CheckIn(cycle_id=cycle_id, number=number, opens_at=now, closes_at=now + timedelta(days=7))
    session.add(row)
    session.flush()
    token = uuid4().hex
    hashed = hashlib.sha256(token.encode()).hexdigest()
    session.add(CheckInInvitation(check_in_id=row.id, person_id=person_id, token_hash=hashed))
    session.flush()
    return token


def _a_begun_form(session: Session, slug: str, person: UUID, now: datetime) -> None:
    """A form somebody has filled in and not sent, so that there is something to look over."""
    cycle_id = session.scalars(
        select(Cycle.id)
        .join(Programme, Programme.id == Cycle.programme_id)
        .where(Programme.slug == slug, Cycle.state == CycleState.OPEN.value)
    ).one()
    texts = {
        "roles": ["mentee", "peer"],
        "mentors_wanted": ["1"],
        "topics_sought": ["Speaking up"],
        "topics_sought_own": ["Bread baking"],
        "goals": ["To lead a small team without losing the craft."],
        "name": ["Robin Example"],
        "function": ["Operations"],
        "site": ["Leeds"],
        "zone": ["Europe/London"],
        "languages": ["English"],
        "hours": ["0-0900-60", "0-1000-60", "2-1400-60"],
    }
    form_drafts.keep(
        session,
        cycle_id=cycle_id,
        person_id=person,
        typed=Typed(texts=texts, window="places"),
        seen=0,
        sent=None,
        now=now,
    )
