"""Enrolment: somebody signs up for one cycle, changes the answers, pauses or leaves."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from matcher.domain.access import may_answer_for
from matcher.domain.errors import Invalid, NotAllowed, NotFound, Problem, WrongState
from matcher.domain.lifecycle import CycleState, words
from matcher.domain.people import Answers, Enrolment, EnrolmentState
from matcher.domain.sentences import say
from matcher.services import audit
from matcher.store.rows import AS_IT_IS, TO_CHANGE, people_by_id, standing
from matcher.store.tables import Cycle, EnrolmentRow, NotWith, PersonRow, Wish

REFS = 63
"""Bits of the number by which the solver knows somebody."""


def enrol(
    session: Session,
    *,
    cycle_id: UUID,
    person_id: UUID,
    answers: Answers,
    by: UUID | None,
    now: datetime,
    ref: int | None = None,
) -> UUID:
    """Sign somebody up for an open cycle, or replace their answers; the enrolment's id.

    `ref` is chance as an argument. Raises WrongState when the cycle takes no answers, Invalid for wishes
    that name the person or nobody, NotAllowed and NotFound.
    """
    cycle, person = _both(session, cycle_id, person_id, by)
    if cycle.state != CycleState.OPEN:
        raise WrongState(
            say(
                "“{cycle}” is {state} and takes no answers. Nothing was stored.",
                cycle=cycle.name,
                state=words(CycleState(cycle.state)),
            )
        )
    if not person.active:
        raise NotAllowed(say("This account is closed. Ask an organiser to open it again."))
    _refuse_unknown(session, person_id, answers)
    row = _row(session, cycle_id, person_id)
    act = "answers changed" if row else "enrolled"
    if row is None:
        row = EnrolmentRow(
            cycle_id=cycle_id,
            person_id=person_id,
            answers=answers.to_data(),
            ref=secrets.randbits(REFS) if ref is None else ref,
            enrolled_at=now,
            changed_at=now,
        )
        session.add(row)
    else:
        row.answers, row.state = answers.to_data(), EnrolmentState.ACTIVE.value
        row.version, row.changed_at = row.version + 1, now
    session.flush()
    _replace_named(session, cycle_id, person_id, answers)
    audit.append(session, act=act, about=row.id, by=by, now=now, payload={"version": row.version})
    return row.id


def pause(session: Session, *, cycle_id: UUID, person_id: UUID, by: UUID | None, now: datetime) -> None:
    """Keep the answers, but sit this cycle out."""
    _set_state(session, cycle_id, person_id, EnrolmentState.PAUSED, by=by, now=now)


def leave(session: Session, *, cycle_id: UUID, person_id: UUID, by: UUID | None, now: datetime) -> None:
    """Leave the cycle, without giving a reason, whatever its state."""
    _set_state(session, cycle_id, person_id, EnrolmentState.LEFT, by=by, now=now)


def resume(session: Session, *, cycle_id: UUID, person_id: UUID, by: UUID | None, now: datetime) -> None:
    """Take part again after a pause or after leaving, with the answers as they were."""
    _set_state(session, cycle_id, person_id, EnrolmentState.ACTIVE, by=by, now=now)


def of(session: Session, cycle_id: UUID, person_id: UUID) -> Enrolment | None:
    """The enrolment with its answers, or None."""
    row = _row(session, cycle_id, person_id)
    if row is None:
        return None
    wishes = select(Wish.other_id).where(Wish.cycle_id == cycle_id, Wish.person_id == person_id)
    not_with = select(NotWith.other_id).where(NotWith.cycle_id == cycle_id, NotWith.person_id == person_id)
    answers = Answers.from_data(
        row.answers,
        wishes=tuple(session.scalars(wishes.order_by(Wish.place))),
        not_with=tuple(session.scalars(not_with.order_by(NotWith.other_id))),
    )
    return Enrolment(
        id=row.id,
        cycle_id=cycle_id,
        person_id=person_id,
        state=EnrolmentState(row.state),
        answers=answers,
        ref=row.ref,
    )


def _both(session: Session, cycle_id: UUID, person_id: UUID, by: UUID | None) -> tuple[Cycle, PersonRow]:
    # The cycle cannot be closed, nor the same person sign up twice at once, before this is committed.
    cycle = session.get(Cycle, cycle_id, with_for_update=AS_IT_IS, populate_existing=True)
    person = session.get(PersonRow, person_id, with_for_update=TO_CHANGE, populate_existing=True)
    if cycle is None or person is None:
        raise NotFound(say("There is no such cycle or person."))
    if by != person_id and not may_answer_for(
        standing(session, programme_id=cycle.programme_id, person_id=by), person_id
    ):
        raise NotFound(say("There is no such cycle or person."))
    return cycle, person


def _row(session: Session, cycle_id: UUID, person_id: UUID) -> EnrolmentRow | None:
    found = select(EnrolmentRow).where(EnrolmentRow.cycle_id == cycle_id, EnrolmentRow.person_id == person_id)
    return session.scalars(found.with_for_update()).first()


def _refuse_unknown(session: Session, person_id: UUID, answers: Answers) -> None:
    named = {*answers.wishes, *answers.not_with}
    known = people_by_id(session, named) if named else {}
    problems = []
    for field, others in (("wishes", answers.wishes), ("not_with", answers.not_with)):
        for place, other in enumerate(others):
            if other == person_id:
                said = say("You cannot name yourself.")
            elif other in others[:place]:
                said = say("This person is named twice.")
            elif other not in known:
                said = say("There is no such person.")
            elif field == "wishes" and other in answers.not_with:
                said = say("This person is in your wishes and in “not with”.")
            else:
                continue
            problems.append(Problem(pointer=f"/{field}/{place}", sentence=said))
    if problems:
        raise Invalid(tuple(problems))


def _replace_named(session: Session, cycle_id: UUID, person_id: UUID, answers: Answers) -> None:
    for table in (Wish, NotWith):
        session.execute(delete(table).where(table.cycle_id == cycle_id, table.person_id == person_id))
    session.add_all(_named(cycle_id, person_id, answers))
    session.flush()


def _named(cycle_id: UUID, person_id: UUID, answers: Answers) -> Iterable[Wish | NotWith]:
    for place, other in enumerate(answers.wishes):
        yield Wish(cycle_id=cycle_id, person_id=person_id, other_id=other, place=place)
    for other in answers.not_with:
        yield NotWith(cycle_id=cycle_id, person_id=person_id, other_id=other)


def _set_state(
    session: Session,
    cycle_id: UUID,
    person_id: UUID,
    state: EnrolmentState,
    *,
    by: UUID | None,
    now: datetime,
) -> None:
    _both(session, cycle_id, person_id, by)
    row = _row(session, cycle_id, person_id)
    if row is None:
        raise NotFound(say("You have not signed up for this cycle."))
    if row.state == state:
        return
    row.state, row.version, row.changed_at = state.value, row.version + 1, now
    session.flush()
    audit.append(session, act=f"enrolment {state}", about=row.id, by=by, now=now)
