"""Somebody of whom every table knows something, in a published cycle."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from matcher.domain.people import Role
from matcher.domain.policy.policy import CircleFormat
from matcher.mail.links import Links
from matcher.services.account import sign_in
from matcher.services.programme import programmes
from matcher.services.publishing import publication
from matcher.store.organiser_tables import ManualChange, Repair, Upload
from matcher.store.participant_tables import (
    CalendarFeed,
    CheckIn,
    CheckInInvitation,
    Consent,
    DutyOffer,
    Escalation,
    EscalationMessage,
    FormDraft,
    GoalRow,
    GoalStep,
    PrivateNote,
)
from matcher.store.safety_tables import BlockedPair
from matcher.store.tables import CircleMember, Cycle, Draft, Duty, Pair, SignInToken
from tests.builders import NOON, a_policy, enrolled, reviewed, stored

LINKS = Links(base_url="https://match.example.org")
POLICY = a_policy(rules=("same_person", "not_blocked", "no_repeat"), circles=CircleFormat())
MARK = "wandas-own-words"
UPLOAD = UUID("00000000-0000-4000-8000-000000000077")
WANDA = "Wanda Wellworth"
ADDRESS = "wanda.wellworth@example.org"


@dataclass(frozen=True, kw_only=True)
class Known:
    """Wanda, her mentee, somebody of her circle, the organiser, the handler, and where it happened."""

    wanda: UUID
    mentee: UUID
    neighbour: UUID
    organiser: UUID
    handler: UUID
    programme_id: UUID
    cycle_id: UUID
    sessions: sessionmaker[Session]


def a_small_company(session: Session, cycle: UUID) -> None:
    """Wanda mentors and sits in a circle; two mentees; five more peers. All named her or were named."""
    neighbour = enrolled(session, cycle, Role.PEER, name="Nora Neighbour", ref=20)
    wanda = enrolled(
        session,
        cycle,
        Role.MENTOR,
        Role.PEER,
        name=WANDA,
        ref=1,
        goals=MARK,
        identity_wish=MARK,
        not_with=(neighbour,),
    )
    enrolled(session, cycle, Role.MENTEE, name="Mira Mentee", ref=10, wishes=(wanda,))
    enrolled(session, cycle, Role.MENTEE, name="Ulla Unlucky", ref=11, not_with=(wanda,))
    for number in range(5):
        enrolled(session, cycle, Role.PEER, name=f"Peer {number}", ref=30 + number)


def everywhere(open_session: sessionmaker[Session]) -> Known:
    """Publish the cycle and let Wanda leave a trace in each table."""
    draft_id = reviewed(open_session, a_small_company, policy=POLICY)
    with open_session.begin() as session:
        draft = session.get_one(Draft, draft_id)
        organiser, handler = stored(session, "Ola Organiser"), stored(session, "Hanna Handler")
        programme_id = session.get_one(Cycle, draft.cycle_id).programme_id
        for person in (organiser, handler):
            programmes.add_organiser(session, programme_id=programme_id, person_id=person, by=None, now=NOON)
        publication.publish(
            session, draft_id=draft_id, seen_hash=draft.hash, by=organiser, now=NOON, links=LINKS
        )
        known = Known(
            wanda=_named(session, ADDRESS),
            mentee=_named(session, "mira.mentee@example.org"),
            neighbour=_named(session, "nora.neighbour@example.org"),
            organiser=organiser,
            handler=handler,
            programme_id=programme_id,
            cycle_id=draft.cycle_id,
            sessions=open_session,
        )
        session.add_all(_traces(session, known))
        session.flush()
        programmes.add_organiser(
            session, programme_id=programme_id, person_id=known.wanda, by=organiser, now=NOON
        )
    with open_session.begin() as session:
        token = sign_in.give(session, person_id=known.wanda, now=NOON)
        sign_in.redeem(session, token=token, now=NOON, device="Firefox · Linux")
        sign_in.ask(session, email=ADDRESS, origin="::1", now=NOON, secret="a secret", links=LINKS)
    return known


def _named(session: Session, email: str) -> UUID:
    from matcher.services.account import people

    return people.by_addresses(session, [email])[email]


def _traces(session: Session, known: Known) -> list[Any]:
    wanda, cycle_id = known.wanda, known.cycle_id
    pair = session.scalars(select(Pair).where(Pair.mentor_id == wanda)).first()
    assert pair is not None
    circle = session.scalars(select(CircleMember.circle_id).where(CircleMember.person_id == wanda)).first()
    duty = session.scalars(select(Duty).where(Duty.circle_id == circle, Duty.person_id == wanda)).first()
    goal, shared = uuid4(), uuid4()
    check_in, request, token = uuid4(), uuid4(), uuid4().hex
    first, second = sorted((wanda, known.neighbour))
    session.add(CheckIn(id=check_in, cycle_id=cycle_id, number=1, opens_at=NOON, closes_at=NOON))
    session.add(GoalRow(id=goal, pair_id=pair.id, text=MARK, made_by=wanda, made_at=NOON))
    session.add(GoalRow(id=shared, circle_id=circle, text="Listen well", made_by=wanda, made_at=NOON))
    session.add(
        Escalation(
            id=request,
            programme_id=known.programme_id,
            cycle_id=cycle_id,
            asked_by=wanda,
            handler_id=known.handler,
            concerns=[str(known.neighbour)],
            asked_at=NOON,
        )
    )
    session.flush()
    traces: list[Any] = [
        GoalStep(goal_id=goal, place=0, text=MARK, done_at=NOON, done_by=wanda),
        GoalStep(goal_id=shared, place=0, text="Ask first", done_at=NOON, done_by=wanda),
        PrivateNote(person_id=wanda, pair_id=pair.id, text=MARK, changed_at=NOON),
        FormDraft(cycle_id=cycle_id, person_id=wanda, typed={"goals": [MARK]}, saved_at=NOON),
        Consent(cycle_id=cycle_id, person_id=wanda, purpose="identity", given_at=NOON),
        CalendarFeed(person_id=wanda, token_hash=token, made_at=NOON),
        CheckInInvitation(check_in_id=check_in, person_id=wanda, token_hash=token),
        EscalationMessage(escalation_id=request, by_id=wanda, text=MARK, at=NOON),
        EscalationMessage(escalation_id=request, by_id=known.handler, text=f"About {MARK}", at=NOON),
        BlockedPair(first_id=first, second_id=second, made_at=NOON),
        Upload(
            id=UPLOAD,
            cycle_id=cycle_id,
            person_id=wanda,
            name="people.csv",
            content=MARK.encode(),
            mapping={"place": 0, "first": str(UPLOAD), "earlier_pairs": False},
            sent_at=NOON,
        ),
        ManualChange(
            cycle_id=cycle_id,
            number=1,
            kind="pin",
            data={"couples": [[str(known.mentee), str(wanda)]]},
            reason="They asked for it",
            made_by=known.organiser,
            made_at=NOON,
        ),
        Repair(
            cycle_id=cycle_id,
            number=1,
            cause={"left": [str(wanda)], ADDRESS: MARK},
            plan={},
            hash="",
            asked_at=NOON,
            asked_by=wanda,
        ),
        SignInToken(
            address_hash=sign_in.address_hash(ADDRESS),
            origin_hash="",
            token_hash=token,
            code_hash="",
            asked_at=NOON,
            expires_at=NOON + timedelta(minutes=10),
        ),
    ]
    if duty is not None:
        traces.append(DutyOffer(duty_id=duty.id, offered_by=wanda, offered_at=NOON))
    return traces
